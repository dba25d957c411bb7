/*
 * resolve.h: what an engine's public look-ups tell about a booking link: zones, windows, names,
 * and the courses of the same club. Pure functions, as those of engine.h.
 *
 * A resolution starts from the attributes of a link, which are those of its task's only course.
 * The caller alternates request() and parse(), at most RESOLVE_REQUESTS_MAX times, until parse
 * says RESOLVE_DONE or RESOLVE_FAILED. An engine is asked only what it lists: never for a range
 * of ids, and what it does not say stays unknown.
 */
#ifndef TS_ENGINE_RESOLVE_H
#define TS_ENGINE_RESOLVE_H

#include "engine/engine.h"

#define RESOLVE_REQUESTS_MAX    3
#define RESOLVE_COURSES_MAX     64
#define RESOLVE_TEXT_BYTES      97 /* engines' texts are cut to 96 */
#define RESOLVE_JSON_BYTES      640
#define RESOLVE_DETAIL_BYTES    200
#define RESOLVE_REPLY_CAP_BYTES (512u * 1024) /* the largest cap that request() asks for */

/* A course of the club, as a row of the catalogue will have it. */
struct resolve_course {
    char name[RESOLVE_TEXT_BYTES], club[RESOLVE_TEXT_BYTES]; /* '': not told */
    char city[RESOLVE_TEXT_BYTES], timezone[RESOLVE_TEXT_BYTES];
    char attributes_json[RESOLVE_JSON_BYTES];
    char url[RESOLVE_JSON_BYTES]; /* its booking link; '': the one that was given */
    int window_days;              /* -1: not told */
    int opens_minute;             /* -1: not told */
    int holes;                    /* 0: not told */
    bool is_named;                /* by the link; else the club has it besides */
};

struct resolution {
    struct engine_task *task; /* arena, key, tenant state, step and state as in a task */
    uint32_t courses_count;
    struct resolve_course courses[RESOLVE_COURSES_MAX];
    char detail[RESOLVE_DETAIL_BYTES]; /* why it failed, or what was not learnt; '': nothing */
};

enum resolve_verdict {
    RESOLVE_NEXT,   /* another request follows */
    RESOLVE_DONE,   /* `courses` are all that can be learnt */
    RESOLVE_FAILED, /* `detail` says why; `courses` are what was learnt before */
};

struct engine_resolver {
    /* Writes the next request. TS_ERR_NOT_FOUND: the link does not say what to ask about;
     * TS_ERR_FULL: scratch is too small. */
    ts_err (*request)(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request);
    /* Reads a reply that is whole and neither a refusal (403, 429, 5xx) nor a challenge. */
    enum resolve_verdict (*parse)(struct resolution *resolution,
                                  const struct http_reply *reply);
};

/* ---- For the adapters ---- */

/* An attribute of the link by its name; '' when not given. */
struct str resolve_attribute(const struct resolution *resolution, const char *name);

/* Another course, all of it unknown; NULL, said in `detail`: there are too many. */
struct resolve_course *resolve_add(struct resolution *resolution);

/* Sets the booking window, at most COURSE_WINDOW_MAX_DAYS; negative days leave it unknown. */
void resolve_set_window(struct resolve_course *course, int64_t days);

/* RESOLVE_FAILED with a reason. */
enum resolve_verdict resolve_failed(struct resolution *resolution, const char *reason);
/* The same, and the courses that were added are dropped: their list is damaged. */
enum resolve_verdict resolve_dropped(struct resolution *resolution, const char *reason);
/* The same with the reply's status and words as the reason. */
enum resolve_verdict resolve_refused(struct resolution *resolution,
                                     const struct http_reply *reply);

#endif
