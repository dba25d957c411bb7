/*
 * builder.h: a catalogue while it is being read. Private to catalogue/.
 *
 *     file ─▶ csv_file, jsonl_file ─texts─▶ rows ─row─▶ check ─course─▶ builder ─▶ catalogue
 *
 * All memory here is given back when the catalogue, one compact block, has been made.
 */
#ifndef TS_CATALOGUE_BUILDER_H
#define TS_CATALOGUE_BUILDER_H

#include <stdio.h>

#include "catalogue/attributes.h"
#include "catalogue/catalogue.h"
#include "catalogue/ids.h"
#include "catalogue/names.h"
#include "catalogue/rows.h"

#define CATALOGUE_ZONES_MAX 256 /* struct course numbers them in a byte */
#define KNOWN_SHOWN_MAX     10  /* names listed in an error about an unknown one */

struct builder_course {
    struct course course; /* without .attributes */
    size_t attributes_at; /* in builder->packed */
};

struct catalogue_builder {
    const struct catalogue_config *config; /* borrowed until the builder is freed */
    struct builder_course *courses;
    size_t courses_count, courses_cap;
    char *packed; /* the courses' attributes, one after the other */
    size_t packed_len, packed_cap;
    struct zone *zones[CATALOGUE_ZONES_MAX];
    uint32_t zones_count;
    struct names regions, region_ids;
    struct ids ids;
    int64_t first_ids[KNOWN_SHOWN_MAX];
    bool *regions_met, *courses_met; /* per entry of the config's filters */
    uint32_t rows[ROW_STATE_COUNT];
    uint32_t problems_count;
    struct problems problems;     /* of the row at hand */
    struct attributes attributes; /* of the row at hand */
};

/* Adds a row of texts. What its file has against it may stand in builder->problems; the caller
 * empties that before each row. */
TS_MUST_USE ts_err builder_add_texts(struct catalogue_builder *builder,
                                     const struct str columns[COLUMN_COUNT], uint32_t line,
                                     struct error *reterr);

/* check.c. First: reads the attributes into builder->attributes, completes id and booking URL,
 * and tells inactive and unsupported rows. */
void row_identify(struct catalogue_builder *builder, struct catalogue_row *row);

/* Then: checks all values, of which faulty ones become unknown, completes the currency, and
 * fills *ret_course, whose attributes stay in builder->attributes. A row that was ROW_OK is
 * ROW_MISCONFIGURED after a problem. */
TS_MUST_USE ts_err row_check(struct catalogue_builder *builder, struct catalogue_row *row,
                             struct course *ret_course);

/* filter.c: whether the row is of the chosen regions, engines and courses. */
TS_MUST_USE ts_err filter_row(struct catalogue_builder *builder,
                              const struct catalogue_row *row, bool *ret_chosen);

/* TS_ERR_USAGE if a filter names what no row had. */
TS_MUST_USE ts_err filter_check(const struct catalogue_builder *builder, struct error *reterr);

/* csv_file.c and jsonl_file.c: all rows of a file. Errors are without the file's name. */
TS_MUST_USE ts_err csv_file_read(FILE *file, struct catalogue_builder *builder,
                                 struct error *reterr);
TS_MUST_USE ts_err jsonl_file_read(FILE *file, struct catalogue_builder *builder,
                                   struct error *reterr);

#endif
