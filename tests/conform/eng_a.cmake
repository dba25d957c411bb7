teesheet_test(test_engine_checks conform SOURCES test_engine_checks.c LINK ts_conform)
