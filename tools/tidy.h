/*
 * tidy.h: what gcc's analyzer and clang-tidy are told besides the sources (tools/check-tidy):
 * that error_set returns the code it is given, which is never OK. Without it every success
 * output looks unset to them.
 */
#include "../src/base/err.h"
#define error_set(reterr, code, ...)                                                           \
    ((void)error_set(reterr, code, __VA_ARGS__), (ts_err)(code))
