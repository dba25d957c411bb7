# base/day and catalogue
teesheet_test(test_day unit SOURCES test_day.c LINK ts_base)
teesheet_test(test_catalogue unit SOURCES test_catalogue.c LINK ts_catalogue)
