# a sweep's trace and its picture
teesheet_test(test_plot unit SOURCES test_plot.c LINK ts_view)
