/*
 * str.h: a borrowed view of text: pointer and length, never owning, not NUL-terminated.
 *
 * A view is valid until its owner's next mutation or reset; nobody stores one beyond that.
 * Numbers are read here, strictly: the whole text must be the number, overflow is refused.
 */
#ifndef TS_BASE_STR_H
#define TS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

struct str {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

/* For printf("%.*s"). */
#define STR_ARGS(view) (int)(view).len, (view).ptr ? (view).ptr : ""

static inline struct str str_of(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}

bool str_equal(struct str a, struct str b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII only */
int str_compare(struct str a, struct str b);
bool str_has_prefix(struct str text, struct str prefix);
bool str_contains_nocase(struct str text, struct str needle); /* ASCII only */

/* The bytes of the UTF-8 character at the front of text; 0: it is not valid (RFC 3629). */
size_t str_utf8_len(struct str text);

/* 8-4-4-4-12 hexadecimal digits. */
bool str_is_uuid(struct str text);

/* Without white space (ASCII) at both ends. */
struct str str_trim(struct str text);

/* Cuts the part before the first `separator` off the front of *rest (all of it, if there is
 * none) into *ret_part; false when *rest was used up. "a,,b" gives "a", "", "b"; "a," gives
 * "a"; "" gives nothing. */
bool str_split(struct str *rest, char separator, struct str *ret_part);

/* The whole text as a decimal number within [min, max]; a leading '-' is allowed, '+' and
 * blanks are not. */
TS_MUST_USE bool str_to_i64(struct str text, int64_t min, int64_t max, int64_t *ret_value);

/* A finite decimal fraction ("-79.38", "1e3" refused), for coordinates. */
TS_MUST_USE bool str_to_double(struct str text, double *ret_value);

/* "06:30" or "6:30" as minutes after midnight, 0..1439. */
TS_MUST_USE bool str_to_minute(struct str text, uint16_t *ret_minute);

/* A duration with its unit ("250ms", "2.5s", "20m", "6h", "14d"; "0" alone too) in µs. */
TS_MUST_USE bool str_to_duration(struct str text, int64_t *ret_us);

/* A size ("64M", "512K", "1G", "67108864") in bytes; units are powers of 1024. */
TS_MUST_USE bool str_to_bytes(struct str text, uint64_t *ret_bytes);

/* A decimal number in whole currency units, as JSON writes it or as a price is printed ("52.7",
 * "5e1", "15.5464", "1234"), in hundredths, rounded half up, without going through binary
 * floating point. Refuses negative values, exponents beyond ±9, and values of 10 million units
 * and above. */
TS_MUST_USE bool str_to_cents(struct str text, int32_t *ret_cents);

#endif
