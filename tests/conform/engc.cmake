teesheet_test(test_engine_cps conform SOURCES test_engine_cps.c LINK ts_conform)
teesheet_test(test_engine_quick18 conform SOURCES test_engine_quick18.c LINK ts_conform)
