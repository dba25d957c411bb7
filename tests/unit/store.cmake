teesheet_test(test_store unit SOURCES test_store.c LINK ts_store)
