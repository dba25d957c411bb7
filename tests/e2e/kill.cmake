# What force, signals and other sweeps do to one.
e2e_test(kill sqlite postgres)
e2e_test(overlap postgres)
e2e_test(signals sqlite postgres)
target_link_libraries(e2e_signals PRIVATE ts_fake_engine)
