/*
 * search_query.h: what a search was asked, understood: a filter for the store, and the dates
 * that count at each course. Private to cmd/.
 */
#ifndef TS_CMD_SEARCH_QUERY_H
#define TS_CMD_SEARCH_QUERY_H

#include "cmd/dates.h"
#include "cmd/known.h"
#include "cmd/search_options.h"
#include "store/search.h"

struct search_query {
    const struct search_options *options;
    struct known known;
    struct dates dates;
    int64_t course_ids[OPT_LIST_MAX];
    bool same_dates; /* in all zones: the filter's dates are exact */
    struct search_filter filter;
};

/* Owner: the caller, search_query_done (also after a failure). `options` is borrowed. */
TS_MUST_USE ts_err search_query_init(struct search_query *query, struct store *store,
                                     const struct search_options *options,
                                     struct error *reterr);
void search_query_done(struct search_query *query);

/* The dates asked for at a course, from its today on. */
struct date_range search_query_dates(const struct search_query *query,
                                     const struct known_course *course);

/* Whether the course stands within --region, --course, --near and is active. */
bool search_query_has_course(const struct search_query *query,
                             const struct known_course *course);

/* "--players, --max-price": the filters given beyond dates and courses; nothing if none. */
void search_query_put_narrow(const struct search_query *query, struct buf *out);

#endif
