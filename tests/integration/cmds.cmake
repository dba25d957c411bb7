# The reading subcommands, as programs, on a filled store.
teesheet_test(test_cmd_read integration
  SOURCES test_cmd_read.c read_store.c ${CMAKE_SOURCE_DIR}/tests/support/process.c
  LINK ts_store PkgConfig::JANSSON)
add_dependencies(test_cmd_read teesheet)
