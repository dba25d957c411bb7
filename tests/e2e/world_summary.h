/*
 * world_summary.h: reading a sweep's JSON summary, and whether figures of memory mean anything.
 */
#ifndef TS_TESTS_E2E_WORLD_SUMMARY_H
#define TS_TESTS_E2E_WORLD_SUMMARY_H

#include <stdbool.h>

/* The number after the first "NAME": of a JSON summary; fails the test if there is none. */
long long world_summary_number(const char *summary, const char *name);

/* A sanitizer's own memory is part of the process: peak RSS says nothing. */
bool world_is_sanitized(void);

#endif
