# The documents say what is so.
lint_test(events tools/check-events)
lint_test(docs tools/check-docs $<TARGET_FILE:teesheet>)
