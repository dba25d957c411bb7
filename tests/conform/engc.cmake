teesheet_test(test_engine_cps conform SOURCES test_engine_cps.c LINK ts_conform)
