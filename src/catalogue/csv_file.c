/* csv_file.c: a catalogue as CSV: the header says which column is where. */
#include "base/csv.h"
#include "catalogue/builder.h"

struct reading {
    struct catalogue_builder *builder;
    struct error *reterr;
    ts_err err;
    bool has_header;
    uint8_t columns[CSV_FIELDS_MAX]; /* enum column of each field */
    size_t columns_count;
};

static bool has_column(const struct reading *reading, enum column column)
{
    for (size_t i = 0; i < reading->columns_count; i++) {
        if (reading->columns[i] == column)
            return true;
    }
    return false;
}

static ts_err read_header(struct reading *reading, const struct csv_row *row)
{
    static const enum column required[] = { COLUMN_ENGINE, COLUMN_ENGINE_ATTRIBUTES,
                                            COLUMN_TIMEZONE };
    for (size_t i = 0; i < row->count; i++) {
        enum column column = column_find(row->fields[i]);
        if (column != COLUMN_COUNT && has_column(reading, column))
            return error_set(reading->reterr, TS_ERR_CATALOGUE,
                             "line %u: column \"%s\" stands twice in the header", row->line,
                             column_name(column));
        reading->columns[reading->columns_count++] = (uint8_t)column;
    }
    for (size_t i = 0; i < TS_COUNT_OF(required); i++) {
        if (!has_column(reading, required[i]))
            return error_set(reading->reterr, TS_ERR_CATALOGUE,
                             "line %u: no column \"%s\" in the header: the first line must "
                             "name the columns",
                             row->line, column_name(required[i]));
    }
    reading->has_header = true;
    return TS_ERR_OK;
}

static ts_err read_row(struct reading *reading, const struct csv_row *row)
{
    struct str texts[COLUMN_COUNT + 1] = { { NULL, 0 } };
    reading->builder->problems.count = 0;
    if (row->count != reading->columns_count)
        problems_add(&reading->builder->problems, "row",
                     "%zu fields where the header has %zu: mend commas and quotes", row->count,
                     reading->columns_count);
    for (size_t i = 0; i < row->count && i < reading->columns_count; i++)
        texts[reading->columns[i]] = row->fields[i];
    return builder_add_texts(reading->builder, texts, row->line, reading->reterr);
}

static bool on_row(void *ctx, const struct csv_row *row)
{
    struct reading *reading = ctx;
    bool blank = row->count == 0 || (row->count == 1 && str_trim(row->fields[0]).len == 0);
    if (blank)
        return true;
    reading->err = reading->has_header ? read_row(reading, row) : read_header(reading, row);
    return reading->err == TS_ERR_OK;
}

ts_err csv_file_read(FILE *file, struct catalogue_builder *builder, struct error *reterr)
{
    struct reading reading = { .builder = builder, .reterr = reterr };
    ts_err err = csv_read(file, on_row, &reading, reterr);
    if (err != TS_ERR_OK)
        return err;
    if (reading.err == TS_ERR_OK && !reading.has_header)
        return error_set(reterr, TS_ERR_CATALOGUE,
                         "empty: the first line must name the columns");
    return reading.err;
}
