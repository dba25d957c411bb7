# The contract that every store keeps, for the backends' tests to link.
add_library(ts_store_contract STATIC
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_upsert.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_guard.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_read.c
  ${CMAKE_SOURCE_DIR}/tests/support/store_contract_search.c)
target_include_directories(ts_store_contract PUBLIC ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(ts_store_contract PUBLIC ts_store PkgConfig::CMOCKA)

teesheet_test(test_store_sqlite integration SOURCES test_store_sqlite.c LINK ts_store_contract SQLite::SQLite3)
