# Bad replies, bad input, and the memory budget.
target_sources(ts_world PRIVATE world_summary.c)

e2e_test(hostile sqlite)
