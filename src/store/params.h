/*
 * params.h: the text parameters of a named statement and the text columns of its rows. Private
 * to store/.
 */
#ifndef TS_STORE_PARAMS_H
#define TS_STORE_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "domain/outcome.h"

#define PARAMS_MAX        24
#define PARAMS_TEXT_BYTES 1024

/* Numbers are written into `storage`; texts are borrowed until the statement has run. */
struct params {
    struct str values[PARAMS_MAX];
    unsigned count;
    struct buf text;
    char storage[PARAMS_TEXT_BYTES];
};

void params_start(struct params *params);
void params_str(struct params *params, struct str text); /* a NULL ptr is '' */
void params_i64(struct params *params, int64_t value);
void params_date(struct params *params, int32_t date);

/* NULL instead of the value where `given` is false. */
void params_i64_if(struct params *params, bool given, int64_t value);
void params_date_if(struct params *params, bool given, int32_t date);
void params_degrees_if(struct params *params, bool given, double degrees);
void params_list_if(struct params *params, const struct buf *json); /* NULL if empty */

/* JSON arrays for list parameters: ids; names in lower case (ASCII). Nothing for count 0. */
void params_json_ids(struct buf *out, const int64_t *ids, uint32_t count);
void params_json_names(struct buf *out, const struct str *names, uint32_t count);

/* Columns; `missing` for NULL and for what cannot be read. */
int64_t column_i64(struct str column, int64_t missing);
double column_degrees(struct str column, bool *ret_given);
int32_t column_date(struct str column);         /* 0 for NULL */
enum outcome column_outcome(struct str column); /* OUTCOME_NONE for NULL */
bool column_flag(struct str column);

#endif
