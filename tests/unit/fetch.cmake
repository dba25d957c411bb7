# base/loop and fetch
teesheet_test(test_loop unit SOURCES test_loop.c LINK ts_base)
teesheet_test(test_fetch_parts unit SOURCES test_fetch_parts.c LINK ts_fetch)
