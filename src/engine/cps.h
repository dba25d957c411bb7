/*
 * cps.h: CPS Golf (Club Prophet): what the adapter's files share. Private to the adapter.
 *
 * A conversation goes through stages, each there because something is missing yet: the token
 * (v5) or api key (v4), the tenant's courses, a registered transaction; then the list of slots.
 * cps_request.c writes requests, cps_parse.c and cps_list.c read replies, cps_slot.c slots.
 */
#ifndef TS_ENGINE_CPS_H
#define TS_ENGINE_CPS_H

#include "engine/adapter.h"
#include "engine/check.h"

/* The attribute table's order. */
enum {
    CPS_SUBDOMAIN,
    CPS_WEBSITE_ID,
    CPS_SITE_ID,
    CPS_COURSE_IDS,
    CPS_TERMINAL_ID,
    CPS_API,
    CPS_AUTH_TYPE,
    CPS_ATTRIBUTES
};

#define CPS_UUID_LEN         36
#define CPS_COURSE_IDS_MAX   16 /* of a row */
#define CPS_COURSES_MAX      64 /* of a tenant */
#define CPS_CREDENTIAL_BYTES 2048
#define CPS_NO_WEBSITE       "00000000-0000-0000-0000-000000000000"
/* A slot has 1.5 to 2.5 KB, a course up to 90 a day: six courses and more. */
#define CPS_LIST_CAP_BYTES (1536u * 1024)

/* What is kept between the tasks of a tenant. */
struct cps_tenant {
    uint8_t generation;   /* 4 or 5; 0: not known yet */
    bool registers;       /* v4: lists want a registered transaction */
    bool cannot_register; /* it has no such route: lists go without a transaction */
    bool has_courses;     /* they were looked up */
    int64_t valid_until;  /* Unix seconds: the credential's end */
    int64_t site_id;
    uint32_t courses_count;
    int64_t courses[CPS_COURSES_MAX]; /* ids, active ones only */
    char website_id[CPS_UUID_LEN + 1];
    char credential[CPS_CREDENTIAL_BYTES]; /* v5: token, v4: api key; '' = none */
};

/* What the task keeps between its requests. */
struct cps_state {
    bool is_registered;
    uint8_t registrations; /* transactions that were refused */
    uint8_t renewals;      /* credentials that were refused */
    uint8_t empties;       /* lists that said that nothing is open */
};

/* What is to be asked next; a reply is read by task->asked. */
enum cps_stage { CPS_TOKEN, CPS_CONFIGURATION, CPS_COURSES, CPS_REGISTER, CPS_LIST };
enum cps_stage cps_stage(const struct engine_task *task);

static inline struct cps_tenant *cps_tenant(const struct engine_task *task)
{
    return task->tenant;
}

static inline struct cps_state *cps_state(struct engine_task *task)
{
    return (struct cps_state *)(void *)task->state;
}

/* Whether the row says "v4" or "v5". */
bool cps_row_is(const struct course *course, struct str generation);

/* Whether the rows lack ids, so that lists cannot be asked for without a look-up. */
bool cps_lacks_ids(const struct engine_task *task);

/* The websiteId that the rows agree on; empty: they do not, or give none. */
struct str cps_rows_website(const struct engine_task *task);

bool cps_row_has_course(const struct course *course, int64_t id);

enum cps_hole_counts { CPS_NINE, CPS_EIGHTEEN, CPS_HOLE_COUNTS };

/* The best rate of a slot for one hole count, and what a cart costs beside it. */
struct cps_rate {
    bool is_sold, is_reduced;
    uint8_t basis; /* enum price_basis */
    int32_t price_cents, cart_cents;
    char name[ENGINE_TEXT_MAX + 1];
};

struct cps_slot {
    int64_t tee_sheet_id, course_id;
    int32_t date;
    uint16_t minute;
    uint8_t starting_tee, holes, default_holes; /* 0: not said */
    uint8_t players_min, players_max, seats;    /* bit set of the free ones */
    bool has_seats, is_9_only, is_18_only, is_9_disabled, is_18_disabled, is_single_barred;
    char course_name[ENGINE_TEXT_MAX + 1], holes_display[ENGINE_TEXT_MAX + 1];
    struct cps_rate rates[CPS_HOLE_COUNTS];
};

/* A field's read function: a slot's shItemPrices into its rates. */
bool cps_read_items(struct json *json, void *into);
/* Reads the next value, a slot of this date. False: it cannot be read, for ret_fault. */
bool cps_read_slot(struct json *json, int32_t date, struct cps_slot *ret_slot,
                   struct engine_fault *ret_fault);

/* Adds the slot to a row's sheet: a tee time per hole count sold, none when no seat is free.
 * False: the arena is full. */
TS_MUST_USE bool cps_add_slot(struct engine_task *task, uint32_t row,
                              const struct cps_slot *slot);

ts_err cps_request(const struct engine_task *task, struct buf *scratch,
                   struct http_request *ret_request);
enum engine_verdict cps_parse_list(struct engine_task *task, const struct http_reply *reply,
                                   struct engine_result *result);
enum engine_verdict cps_parse(struct engine_task *task, const struct http_reply *reply,
                              struct engine_result *result);

#endif
