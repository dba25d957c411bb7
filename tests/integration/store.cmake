# The contract that every store keeps, for the backends' tests to link.
add_library(ts_store_contract STATIC
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_upsert.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_guard.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_read.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_search.c)
target_include_directories(ts_store_contract PUBLIC ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(ts_store_contract PUBLIC ts_store PkgConfig::CMOCKA)

foreach(test test_store_sqlite test_store_sqlite_faults)
  teesheet_test(${test} integration SOURCES ${test}.c ${CMAKE_SOURCE_DIR}/tests/support/sqlite_file.c
                LINK ts_store_contract SQLite::SQLite3)
endforeach()
