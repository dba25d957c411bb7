/* mandoc.h: manual pages through `mandoc -T lint`. */
#ifndef TS_TESTS_SUPPORT_MANDOC_H
#define TS_TESTS_SUPPORT_MANDOC_H

/* 0: clean; -1: there is no mandoc here; else its exit code, and it has said why. */
int mandoc_lint(const char *page);

#endif
