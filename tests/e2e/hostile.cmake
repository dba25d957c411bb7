# Bad replies, bad input, and the memory budget.
e2e_test(hostile sqlite)
e2e_test(errors sqlite postgres)
e2e_test(budget sqlite postgres)
set_tests_properties(e2e_budget_sqlite e2e_budget_postgres PROPERTIES LABELS budget)
