# engines whose replies are tried one by one
add_library(ts_fuzz_engine STATIC ${CMAKE_SOURCE_DIR}/tests/support/fuzz_engine.c)
target_include_directories(ts_fuzz_engine PUBLIC ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(ts_fuzz_engine PUBLIC ts_engine ts_domain ts_base)
teesheet_fuzz(engine_foreup LINK ts_fuzz_engine ts_engine ts_domain)
teesheet_fuzz(engine_golfback LINK ts_fuzz_engine ts_engine ts_domain)
teesheet_fuzz(engine_membersports LINK ts_fuzz_engine ts_engine ts_domain)
