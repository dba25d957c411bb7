teesheet_test(test_html unit SOURCES test_html.c LINK ts_base)
