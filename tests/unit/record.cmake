teesheet_test(test_shape unit SOURCES test_shape.c LINK ts_base)
teesheet_test(test_shape_book unit SOURCES test_shape_book.c LINK ts_host)
teesheet_test(test_observe unit SOURCES test_observe.c LINK ts_host)
