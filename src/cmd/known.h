/*
 * known.h: the courses that a store knows, with their zones: what names on a command line may
 * mean, and where and when "today" is. Private to cmd/.
 */
#ifndef TS_CMD_KNOWN_H
#define TS_CMD_KNOWN_H

#include "base/day.h"
#include "base/opt.h"
#include "domain/course.h"
#include "store/store.h"

struct known_course {
    int64_t id;
    char *name, *region, *region_id; /* owned by struct known */
    const struct zone *zone;
    double latitude, longitude;
    struct course window; /* what plan/window.h reads of a course; the rest is empty */
    bool has_place, active;
};

struct known {
    struct known_course *courses; /* by id */
    struct zone **zones;
    uint32_t count, capacity, zones_count;
};

/* Owner: the caller, known_done (also after a failure). */
TS_MUST_USE ts_err known_load(struct store *store, struct known *ret_known,
                              struct error *reterr);
void known_done(struct known *known);

/* NULL: no such course. */
const struct known_course *known_find(const struct known *known, int64_t id);

/* The course that a text means: its id, its name, or a part that only one name has.
 * TS_ERR_USAGE lists the candidates. */
TS_MUST_USE ts_err known_resolve(const struct known *known, const char *option, struct str text,
                                 const struct known_course **ret_course, struct error *reterr);

/* All of them, into ids (of OPT_LIST_MAX). */
TS_MUST_USE ts_err known_resolve_all(const struct known *known, const struct opt_list *texts,
                                     int64_t *ids, struct error *reterr);

/* TS_ERR_USAGE names the first region that no course has, and the known ones. */
TS_MUST_USE ts_err known_check_regions(const struct known *known, const struct opt_list *names,
                                       struct error *reterr);

#endif
