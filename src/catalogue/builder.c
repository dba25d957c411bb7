/* builder.c: rows come in one after the other and become courses. */
#include "catalogue/builder.h"

#include "base/mem.h"

#define COURSES_START 256
#define PACKED_START  16384
#define REGIONS_MAX   65536 /* struct course numbers them in two bytes */

ts_err catalogue_builder_new(const struct catalogue_config *config,
                             struct catalogue_builder **ret_builder)
{
    struct catalogue_builder *builder = mem_alloc(1, sizeof(*builder));
    uint32_t none;
    if (!builder)
        return TS_ERR_NOMEM;
    builder->config = config;
    builder->regions_met = mem_alloc(config->regions_count + 1, sizeof(bool));
    builder->courses_met = mem_alloc(config->courses_count + 1, sizeof(bool));
    if (!builder->regions_met || !builder->courses_met)
        goto fail;
    /* '' is region 0. */
    if (names_add(&builder->regions, (struct str){ "", 0 }, &none) != TS_ERR_OK)
        goto fail;
    *ret_builder = builder;
    return TS_ERR_OK;
fail:
    catalogue_builder_free(builder);
    return TS_ERR_NOMEM;
}

/* Room for one more course with `len` bytes of attributes. */
static ts_err reserve(struct catalogue_builder *builder, size_t len)
{
    if (builder->courses_count == builder->courses_cap) {
        size_t cap = builder->courses_cap ? builder->courses_cap * 2 : COURSES_START;
        struct builder_course *courses =
            mem_grow(builder->courses, cap, sizeof(*builder->courses));
        if (!courses)
            return TS_ERR_NOMEM;
        builder->courses = courses;
        builder->courses_cap = cap;
    }
    if (builder->packed_len + len > builder->packed_cap) {
        size_t cap = builder->packed_cap ? builder->packed_cap * 2 : PACKED_START;
        char *packed = mem_grow(builder->packed, cap, 1);
        if (!packed)
            return TS_ERR_NOMEM;
        builder->packed = packed;
        builder->packed_cap = cap;
    }
    return TS_ERR_OK;
}

static ts_err keep_course(struct catalogue_builder *builder, const struct catalogue_row *row,
                          const struct course *course)
{
    uint32_t region;
    ts_err err = names_add(&builder->regions, row->region, &region);
    if (err != TS_ERR_OK)
        return err;
    if (region >= REGIONS_MAX)
        return TS_ERR_FULL;
    err = reserve(builder, builder->attributes.len);
    if (err != TS_ERR_OK)
        return err;
    struct builder_course *kept = &builder->courses[builder->courses_count++];
    *kept = (struct builder_course){ .course = *course, .attributes_at = builder->packed_len };
    kept->course.region = (uint16_t)region;
    memcpy(builder->packed + builder->packed_len, builder->attributes.packed,
           builder->attributes.len);
    builder->packed_len += builder->attributes.len;
    return TS_ERR_OK;
}

/* The first row with an id wins; of a later one this is the only problem that matters. */
static ts_err note_id(struct catalogue_builder *builder, struct catalogue_row *row)
{
    uint32_t first_line, count = builder->ids.count;
    bool is_new;
    if (row->id == 0)
        return TS_ERR_OK;
    ts_err err = ids_add(&builder->ids, row->id, row->line, &first_line, &is_new);
    if (err != TS_ERR_OK)
        return err;
    if (is_new && count < KNOWN_SHOWN_MAX)
        builder->first_ids[count] = row->id;
    if (!is_new) {
        row->state = ROW_DUPLICATE;
        builder->problems.count = 0;
        problems_add(&builder->problems, column_name(COLUMN_ID),
                     "%lld is the course of line %u already, which counts: remove this row",
                     (long long)row->id, first_line);
    }
    return TS_ERR_OK;
}

static void report(struct catalogue_builder *builder, const struct catalogue_row *row)
{
    const struct catalogue_config *config = builder->config;
    builder->rows[row->state]++;
    if (row->state == ROW_MISCONFIGURED || row->state == ROW_DUPLICATE) {
        builder->problems_count += builder->problems.count;
        for (uint32_t i = 0; config->on_problem && i < builder->problems.count; i++) {
            struct catalogue_problem problem = {
                .file = config->path,
                .line = row->line,
                .column = builder->problems.items[i].column,
                .reason = builder->problems.items[i].reason,
            };
            config->on_problem(config->ctx, &problem);
        }
    }
    if (config->on_row)
        config->on_row(config->ctx, row);
}

/* builder->problems holds what is known against the row so far. */
static ts_err add_row(struct catalogue_builder *builder, struct catalogue_row *row)
{
    struct course course;
    bool chosen = false;
    row_identify(builder, row);
    ts_err err = note_id(builder, row);
    if (err == TS_ERR_OK)
        err = filter_row(builder, row, &chosen);
    /* Inactive ones stay that: an import stores the others of the file too. */
    if (err == TS_ERR_OK && !chosen && row->state != ROW_INACTIVE)
        row->state = ROW_FILTERED;
    if (err == TS_ERR_OK)
        err = row_check(builder, row, &course);
    if (err == TS_ERR_OK && row->state == ROW_OK)
        err = keep_course(builder, row, &course);
    if (err == TS_ERR_OK)
        report(builder, row);
    return err;
}

static ts_err explain(ts_err err, struct error *reterr)
{
    if (err == TS_ERR_FULL)
        return error_set(reterr, TS_ERR_CATALOGUE, "more than %d regions: split the catalogue",
                         REGIONS_MAX);
    return err == TS_ERR_OK ? err : error_set(reterr, err, "no memory for the catalogue");
}

ts_err builder_add_texts(struct catalogue_builder *builder,
                         const struct str columns[COLUMN_COUNT], uint32_t line,
                         struct error *reterr)
{
    struct catalogue_row row;
    row_read(columns, &row, &builder->problems);
    row.line = line;
    return explain(add_row(builder, &row), reterr);
}

ts_err catalogue_builder_add(struct catalogue_builder *builder, const struct catalogue_row *row,
                             struct error *reterr)
{
    struct catalogue_row checked = *row;
    builder->problems.count = 0;
    return explain(add_row(builder, &checked), reterr);
}

void catalogue_builder_free(struct catalogue_builder *builder)
{
    if (!builder)
        return;
    for (uint32_t i = 0; i < builder->zones_count; i++)
        zone_free(builder->zones[i]);
    mem_free(builder->courses);
    mem_free(builder->packed);
    names_done(&builder->regions);
    names_done(&builder->region_ids);
    ids_done(&builder->ids);
    mem_free(builder->regions_met);
    mem_free(builder->courses_met);
    mem_free(builder);
}
