# What the program gives away, and whom it follows.
e2e_test(security sqlite postgres)
target_link_libraries(e2e_security PRIVATE ts_fake_engine)
