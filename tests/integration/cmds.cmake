# The reading subcommands, as programs, on a filled store.
teesheet_test(test_cmd_read integration
  SOURCES test_cmd_read.c read_store.c read_harness.c ${CMAKE_SOURCE_DIR}/tests/support/process.c ${CMAKE_SOURCE_DIR}/tests/support/pg_server.c
  LINK ts_store PkgConfig::JANSSON)
add_dependencies(test_cmd_read teesheet)
teesheet_postgres_test(test_cmd_read postgres)
