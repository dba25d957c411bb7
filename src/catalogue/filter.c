/* filter.c: which rows a sweep was asked for, and what was asked for in vain. */
#include "base/buf.h"
#include "catalogue/builder.h"

static bool region_chosen(struct catalogue_builder *builder, const struct catalogue_row *row)
{
    const struct catalogue_config *config = builder->config;
    bool chosen = config->regions_count == 0;
    for (uint32_t i = 0; i < config->regions_count; i++) {
        struct str region = config->regions[i];
        if (region.len > 0 && (str_equal_nocase(region, row->region) ||
                               str_equal_nocase(region, row->region_id))) {
            builder->regions_met[i] = true;
            chosen = true;
        }
    }
    return chosen;
}

static bool engine_chosen(const struct catalogue_config *config, struct str engine)
{
    bool chosen = config->engines_count == 0;
    for (uint32_t i = 0; i < config->engines_count; i++)
        chosen = chosen || str_equal(config->engines[i], engine);
    return chosen;
}

static bool course_chosen(struct catalogue_builder *builder, int64_t id)
{
    const struct catalogue_config *config = builder->config;
    bool chosen = config->courses_count == 0;
    for (uint32_t i = 0; i < config->courses_count; i++) {
        if (config->courses[i] == id) {
            builder->courses_met[i] = true;
            chosen = true;
        }
    }
    return chosen;
}

ts_err filter_row(struct catalogue_builder *builder, const struct catalogue_row *row,
                  bool *ret_chosen)
{
    uint32_t unused;
    ts_err err = TS_ERR_OK;
    /* Only an error about an unknown region needs the ids of regions. */
    if (builder->config->regions_count > 0 && row->region_id.len > 0)
        err = names_add(&builder->region_ids, row->region_id, &unused);
    if (err == TS_ERR_OK && builder->config->regions_count > 0)
        err = names_add(&builder->regions, row->region, &unused);
    if (err != TS_ERR_OK)
        return err;
    bool region = region_chosen(builder, row);
    bool course = course_chosen(builder, row->id);
    *ret_chosen = region && course && engine_chosen(builder->config, row->engine);
    return TS_ERR_OK;
}

/* Ends a list of which `shown` of `count` were written. */
static void put_more(struct buf *out, uint32_t shown, uint32_t count)
{
    if (count == 0)
        buf_puts(out, "none");
    if (count > shown) {
        buf_puts(out, " and ");
        buf_put_count(out, count - shown);
        buf_puts(out, " more");
    }
}

static void put_names(struct buf *out, const struct names *names, uint32_t *shown,
                      uint32_t *count)
{
    for (uint32_t i = 0; i < names->count; i++) {
        const char *name = names_get(names, i);
        if (name[0] == '\0')
            continue;
        if (*shown < KNOWN_SHOWN_MAX)
            buf_printf(out, "%s%s", (*shown)++ > 0 ? ", " : "", name);
        (*count)++;
    }
}

static ts_err unknown_region(const struct catalogue_builder *builder, struct str region,
                             struct error *reterr)
{
    char storage[200];
    struct buf known = buf_over(storage, sizeof(storage));
    uint32_t shown = 0, count = 0;
    put_names(&known, &builder->regions, &shown, &count);
    put_names(&known, &builder->region_ids, &shown, &count);
    put_more(&known, shown, count);
    return error_set(reterr, TS_ERR_USAGE, "unknown region \"%.*s\"; known: %s",
                     STR_ARGS(problem_shown(region)), storage);
}

static ts_err unknown_engine(struct str engine, struct error *reterr)
{
    char storage[200];
    struct buf known = buf_over(storage, sizeof(storage));
    uint32_t shown = 0;
    for (; shown < engines_count && shown < KNOWN_SHOWN_MAX; shown++)
        buf_printf(&known, "%s%s", shown > 0 ? ", " : "", engines[shown]->name);
    put_more(&known, shown, engines_count);
    return error_set(reterr, TS_ERR_USAGE, "unknown engine \"%.*s\"; known: %s",
                     STR_ARGS(problem_shown(engine)), storage);
}

static ts_err unknown_course(const struct catalogue_builder *builder, int64_t id,
                             struct error *reterr)
{
    char storage[250];
    struct buf known = buf_over(storage, sizeof(storage));
    uint32_t shown = 0;
    for (; shown < builder->ids.count && shown < KNOWN_SHOWN_MAX; shown++)
        buf_printf(&known, "%s%lld", shown > 0 ? ", " : "",
                   (long long)builder->first_ids[shown]);
    put_more(&known, shown, builder->ids.count);
    return error_set(reterr, TS_ERR_USAGE, "unknown course %lld; known: %s", (long long)id,
                     storage);
}

ts_err filter_check(const struct catalogue_builder *builder, struct error *reterr)
{
    const struct catalogue_config *config = builder->config;
    for (uint32_t i = 0; i < config->engines_count; i++) {
        if (engine_find(config->engines[i]) < 0)
            return unknown_engine(config->engines[i], reterr);
    }
    for (uint32_t i = 0; i < config->regions_count; i++) {
        if (!builder->regions_met[i])
            return unknown_region(builder, config->regions[i], reterr);
    }
    for (uint32_t i = 0; i < config->courses_count; i++) {
        if (!builder->courses_met[i])
            return unknown_course(builder, config->courses[i], reterr);
    }
    return TS_ERR_OK;
}
