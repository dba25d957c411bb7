# Bad replies, bad input, and the memory budget.

e2e_test(hostile sqlite)
