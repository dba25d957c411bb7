# fetch against the fake engine, which others link as ts_fake_engine
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
add_library(ts_fake_engine STATIC ../support/fake_engine.c ../support/fake_reply.c
                                  ../support/fake_wire.c)
target_include_directories(ts_fake_engine PUBLIC ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(ts_fake_engine PUBLIC ts_base OpenSSL::SSL ZLIB::ZLIB Threads::Threads)

teesheet_test(test_fetch integration SOURCES test_fetch.c fetch_harness.c
              LINK ts_fetch ts_fake_engine)
teesheet_test(test_fetch_slots integration SOURCES test_fetch_slots.c fetch_harness.c
              LINK ts_fetch ts_fake_engine)
teesheet_test(test_fetch_tls integration SOURCES test_fetch_tls.c fetch_harness.c
              LINK ts_fetch ts_fake_engine)
