teesheet_test(test_teesnap conform SOURCES test_teesnap.c LINK ts_conform)
