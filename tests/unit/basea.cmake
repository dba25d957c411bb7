teesheet_test(test_str unit SOURCES test_str.c LINK ts_base)
teesheet_test(test_buf unit SOURCES test_buf.c LINK ts_base)
teesheet_test(test_sort unit SOURCES test_sort.c LINK ts_base)
teesheet_test(test_arena unit SOURCES test_arena.c LINK ts_base)

# The JSON reader twice: with wide steps, and with the portable scanner that other processors get.
teesheet_test(test_json unit SOURCES test_json.c LINK ts_base)
set(base ${CMAKE_SOURCE_DIR}/src/base)
teesheet_test(test_json_portable unit
  SOURCES test_json.c ${base}/json.c ${base}/json_scan.c ${base}/json_text.c LINK ts_base)
target_compile_definitions(test_json_portable PRIVATE TS_JSON_PORTABLE)
teesheet_test(test_csv unit SOURCES test_csv.c LINK ts_base)
teesheet_test(test_domain unit SOURCES test_domain.c LINK ts_domain ts_base)
teesheet_test(test_batch unit SOURCES test_batch.c LINK ts_batch ts_domain ts_base)
teesheet_test(test_json_differential unit SOURCES test_json_differential.c jansson_peer.c LINK ts_base PkgConfig::JANSSON)
