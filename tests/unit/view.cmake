teesheet_test(test_opt unit SOURCES test_opt.c LINK ts_base)
teesheet_test(test_log unit SOURCES test_log.c LINK ts_base PkgConfig::JANSSON)
teesheet_test(test_table unit SOURCES test_table.c LINK ts_view PkgConfig::JANSSON)
teesheet_test(test_summary unit SOURCES test_summary.c LINK ts_view PkgConfig::JANSSON)
