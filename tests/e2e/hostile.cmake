# Bad replies, bad input, and the memory budget.

e2e_test(hostile sqlite)
e2e_test(errors sqlite postgres)
