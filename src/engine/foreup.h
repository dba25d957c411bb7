/*
 * foreup.h: a row of ForeUp's replies. Private to the adapter.
 */
#ifndef TS_ENGINE_FOREUP_H
#define TS_ENGINE_FOREUP_H

#include "engine/adapter.h"

/* What a row says about one hole count. */
struct foreup_offer {
    int32_t spots, green_fee, cart_fee;
    bool is_named; /* by `holes` */
};

struct foreup_row {
    int32_t schedule_id; /* 0: not given */
    struct engine_when when;
    char side[ENGINE_TEXT_MAX + 1], rate_type[ENGINE_TEXT_MAX + 1];
    struct foreup_offer any, nine, eighteen; /* without hole count, and by hole count */
    int32_t players_min, players_max;
    uint8_t group_sizes; /* party sizes; all, where there is no list */
};

/* Reads the next value, a row of this date. False: it cannot be read, for ret_fault; what could
 * is in *row. */
bool foreup_read_row(struct json *json, int32_t date, struct foreup_row *row,
                     struct engine_fault *ret_fault);

#endif
