teesheet_test(test_url unit SOURCES test_url.c LINK ts_base)
teesheet_test(test_booking_links unit SOURCES test_booking_links.c LINK ts_engine ts_domain ts_base)
