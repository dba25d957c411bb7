/* search.c: open tee times by filters. */
#include "store/search.h"

#include <math.h>

#include "domain/tee_time.h"
#include "store/scope.h"

struct search_run {
    const struct search_filter *filter;
    search_row_fn *on_row;
    void *ctx;
    uint64_t count;
};

static const char *const sort_names[] = {
    [SEARCH_BY_TIME] = "time",
    [SEARCH_BY_PRICE] = "price",
    [SEARCH_BY_DISTANCE] = "distance",
    [SEARCH_BY_COURSE] = "course",
};

static void put_filter(struct params *params, const struct search_filter *filter,
                       const struct scope *scope)
{
    params_start(params);
    params_i64(params, filter->now);
    params_date_if(params, filter->from != 0, filter->from);
    params_date_if(params, filter->to != 0, filter->to);
    params_i64_if(params, filter->after >= 0, filter->after);
    params_i64_if(params, filter->before >= 0, filter->before);
    params_i64_if(params, filter->players > 0, filter->players);
    params_i64_if(params, filter->holes > 0, filter->holes);
    params_i64_if(params, filter->max_price_cents >= 0, filter->max_price_cents);
    params_list_if(params, &scope->regions);
    params_list_if(params, &scope->courses);
    params_i64_if(params, filter->opened_since > 0, filter->opened_since);
    scope_box(params, filter);
    /* Without a place there are no distances to sort by. */
    bool sortable = filter->near || filter->sort != SEARCH_BY_DISTANCE;
    params_str(params, str_of(sort_names[sortable ? filter->sort : SEARCH_BY_TIME]));
    params_degrees_if(params, filter->near, filter->latitude);
    params_degrees_if(params, filter->near, filter->longitude);
    params_degrees_if(params, filter->near, cos(filter->latitude * 3.14159265358979 / 180));
    /* With a place some rows of the box fall outside the circle: then we count here. */
    params_i64_if(params, filter->limit > 0 && !filter->near, filter->limit);
}

static void read_tee_time(struct search_row *row, const struct str *columns)
{
    row->play_date = column_date(columns[8]);
    row->start_minute = (uint16_t)column_i64(columns[9], 0);
    row->starts_at = column_i64(columns[10], 0);
    row->holes = (uint8_t)column_i64(columns[11], 0);
    row->start_hole = (uint8_t)column_i64(columns[12], 0);
    row->routing = columns[13];
    row->party_sizes = (uint8_t)column_i64(columns[14], 0);
    row->price_cents = (int32_t)column_i64(columns[15], TEE_TIME_PRICE_UNKNOWN);
    row->currency = columns[16];
    row->price_basis = columns[17];
    row->cart_fee_cents = (int32_t)column_i64(columns[18], TEE_TIME_PRICE_UNKNOWN);
    row->rate_name = columns[19];
    row->booking_url = columns[20];
    row->opened_at = column_i64(columns[21], 0);
    row->observed_at = column_i64(columns[22], 0);
}

static void read_course(struct search_row *row, const struct str *columns)
{
    row->course_id = column_i64(columns[0], 0);
    row->course_name = columns[1];
    row->club = columns[2];
    row->city = columns[3];
    row->region = columns[4];
    row->timezone = columns[5];
    bool has_latitude;
    bool has_longitude;
    row->latitude = column_degrees(columns[6], &has_latitude);
    row->longitude = column_degrees(columns[7], &has_longitude);
    row->has_place = has_latitude && has_longitude;
}

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    struct search_run *run = ctx;
    const struct search_filter *filter = run->filter;
    struct search_row row = { .distance_km = -1 };
    read_course(&row, columns);
    read_tee_time(&row, columns);
    if (filter->near) {
        row.distance_km = search_distance_km(filter->latitude, filter->longitude, row.latitude,
                                             row.longitude);
        if (!row.has_place || row.distance_km > filter->within_km)
            return true;
    }
    run->count++;
    if (!run->on_row(run->ctx, &row))
        return false;
    return filter->limit == 0 || run->count < filter->limit;
}

ts_err search(struct store *store, const struct search_filter *filter, search_row_fn *on_row,
              void *ctx, uint64_t *ret_count, struct error *reterr)
{
    struct scope scope;
    ts_err err = scope_start(&scope, filter, reterr);
    if (err)
        return err;
    struct search_run run = { filter, on_row, ctx, 0 };
    struct params params;
    put_filter(&params, filter, &scope);
    err = store_run(store, STORE_SEARCH, params.values, params.count, on_columns, &run, NULL,
                    reterr);
    if (!err)
        *ret_count = run.count;
    return err;
}
