/* catalogue.c: from a file to one compact block: the catalogue, its courses, their attributes,
 * the regions' names and the zones. */
#include "catalogue/catalogue.h"

#include <errno.h>

#include "base/mem.h"
#include "catalogue/builder.h"

/* The parts of the block, each after the other. */
struct block {
    struct catalogue catalogue;
    struct course *courses;
    struct zone **zones;
    const char **regions;
    char *packed, *region_text;
    size_t bytes;
};

static const char *const state_names[ROW_STATE_COUNT] = {
    [ROW_OK] = "ok",
    [ROW_MISCONFIGURED] = "misconfigured",
    [ROW_UNSUPPORTED] = "unsupported",
    [ROW_INACTIVE] = "inactive",
    [ROW_DUPLICATE] = "duplicate",
    [ROW_FILTERED] = "filtered",
};

static struct block *block_new(const struct catalogue_builder *builder)
{
    size_t courses = builder->courses_count * sizeof(struct course);
    size_t zones = builder->zones_count * sizeof(struct zone *);
    size_t regions = builder->regions.count * sizeof(char *);
    size_t bytes = sizeof(struct block) + courses + zones + regions + builder->packed_len +
                   builder->regions.text_len;
    char *memory = mem_alloc(1, bytes);
    if (!memory)
        return NULL;
    struct block *block = (struct block *)(void *)memory;
    block->bytes = bytes;
    memory += sizeof(struct block);
    block->courses = (struct course *)(void *)memory;
    block->zones = (struct zone **)(void *)(memory + courses);
    block->regions = (const char **)(void *)(memory + courses + zones);
    block->packed = memory + courses + zones + regions;
    block->region_text = block->packed + builder->packed_len;
    return block;
}

static void fill_regions(struct block *block, const struct names *regions)
{
    memcpy(block->region_text, regions->text, regions->text_len);
    for (uint32_t i = 0; i < regions->count; i++)
        block->regions[i] = block->region_text + regions->at[i];
}

/* The zones change hands. */
static void fill_zones(struct block *block, struct catalogue_builder *builder)
{
    for (uint32_t i = 0; i < builder->zones_count; i++) {
        block->zones[i] = builder->zones[i];
        block->catalogue.bytes += zone_bytes(builder->zones[i]);
    }
    builder->zones_count = 0;
}

ts_err catalogue_builder_end(struct catalogue_builder *builder,
                             struct catalogue **ret_catalogue, struct error *reterr)
{
    ts_err err = filter_check(builder, reterr);
    if (err != TS_ERR_OK)
        return err;
    struct block *block = block_new(builder);
    if (!block)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the catalogue");
    for (size_t i = 0; i < builder->courses_count; i++) {
        block->courses[i] = builder->courses[i].course;
        block->courses[i].attributes = block->packed + builder->courses[i].attributes_at;
    }
    if (builder->packed_len > 0)
        memcpy(block->packed, builder->packed, builder->packed_len);
    fill_regions(block, &builder->regions);
    block->catalogue = (struct catalogue){
        .courses = block->courses,
        .courses_count = (uint32_t)builder->courses_count,
        .problems = builder->problems_count,
        .zones = block->zones,
        .zones_count = builder->zones_count,
        .regions = block->regions,
        .regions_count = builder->regions.count,
        .bytes = block->bytes,
    };
    memcpy(block->catalogue.rows, builder->rows, sizeof(builder->rows));
    fill_zones(block, builder);
    *ret_catalogue = &block->catalogue;
    return TS_ERR_OK;
}

static bool is_jsonl(struct str path)
{
    static const char *const endings[] = { ".jsonl", ".ndjson" };
    for (size_t i = 0; i < TS_COUNT_OF(endings); i++) {
        struct str ending = str_of(endings[i]);
        if (path.len >= ending.len &&
            str_equal_nocase((struct str){ path.ptr + path.len - ending.len, ending.len },
                             ending))
            return true;
    }
    return false;
}

static bool has_rows(const struct catalogue_builder *builder)
{
    for (int state = 0; state < ROW_STATE_COUNT; state++) {
        if (builder->rows[state] > 0)
            return true;
    }
    return false;
}

static ts_err read_rows(const char *path, struct catalogue_builder *builder,
                        struct error *reterr)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return error_set(reterr, errno == ENOENT ? TS_ERR_NOT_FOUND : TS_ERR_IO,
                         "catalogue %s: %s", path, strerror(errno));
    ts_err err = is_jsonl(str_of(path)) ? jsonl_file_read(file, builder, reterr)
                                        : csv_file_read(file, builder, reterr);
    (void)fclose(file);
    if (err == TS_ERR_OK && !has_rows(builder)) /* an export that failed looks like this */
        err = error_set(reterr, TS_ERR_CATALOGUE,
                        "no course in it: with none, all that the store has would become "
                        "inactive");
    if (err != TS_ERR_OK && reterr)
        (void)error_prefix(reterr, "catalogue %s", path);
    return err;
}

ts_err catalogue_load(const struct catalogue_config *config, struct catalogue **ret_catalogue,
                      struct error *reterr)
{
    struct catalogue_builder *builder;
    ts_err err = catalogue_builder_new(config, &builder);
    if (err != TS_ERR_OK)
        return error_set(reterr, err, "no memory for the catalogue");
    err = read_rows(config->path, builder, reterr);
    if (err == TS_ERR_OK)
        err = catalogue_builder_end(builder, ret_catalogue, reterr);
    catalogue_builder_free(builder);
    return err;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (!catalogue)
        return;
    for (uint32_t i = 0; i < catalogue->zones_count; i++)
        zone_free(catalogue->zones[i]);
    mem_free(catalogue);
}

const char *row_state_name(enum row_state state)
{
    return state_names[state];
}
