teesheet_test(test_real_links integration SOURCES test_real_links.c LINK ts_catalogue ts_engine ts_domain ts_base)
