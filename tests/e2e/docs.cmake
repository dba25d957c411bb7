# The picture of a sweep's memory.
e2e_test(trace sqlite)
