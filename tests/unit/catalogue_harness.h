/*
 * catalogue_harness.h: what the tests of the catalogue share: rows as text, loading through a
 * temporary file, and what the callbacks saw.
 */
#ifndef TS_UNIT_CATALOGUE_HARNESS_H
#define TS_UNIT_CATALOGUE_HARNESS_H

#include "catalogue/catalogue.h"

#define SEEN_MAX 64

#define UUID_A "11111111-aaaa-4bbb-8ccc-000000000001"
#define UUID_B "22222222-aaaa-4bbb-8ccc-000000000002"
#define V1     "\"{\"\"club_id\"\": 10, \"\"course_id\"\": 20, \"\"affiliation_type_id\"\": 30}\""
#define HEADER                                                                                 \
    "id,name,region,region_id,country,timezone,lat,lon,engine,engine_attributes,holes,"        \
    "booking_window_days,booking_opens_at,currency,booking_url,active\n"
#define BEFORE_ENGINE ",Elm,North,n-1,US,America/Denver,,,"

struct seen {
    struct {
        uint32_t line;
        char column[48];
        char reason[256];
    } problems[SEEN_MAX];
    uint32_t problems_count;
    struct {
        int64_t id;
        enum row_state state;
        char text[600]; /* all of the row's columns */
    } rows[SEEN_MAX];
    uint32_t rows_count;
};

/* Of the last load. */
extern struct seen seen;
extern struct error error;
extern char path[64]; /* that the catalogue was told */

void on_problem(void *ctx, const struct catalogue_problem *problem);
void on_row(void *ctx, const struct catalogue_row *row);

/* Loads a file of these bytes; `config` needs neither path nor ctx. */
ts_err load_bytes(const char *ending, const char *text, size_t len,
                  struct catalogue_config config, struct catalogue **ret_catalogue);

/* Loads a text with both callbacks; must succeed. */
struct catalogue *load(const char *ending, const char *text);

void assert_refused(const char *ending, const char *text, size_t len, ts_err expected,
                    const char *reason);

#endif
