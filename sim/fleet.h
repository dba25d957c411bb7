/*
 * fleet.h: the simulated world's golf clubs, and the catalogue rows that lead to them.
 *
 * A club belongs to one engine and has one to three courses; a row of the catalogue stands for
 * one or several of a club's courses. All of it is a function of the fleet's options. Knows
 * nothing of dates and sheets. Constructor-owned, immutable after fleet_new.
 */
#ifndef SIM_FLEET_H
#define SIM_FLEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/day.h"
#include "base/err.h"

#define SIM_CLUB_COURSES_MAX 3
#define SIM_HOLES_MAX        2
#define SIM_UUID_LEN         36
#define SIM_FIRST_ROW_ID     1001
#define SIM_UNKNOWN_CENTS    (-1)
#define SIM_ENGINES_MAX      8
#define FLEET_IDS_MAX        256

struct sim_engine;
struct sim_club;

struct sim_course {
    const struct sim_club *club;
    uint32_t index; /* in the fleet */
    int64_t id;     /* the engine's */
    char uuid[SIM_UUID_LEN + 1];
    const char *name;
    uint64_t hash;         /* of seed and course: the root of its chances */
    uint16_t first_minute; /* of the day's first start, and a bound for its last */
    uint16_t last_minute;
    uint8_t intervals[2]; /* minutes between starts, in turns */
    uint8_t holes[SIM_HOLES_MAX];
    uint8_t holes_count;
    bool double_tee; /* early starts from hole 10 too, on some days */
    int32_t base_cents;
};

enum sim_cart { SIM_CART_OPTIONAL, SIM_CART_INCLUDED, SIM_CART_NONE, SIM_CART_WITH_FEE };

struct sim_place {
    const char *city, *region, *region_id, *country, *currency, *zone;
    double lat, lon;
};

struct sim_club {
    const struct sim_engine *engine;
    const struct sim_place *place;
    const struct zone *zone; /* the fleet's */
    uint32_t index;
    uint32_t variant; /* the engine's own: which kind of club */
    uint64_t hash;
    int64_t id;
    int64_t affiliation_id;
    char name[48];
    char slug[48];
    const char *rate_name;
    uint16_t opens_minute;
    uint8_t catalogue_window_days; /* what the catalogue says */
    uint8_t window_days;           /* what the engine does */
    enum sim_cart cart;
    int32_t cart_cents;     /* SIM_UNKNOWN_CENTS with SIM_CART_NONE */
    int32_t single_cents;   /* what a single pays more */
    bool singles_join_only; /* a single may not open an empty tee time */
    bool refuses_agents;    /* answers browsers only; for engines that do such a thing */
    bool pretty;            /* bodies are pretty-printed */
    bool row_per_course;    /* each course has its own catalogue row; else one row for all */
    uint32_t courses_count;
    struct sim_course courses[SIM_CLUB_COURSES_MAX];
};

struct sim_row {
    int64_t id;
    const struct sim_club *club;
    uint32_t first_course, courses_count; /* of the club's courses */
};

enum sim_mix { SIM_MIX_ALL, SIM_MIX_V1, SIM_MIX_V2 };

struct fleet_options {
    uint64_t seed;
    uint32_t rows;
    enum sim_mix mix;                                  /* of Chronogolf's clubs */
    uint32_t engines_count;                            /* 0: Chronogolf alone */
    const struct sim_engine *engines[SIM_ENGINES_MAX]; /* club by club in turns */
    uint8_t window_days;
    double refusing_percent; /* clubs that answer browsers only, where an engine knows that */
    double short_window_percent; /* clubs whose window is in truth three days shorter */
};

struct fleet {
    uint64_t seed;
    uint32_t rows_count, clubs_count;
    struct sim_row *rows;
    struct sim_club *clubs;
    struct zone **zones; /* one per place */
};

/* TS_ERR_NOMEM; TS_ERR_NOT_FOUND, TS_ERR_IO: the system lacks a time zone. */
TS_MUST_USE ts_err fleet_new(const struct fleet_options *options, struct fleet **ret_fleet,
                             struct error *reterr);
void fleet_free(struct fleet *fleet); /* accepts NULL */

/* The club with this engine id, or NULL; the course of a club with this id or uuid, or NULL. */
const struct sim_club *fleet_club(const struct fleet *fleet, int64_t id);
const struct sim_course *fleet_course(const struct fleet *fleet, int64_t id);
const struct sim_course *fleet_course_by_uuid(const struct fleet *fleet, struct str uuid);

/* Ids of catalogue rows; none: all. */
struct fleet_ids {
    uint32_t count;
    int64_t ids[FLEET_IDS_MAX];
};

bool fleet_ids_have(const struct fleet_ids *ids, int64_t id);

/* Writes these rows of the catalogue as the CSV that `teesheet courses import` reads. */
TS_MUST_USE ts_err fleet_write_catalogue(const struct fleet *fleet,
                                         const struct fleet_ids *only, FILE *out,
                                         struct error *reterr);

/* A uuid made of a hash. */
void sim_uuid(uint64_t hash, char ret_uuid[SIM_UUID_LEN]);

#endif
