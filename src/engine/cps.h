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
enum cps_stage {
    CPS_TOKEN,
    CPS_CONFIGURATION,
    CPS_COURSES,
    CPS_REGISTER,
    CPS_LIST,
    CPS_RULES, /* of a resolution only */
};
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

/* The courses of all rows, and all of the tenant's when a row stands for all; each once. */
void cps_put_courses(const struct engine_task *task, struct buf *out);

/* The request of a stage, and that of the stage which is next. */
ts_err cps_write(const struct engine_task *task, enum cps_stage stage, struct buf *scratch,
                 struct http_request *ret_request);
ts_err cps_request(const struct engine_task *task, struct buf *scratch,
                   struct http_request *ret_request);
enum engine_verdict cps_parse_list(struct engine_task *task, const struct http_reply *reply,
                                   struct engine_result *result);
enum engine_verdict cps_parse(struct engine_task *task, const struct http_reply *reply,
                              struct engine_result *result);

#endif
