/*
 * catalogue.h: which courses exist: CSV or JSON Lines (a file), or the store's rows, into one
 * compact arena.
 *
 * Knows columns, validation and engines' attribute tables; nothing of plans or HTTP. What the
 * plan needs stays here; the whole row (names, places, attributes as JSON) is handed on, once,
 * to a row callback, which imports it into the store. Constructor-owned and immutable after
 * loading.
 */
#ifndef TS_CATALOGUE_CATALOGUE_H
#define TS_CATALOGUE_CATALOGUE_H

#include <stdio.h>

#include "base/day.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/course.h"

/* The columns that a file may have, as its header names them. */
struct catalogue_column {
    const char *name;
    const char *help;
};
extern const struct catalogue_column catalogue_columns[];
extern const uint32_t catalogue_columns_count;

enum row_state {
    ROW_OK,
    ROW_MISCONFIGURED, /* faulty: reported, counted, not planned */
    ROW_UNSUPPORTED,   /* an engine that this program lacks */
    ROW_INACTIVE,      /* active = false, requires_login, or disabled_in_source */
    ROW_DUPLICATE,     /* its id came before */
    ROW_FILTERED,      /* not of the chosen regions, engines or courses, and not inactive */
    ROW_STATE_COUNT
};

/* A row as it was read: the store's columns. Views, valid during the callback. */
struct catalogue_row {
    int64_t id; /* given or derived; 0: could not be derived (misconfigured, or the engine is
                   unsupported and none is given): such a row cannot be imported */
    struct str name, club, city, region, region_id, country, timezone, engine, attributes_json,
        currency, booking_url;
    bool has_place;
    double latitude, longitude;
    int holes;            /* 0: unknown */
    int window_days;      /* -1: unknown */
    int opens_minute;     /* -1: unknown */
    enum row_state state; /* to catalogue_builder_add: ROW_INACTIVE or ROW_OK */
    uint32_t line;
};

/* One problem of a file: where and what to do. `column` is the column's or attribute's name.
 * Rows that are unsupported, inactive or filtered have none; a duplicate has one. */
struct catalogue_problem {
    const char *file; /* config.path */
    uint32_t line;
    const char *column;
    const char *reason;
};

struct catalogue_config {
    const char *path; /* CSV, or JSON Lines if it ends in .jsonl or .ndjson */
    /* Filters. A region matches `region` or `region_id`, any case. */
    const struct str *regions, *engines;
    const int64_t *courses;
    uint32_t regions_count, engines_count, courses_count;
    /* Either may be NULL. Every row, in file order; every problem. */
    void (*on_row)(void *ctx, const struct catalogue_row *row);
    void (*on_problem)(void *ctx, const struct catalogue_problem *problem);
    void *ctx;
};

struct catalogue {
    const struct course *courses; /* ROW_OK ones, in file order */
    uint32_t courses_count;
    uint32_t rows[ROW_STATE_COUNT];
    uint32_t problems;
    struct zone *const *zones;
    uint32_t zones_count;
    const char *const *regions; /* interned `region` names; '' is index 0 */
    uint32_t regions_count;
    size_t bytes; /* what it holds in memory */
};

/* Reads and validates a file. TS_ERR_CATALOGUE: the file cannot be parsed (unbalanced quotes,
 * missing header columns `engine`, `engine_attributes` or `timezone`); TS_ERR_NOT_FOUND /
 * TS_ERR_IO: it cannot be read; TS_ERR_USAGE: a filter names an unknown region, engine or
 * course: the text lists the known ones. */
TS_MUST_USE ts_err catalogue_load(const struct catalogue_config *config,
                                  struct catalogue **ret_catalogue, struct error *reterr);

/* The same from rows held elsewhere (the store): begin, add rows, end. `add` validates as for a
 * file. */
struct catalogue_builder;
TS_MUST_USE ts_err catalogue_builder_new(const struct catalogue_config *config,
                                         struct catalogue_builder **ret_builder);
TS_MUST_USE ts_err catalogue_builder_add(struct catalogue_builder *builder,
                                         const struct catalogue_row *row, struct error *reterr);
TS_MUST_USE ts_err catalogue_builder_end(struct catalogue_builder *builder,
                                         struct catalogue **ret_catalogue,
                                         struct error *reterr);
void catalogue_builder_free(struct catalogue_builder *builder);

void catalogue_free(struct catalogue *catalogue);

/* An engine's attributes, a JSON object, as struct course has them; what is not readable counts
 * as not given. TS_ERR_FULL: they do not fit. */
TS_MUST_USE ts_err catalogue_pack_attributes(uint32_t engine, struct str json, char *storage,
                                             size_t cap);

const char *row_state_name(enum row_state state);

/* ISO 4217 code by ISO 3166 country; "" if unknown. */
const char *catalogue_currency_of(struct str country);

#endif
