/* search_rows.c: the columns of a search. */
#include "cmd/search_rows.h"

#include "cmd/say.h"
#include "domain/tee_time.h"

#define CELL_BYTES 48

enum {
    COURSE_ID,
    DATE,
    TIME,
    STARTS_AT,
    NAME,
    CLUB,
    CITY,
    REGION,
    TIMEZONE,
    LATITUDE,
    LONGITUDE,
    HOLES,
    START_HOLE,
    ROUTING,
    PARTY,
    PLAYERS_MAX,
    PRICE,
    PRICE_CENTS,
    CURRENCY,
    BASIS,
    CART_FEE,
    DISTANCE,
    RATE,
    BOOKING_URL,
    OPENED_AT,
    OBSERVED_AT,
    COLUMNS
};

/* PRICE is for people only: programs have cents, currency and basis. */
static const struct view_column columns[COLUMNS] = {
    [COURSE_ID] = { "course_id", NULL, VIEW_RIGHT, true },
    [DATE] = { "play_date", "date", VIEW_LEFT, false },
    [TIME] = { "start_time", "time", VIEW_LEFT, false },
    [STARTS_AT] = { "starts_at", NULL, VIEW_LEFT, false },
    [NAME] = { "course_name", "course", VIEW_LEFT, false },
    [CLUB] = { "club", NULL, VIEW_LEFT, false },
    [CITY] = { "city", NULL, VIEW_LEFT, false },
    [REGION] = { "region", NULL, VIEW_LEFT, false },
    [TIMEZONE] = { "timezone", NULL, VIEW_LEFT, false },
    [LATITUDE] = { "latitude", NULL, VIEW_RIGHT, true },
    [LONGITUDE] = { "longitude", NULL, VIEW_RIGHT, true },
    [HOLES] = { "holes", "holes", VIEW_RIGHT, true },
    [START_HOLE] = { "start_hole", "start", VIEW_RIGHT, true },
    [ROUTING] = { "routing", "routing", VIEW_LEFT, false },
    [PARTY] = { "party_sizes", "players", VIEW_LEFT, false },
    [PLAYERS_MAX] = { "players_max", NULL, VIEW_RIGHT, true },
    [PRICE] = { "price", "price", VIEW_RIGHT, false },
    [PRICE_CENTS] = { "price_cents", NULL, VIEW_RIGHT, true },
    [CURRENCY] = { "currency", NULL, VIEW_LEFT, false },
    [BASIS] = { "price_basis", NULL, VIEW_LEFT, false },
    [CART_FEE] = { "cart_fee_cents", NULL, VIEW_RIGHT, true },
    [DISTANCE] = { "distance_km", "distance", VIEW_RIGHT, true },
    [RATE] = { "rate_name", "rate", VIEW_LEFT, false },
    [BOOKING_URL] = { "booking_url", NULL, VIEW_LEFT, false },
    [OPENED_AT] = { "opened_at", NULL, VIEW_LEFT, false },
    [OBSERVED_AT] = { "observed_at", "looked", VIEW_RIGHT, false },
};
