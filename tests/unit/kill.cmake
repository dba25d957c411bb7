teesheet_test(test_lease_holder unit SOURCES test_lease_holder.c LINK ts_host)
