/*
 * tee_sheet.h: one (course, play date) and what was observed: an outcome and, if it has any,
 * tee times.
 */
#ifndef TS_DOMAIN_TEE_SHEET_H
#define TS_DOMAIN_TEE_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "domain/outcome.h"
#include "domain/tee_time.h"

struct zone;

struct tee_sheet {
    int64_t course_id;
    uint32_t course_index; /* in the catalogue of this run */
    int32_t play_date;     /* base/day date, course-local */
    enum outcome outcome;
    uint16_t http_status;    /* of the deciding reply; 0: none */
    uint8_t attempts;        /* conversations it took */
    bool second_look;        /* asked again because the first look was held */
    bool withheld;           /* not stored: its host was leased to another meanwhile */
    const char *detail;      /* why, for people; never NULL, NUL-terminated, borrowed */
    const char *currency;    /* ISO 4217, static or catalogue's */
    const struct zone *zone; /* of the course */
    int64_t checked_at;      /* Unix seconds: when the deciding reply came */
    uint64_t digest;         /* of the tee times; set by tee_sheet_seal */
    uint32_t unread_rows;    /* rows of the replies that could not be read: may be tee times */
    uint32_t tee_times_count;
    struct tee_time *tee_times; /* borrowed: arena of the task, later of the batch */
};

/* Sorts the tee times by identity, merges equal ones (party sizes united; the lowest public
 * price wins, with its basis, cart fee and rate name; the first ref stays), computes the digest
 * over everything stored but stamps, and sets the outcome open ↔ none_open by what is left: an
 * `open` sheet without tee times becomes `none_open`. Returns how many were merged away. Sheets
 * whose outcome is unknown lose their tee times. */
uint32_t tee_sheet_seal(struct tee_sheet *sheet);

/* Sort order of a batch: course_id, play_date. */
int tee_sheet_compare(const struct tee_sheet *a, const struct tee_sheet *b);

#endif
