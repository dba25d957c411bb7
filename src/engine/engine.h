/*
 * engine.h: a booking engine, as a table of facts and pure functions: no I/O, no clock, no
 * globals, no allocation outside the task's arena.
 *
 * A *task* is one conversation: the due courses of one tenant on one date. The caller
 * alternates request() and parse() until parse says ENGINE_DONE; each course of the task has
 * its tee sheet, which parse fills. A tee sheet that a finished task gave no outcome is
 * `unreadable` (the caller sees to it). Adding an engine: one new file, one line in
 * engines.def, one folder in tests/fixtures/.
 */
#ifndef TS_ENGINE_ENGINE_H
#define TS_ENGINE_ENGINE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/course.h"
#include "domain/http.h"
#include "domain/tee_sheet.h"

#define ENGINE_TASK_COURSES_MAX 16
#define ENGINE_TASK_STATE_BYTES 256
#define ENGINE_TENANT_BYTES_MAX 4096
#define ENGINE_SCRATCH_BYTES    8192 /* a scratch that fits every request */

enum engine_attr_type { ATTR_INT, ATTR_INT_LIST, ATTR_TEXT, ATTR_TEXT_LIST, ATTR_UUID_LIST };

/* One attribute of a catalogue row; in canonical text: decimals, comma-separated lists. */
struct engine_attr {
    const char *name;
    enum engine_attr_type type;
    bool identity; /* part of a derived id */
    const char *help;
};

struct engine_task {
    const struct engine *engine;
    const struct course *const *courses; /* of one tenant; borrowed from the catalogue */
    struct tee_sheet *sheets; /* one per course; parse fills outcome, detail, tee_times */
    uint32_t courses_count;
    int32_t play_date;
    struct arena *arena; /* the task's own; holds its tee times and details */
    uint8_t nonce[16];   /* random, for uuids */
    const char *key;     /* from TEESHEET_<ENGINE>_KEY; never NULL if engine->needs_key */
    void *tenant;        /* engine->tenant_state_bytes, zeroed at first; NULL if 0 */
    uint32_t step;       /* which request of the conversation; starts at 0; parse sets it */
    uint32_t restarts;   /* how often ENGINE_RESTART was answered */
    uint8_t asked;       /* the request's stage, for parse: `tenant` may have changed since */
    _Alignas(16) unsigned char state[ENGINE_TASK_STATE_BYTES]; /* the engine's; zeroed first */
};

enum engine_verdict {
    ENGINE_UNDECIDED, /* not the engine's to say: engine_common_outcome decides */
    ENGINE_DONE,      /* all is known */
    ENGINE_NEXT,      /* another request of this conversation follows (task->step) */
    ENGINE_RESTART,   /* once per task: from step 0, without tenant state and results */
    ENGINE_TRUNCATED, /* the reply ends too early: worth a retry, else unreadable */
};

struct engine_result {
    enum outcome outcome;  /* with DONE: for all sheets that have none yet; NONE: no say */
    const char *detail;    /* of `outcome`, or why TRUNCATED; static, in the arena, or NULL */
    uint32_t skipped_rows; /* tee times that could not be read */
    const char *skipped_field; /* the first one's field, static */
    size_t skipped_offset;     /* and byte offset */
    uint32_t tenant_ttl_s;     /* how long the tenant state written is good; 0: not written */
};

struct engine {
    const char *name;     /* "chronogolf": used in the catalogue, metrics, fixtures/ */
    const char *about;    /* one line for `teesheet engines` */
    const char *verified; /* "recordings" or "description": what its parser is checked by */
    const char *terms;    /* what robots.txt and terms ask, in one line */
    const char *host;     /* the usual host, for `teesheet engines` */
    const struct engine_attr *attrs;
    uint32_t attrs_count, max_parallel_per_host, min_gap_ms;
    uint32_t reply_cap_bytes;    /* the largest cap that request() asks for */
    uint32_t tenant_state_bytes; /* kept by the plan (LRU, one fetcher, the others wait) */
    bool needs_key; /* courses without the environment's key are misconfigured, not asked */
    /* Checks what the attribute table cannot say (either-or, formats). `course` has its
     * attributes. TS_ERR_CATALOGUE with the attribute's name and the reason. */
    ts_err (*check)(const struct course *course, struct error *reterr);
    /* May be NULL. True for a booking link of the engine's; writes what it tells as JSON, and
     * what it lacks ("NAMES: how to get them", static; NULL: nothing). */
    bool (*from_url)(struct str url, struct buf *attributes_json, const char **ret_lacks);
    /* The host of the course's requests ("www.chronogolf.com"), original, without port. */
    void (*host_of)(const struct course *course, struct buf *host);
    /* Courses of equal keys share one task per date. False: the course is its own tenant. */
    bool (*tenant_key)(const struct course *course, struct buf *key);
    /* How many requests a task of these courses should take: for the plan's bound. */
    uint32_t (*expected_requests)(const struct course *const *courses, uint32_t count);
    /* Writes the HTTP request of the task's current step; texts go to scratch. TS_ERR_FULL:
     * scratch is too small. */
    ts_err (*request)(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request);
    /* Reads the reply, whatever its end and status. *ret_result is zeroed by the caller.
     * UNDECIDED and TRUNCATED leave the task as it was: the step may be asked again. */
    enum engine_verdict (*parse)(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *ret_result);
    const struct engine_resolver *resolver; /* engine/resolve.h; NULL: nothing to look up */
};

extern const struct engine *const engines[];
extern const uint32_t engines_count;
/* The index of an engine by name, of an attribute in its engine's table; -1: none. */
int engine_find(struct str name);
int engine_attr_find(const struct engine *engine, struct str name);
const char *engine_attr_type_name(enum engine_attr_type type); /* "integers" */

/* The common rule for a reply left undecided, and for transfers without a reply. */
enum outcome engine_common_outcome(const struct http_reply *reply);
/* Whether asking again can help: 408, 429, 5xx, timeouts, lost connections, cut bodies. */
bool engine_reply_retryable(const struct http_reply *reply);
/* A challenge (cf-mitigated, or HTML with 403) stops the host for the sweep. */
bool engine_reply_is_challenge(const struct http_reply *reply);

#endif
