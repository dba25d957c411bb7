# Tests on a real PostgreSQL. Fixture `postgres`: Unix socket, pgbouncer in front, its folder in
# TS_PG_DIR; fixture `postgres_tls`: 127.0.0.1 with TLS, TS_PG_TLS_DIR. Tests that use one declare
# FIXTURES_REQUIRED, the environment variable and RESOURCE_LOCK (some stop the server), as
# teesheet_postgres_test does; where PostgreSQL is not installed they say so and are skipped.
set(TS_PG_DIR ${CMAKE_BINARY_DIR}/postgres CACHE INTERNAL "")
set(TS_PG_TLS_DIR ${CMAKE_BINARY_DIR}/postgres_tls CACHE INTERNAL "")
foreach(fixture postgres postgres_tls)
  set(options pooler)
  if(fixture STREQUAL "postgres_tls")
    set(options tls)
  endif()
  add_test(NAME ${fixture}_start COMMAND ${CMAKE_SOURCE_DIR}/tests/support/pg_server.sh start ${CMAKE_BINARY_DIR}/${fixture} ${options})
  add_test(NAME ${fixture}_stop COMMAND ${CMAKE_SOURCE_DIR}/tests/support/pg_server.sh stop ${CMAKE_BINARY_DIR}/${fixture})
  set_tests_properties(${fixture}_start PROPERTIES FIXTURES_SETUP ${fixture} LABELS integration TIMEOUT 120)
  set_tests_properties(${fixture}_stop PROPERTIES FIXTURES_CLEANUP ${fixture} LABELS integration TIMEOUT 60)
endforeach()

function(teesheet_postgres_test name)
  set_tests_properties(${name} PROPERTIES
    FIXTURES_REQUIRED "postgres;postgres_tls" RESOURCE_LOCK postgres
    ENVIRONMENT "TS_PG_DIR=${TS_PG_DIR};TS_PG_TLS_DIR=${TS_PG_TLS_DIR}")
endfunction()

set(PG_SUPPORT ${CMAKE_SOURCE_DIR}/tests/support/pg_server.c ${CMAKE_SOURCE_DIR}/tests/support/pg_batch.c)

teesheet_test(test_postgres_faults integration SOURCES test_postgres_faults.c ${PG_SUPPORT} LINK ts_store)
teesheet_postgres_test(test_postgres_faults)

teesheet_test(test_store_postgres integration SOURCES test_store_postgres.c ${PG_SUPPORT} LINK ts_store_contract)
teesheet_postgres_test(test_store_postgres)

# No server needed.
teesheet_test(test_postgres_text integration SOURCES test_postgres_text.c LINK ts_store)
