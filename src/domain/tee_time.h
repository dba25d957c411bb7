/*
 * tee_time.h: one start that can be booked.
 *
 * A plain value; its strings are NUL-terminated, never NULL, and borrowed from the arena of the
 * task or batch that holds it.
 */
#ifndef TS_DOMAIN_TEE_TIME_H
#define TS_DOMAIN_TEE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define TEE_TIME_PRICE_UNKNOWN (-1)
#define TEE_TIME_PARTY_MAX     8

enum price_basis { PRICE_BASIS_UNKNOWN, PRICE_BASIS_WALKING, PRICE_BASIS_CART };

struct tee_time {
    uint16_t start_minute;  /* course-local wall clock, 0..1439 */
    uint8_t holes;          /* 0: unknown */
    uint8_t start_hole;     /* 0: unknown */
    uint8_t party_sizes;    /* bit n-1: a party of n can book now */
    uint8_t price_basis;    /* enum price_basis */
    int32_t price_cents;    /* per player, before tax; TEE_TIME_PRICE_UNKNOWN */
    int32_t cart_fee_cents; /* TEE_TIME_PRICE_UNKNOWN */
    const char *routing;    /* identity; '' = no routing */
    const char *rate_name;
    const char *engine_ref;   /* the engine's own id, or '' */
    const char *url_template; /* see tee_time_booking_url; shared by many tee times; or '' */
};

/* Order of the identity: start_minute, holes, start_hole, routing. */
int tee_time_compare(const struct tee_time *a, const struct tee_time *b);

static inline uint8_t tee_time_party(unsigned size)
{
    return (uint8_t)(size >= 1 && size <= TEE_TIME_PARTY_MAX ? 1u << (size - 1) : 0);
}

/* The set of sizes min..max (clamped to 1..8; empty when min > max). */
uint8_t tee_time_party_range(unsigned min, unsigned max);

unsigned tee_time_players_max(uint8_t party_sizes);               /* 0 for none */
void tee_time_party_format(uint8_t party_sizes, struct buf *out); /* "2,3,4" */

/* "walking", "cart", "unknown". */
const char *price_basis_name(uint8_t price_basis);

/* True for rates that are not the public adult one: junior, youth, senior, military, member,
 * student in the name (any case). They never set the price. */
bool tee_time_rate_is_reduced(struct str rate_name);

/* The link with its placeholders filled: {ref} engine_ref, {holes}, {players} players_max,
 * {time} HH:MM, and {ids:TEXT} TEXT once per player of players_max, comma-separated. Nothing
 * for ''. */
void tee_time_booking_url(const struct tee_time *tee_time, struct buf *out);

#endif
