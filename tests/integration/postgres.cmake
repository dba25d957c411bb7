# Tests on a real PostgreSQL. Fixtures `postgres` and `postgres_e2e`: Unix socket, pgbouncer in front, two servers so that two
# tests can run at once; `postgres_tls`: 127.0.0.1 with TLS. Where PostgreSQL is not installed the tests say so and are skipped.
foreach(fixture postgres postgres_e2e postgres_tls)
  set(options pooler)
  if(fixture STREQUAL "postgres_tls")
    set(options tls)
  endif()
  add_test(NAME ${fixture}_start COMMAND ${CMAKE_SOURCE_DIR}/tests/support/pg_server.sh start ${CMAKE_BINARY_DIR}/${fixture} ${options})
  add_test(NAME ${fixture}_stop COMMAND ${CMAKE_SOURCE_DIR}/tests/support/pg_server.sh stop ${CMAKE_BINARY_DIR}/${fixture})
  set_tests_properties(${fixture}_start PROPERTIES FIXTURES_SETUP ${fixture} LABELS integration TIMEOUT 120)
  set_tests_properties(${fixture}_stop PROPERTIES FIXTURES_CLEANUP ${fixture} LABELS integration TIMEOUT 60)
endforeach()

# The test has the server (`postgres` or `postgres_e2e`) and the TLS one to itself; some stop them.
function(teesheet_postgres_test name server)
  set(locks ${server})
  if(server STREQUAL "postgres")
    list(APPEND locks postgres_tls)
  endif()
  set_tests_properties(${name} PROPERTIES
    FIXTURES_REQUIRED "${server};postgres_tls" RESOURCE_LOCK "${locks}"
    ENVIRONMENT "TS_PG_DIR=${CMAKE_BINARY_DIR}/${server};TS_PG_TLS_DIR=${CMAKE_BINARY_DIR}/postgres_tls")
endfunction()

set(PG_SUPPORT ${CMAKE_SOURCE_DIR}/tests/support/pg_server.c ${CMAKE_SOURCE_DIR}/tests/support/pg_batch.c)

teesheet_test(test_postgres_faults integration SOURCES test_postgres_faults.c ${PG_SUPPORT} LINK ts_store)
teesheet_postgres_test(test_postgres_faults postgres)

teesheet_test(test_store_postgres integration SOURCES test_store_postgres.c ${PG_SUPPORT} LINK ts_store_contract)
teesheet_postgres_test(test_store_postgres postgres)

# No server needed.
teesheet_test(test_postgres_text integration SOURCES test_postgres_text.c LINK ts_store)
