/*
 * tenant.h: clubs as tenants of an engine, known by their slug: an alias, or the first part of
 * a host's name. And dates as engines with tenants write them.
 */
#ifndef SIM_TENANT_H
#define SIM_TENANT_H

#include "engine.h"
#include "sheet.h"

/* The engine's club with this slug, or NULL. */
const struct sim_club *tenant_club(const struct fleet *fleet, const struct sim_engine *engine,
                                   struct str slug);

/* Whether the request's host is "SLUG.domain". */
bool tenant_of_host(const struct sim_request *request, const char *domain,
                    struct str *ret_slug);

/* The club's course with this id, or NULL. */
const struct sim_course *tenant_course(const struct sim_club *club, struct str id);

/* The only value of the argument, or an empty text. */
struct str tenant_arg(const struct sim_request *request, const char *name);

/* An error with a JSON body. */
void tenant_refuse(struct sim_reply *reply, uint16_t status, const char *json);

/* A hash of a text. */
uint64_t tenant_hash(uint64_t hash, struct str text);

extern const char *const tenant_months[12];  /* "January", … */
extern const char *const tenant_weekdays[7]; /* "Monday", … */

/* What a collector may see of a day: nothing of one that is past, not released, or on which the
 * club is shut or sold out. */
bool tenant_day_has_sheet(const struct sim_world *world, const struct sim_club *club,
                          int32_t date);

/* Neither past nor bookable yet. */
bool tenant_day_is_ahead(const struct sim_world *world, const struct sim_club *club,
                         int32_t date);

/* Adds the tee times of a slot that is for sale; nothing for another one. */
typedef void tenant_slot_fn(const struct sim_row *row, const struct sim_sheet *sheet,
                            const struct sim_slot *slot, struct sim_truths *truths);

/* The truth of a row, slot by slot, on days that have a sheet. */
void tenant_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                  tenant_slot_fn *add_slot, struct sim_truths *ret_truths);

/* The sizes in which the slot can be booked; 0: full, or a single may not start. */
uint8_t tenant_party(unsigned min, unsigned max);

#endif
