teesheet_test(test_courses e2e SOURCES test_courses.c LINK ts_base)
add_dependencies(test_courses teesheet)
