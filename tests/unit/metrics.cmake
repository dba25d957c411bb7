# the metrics of a sweep
teesheet_test(test_metrics unit SOURCES test_metrics.c LINK ts_view)
