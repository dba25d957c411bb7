/*
 * buf.h: text written into a fixed piece of memory. Never allocates, never overruns.
 *
 *        ptr                 ptr+len              ptr+cap
 *         | written, NUL after | free               |
 *
 * Writing more than fits sets the sticky flag `overflow` and drops the rest; check it once, at
 * the end. The text is NUL-terminated after each call (cap >= 1).
 */
#ifndef TS_BASE_BUF_H
#define TS_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct buf {
    char *ptr; /* the caller's */
    size_t len;
    size_t cap; /* the NUL included */
    bool overflow;
};

/* A buf over caller's storage, empty. */
struct buf buf_over(char *storage, size_t cap);

void buf_reset(struct buf *buf);
void buf_put(struct buf *buf, struct str text);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_put_i64(struct buf *buf, int64_t value);
void buf_put_u64(struct buf *buf, uint64_t value);
void buf_printf(struct buf *buf, const char *format, ...) TS_PRINTF(2, 3);

/* Percent-encodes all but RFC 3986's unreserved characters. */
void buf_put_url(struct buf *buf, struct str text);

/* `bytes` for people: "412 KiB", "15.1 MiB"; `count` with thousands separated: "4,000"; µs as
 * "2.5 s", "44 s", "2 min 5 s", "2 h 47 min", "3 d 4 h". */
void buf_put_size(struct buf *buf, uint64_t bytes);
void buf_put_count(struct buf *buf, uint64_t count);
void buf_put_duration(struct buf *buf, int64_t us);

/* Borrowed: valid until the next call on buf. */
struct str buf_view(const struct buf *buf);

#endif
