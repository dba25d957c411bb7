/*
 * search.h: open tee times by filters.
 *
 * Only not closed, future tee times of active courses are found. Rows are streamed; their text
 * is valid during the callback.
 */
#ifndef TS_STORE_SEARCH_H
#define TS_STORE_SEARCH_H

#include "domain/outcome.h"
#include "store/store.h"

enum search_sort { SEARCH_BY_TIME, SEARCH_BY_PRICE, SEARCH_BY_DISTANCE, SEARCH_BY_COURSE };

/* A zeroed filter with `now`, after/before -1 and max_price_cents -1 finds all. */
struct search_filter {
    int64_t now;               /* Unix seconds: starts after it */
    int32_t from, to;          /* play dates, both included; 0: no bound */
    int after, before;         /* local minutes: from `after` on, before `before`; -1: none */
    unsigned players;          /* a party of n can book; 0: any */
    unsigned holes;            /* 0: any */
    int32_t max_price_cents;   /* unknown prices do not match; -1: any */
    const struct str *regions; /* match region or region_id, any case */
    const int64_t *courses;
    uint32_t regions_count, courses_count;
    int64_t opened_since; /* open since an instant at or after it; 0: any */
    bool near;            /* within_km of (latitude, longitude) */
    double latitude, longitude, within_km;
    enum search_sort sort;
    uint32_t limit; /* 0: none */
};

struct search_row {
    int64_t course_id;
    struct str course_name, club, city, region, timezone;
    bool has_place;
    double latitude, longitude;
    double distance_km; /* -1: not asked for */
    int32_t play_date;
    uint16_t start_minute;
    uint8_t holes, start_hole, party_sizes;
    int64_t starts_at;
    int32_t price_cents, cart_fee_cents; /* TEE_TIME_PRICE_UNKNOWN */
    struct str routing, currency, price_basis, rate_name, booking_url;
    int64_t opened_at;
    int64_t observed_at; /* how old this is */
};

typedef bool search_row_fn(void *ctx, const struct search_row *row);

/* *ret_count: rows delivered. TS_ERR_USAGE: too many regions or courses. */
TS_MUST_USE ts_err search(struct store *store, const struct search_filter *filter,
                          search_row_fn *on_row, void *ctx, uint64_t *ret_count,
                          struct error *reterr);

/* Great-circle distance on a sphere of the Earth's mean radius. */
double search_distance_km(double latitude_a, double longitude_a, double latitude_b,
                          double longitude_b);

#endif
