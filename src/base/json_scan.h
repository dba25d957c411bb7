/*
 * json_scan.h: finding the end of one JSON token; private to base/json*.c.
 *
 * Each function moves *at behind the token and answers JSON_OK; otherwise *at is left on the
 * byte that is wrong (JSON_SYNTAX, JSON_TOO_DEEP) or on `end` (JSON_TRUNCATED). No function
 * reads at or behind `end`, none keeps state.
 */
#ifndef TS_BASE_JSON_SCAN_H
#define TS_BASE_JSON_SCAN_H

#include "base/json.h"

const char *json_scan_space(const char *at, const char *end);

/* *at stands behind the opening quote; afterwards behind the closing one. Control characters
 * and bad escapes are refused; UTF-8 is not looked at. */
enum json_error json_scan_string(const char **at, const char *end);

enum json_error json_scan_number(const char **at, const char *end);
enum json_error json_scan_literal(const char **at, const char *end, struct str literal);

/* *at stands on '[' or '{'. Checks strings and that brackets match, `levels_max` deep at the
 * most; what stands between them is not looked at. */
enum json_error json_scan_container(const char **at, const char *end, unsigned levels_max);

/* The four hex digits at `at`, -1 if they are none. */
int json_scan_hex4(const char *at, const char *end);

#endif
