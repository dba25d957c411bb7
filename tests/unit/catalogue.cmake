# base/day and catalogue
teesheet_test(test_day unit SOURCES test_day.c LINK ts_base)
teesheet_test(test_catalogue unit SOURCES test_catalogue.c catalogue_harness.c LINK ts_catalogue)
teesheet_test(test_catalogue_courses unit SOURCES test_catalogue_courses.c catalogue_harness.c
  LINK ts_catalogue)
