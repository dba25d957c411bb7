# The metrics of a sweep and their alerts.
e2e_test(metrics sqlite postgres)
