teesheet_test(test_teeitup conform SOURCES test_teeitup.c LINK ts_conform)
