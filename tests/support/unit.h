/*
 * unit.h: cmocka with what it needs before it, in the order that clang-format would change.
 */
#ifndef TS_SUPPORT_UNIT_H
#define TS_SUPPORT_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
