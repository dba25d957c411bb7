/*
 * teesnap.h: what the parts of the Teesnap adapter share: facts and requests (teesnap.c), the
 * tenant's page (teesnap_page.c), a day's tee sheet (teesnap_list.c) and its rows
 * (teesnap_row.c). Private to the adapter.
 */
#ifndef TS_ENGINE_TEESNAP_H
#define TS_ENGINE_TEESNAP_H

#include "engine/adapter.h"
#include "engine/check.h"

/* The attribute table's order. */
enum { TEESNAP_SUBDOMAIN, TEESNAP_COURSE_ID, TEESNAP_ATTRIBUTES };

#define TEESNAP_DOMAIN      ".teesnap.net"
#define TEESNAP_COURSES_MAX 64
#define TEESNAP_SEATS       4 /* of a tee: a reply counts who is there, not who may come */

/* The tenant state: the courses on the tenant's page. */
struct teesnap_tenant {
    uint32_t count; /* 0: not looked at */
    struct {
        int64_t id;
        uint8_t players_max; /* of a booking; 0: not said */
    } courses[TEESNAP_COURSES_MAX];
};

struct teesnap_sheet {
    struct str bookings, tees; /* raw lists */
};

struct teesnap_booking {
    int64_t id;
    uint8_t golfers;
};

struct teesnap_tee {
    int32_t date;
    uint16_t minute;
    bool is_shotgun;
    char rate[ENGINE_TEXT_MAX + 1];
    struct str prices, sections; /* raw lists */
};

struct teesnap_price {
    uint8_t holes;
    int32_t walking, cart;
    bool is_with_tax;
    char rate[ENGINE_TEXT_MAX + 1];
};

struct teesnap_section {
    uint8_t start_hole;
    bool is_held;
    struct str bookings; /* raw list, or nothing */
};

/* The request for the tenant's page. */
ts_err teesnap_get_page(const struct engine_task *task, struct buf *scratch,
                        struct http_request *ret_request);

/* Reads the courses of the tenant's page. False: there are none to be read; the tenant stays
 * empty. */
bool teesnap_page_read(struct str page, struct teesnap_tenant *tenant);

/* Reads the next value. False: it cannot be read, for ret_fault. */
bool teesnap_read_booking(struct json *json, struct teesnap_booking *ret_booking,
                          struct engine_fault *ret_fault);
bool teesnap_read_tee(struct json *json, struct teesnap_tee *ret_tee,
                      struct engine_fault *ret_fault);
bool teesnap_read_section(struct json *json, struct teesnap_section *ret_section,
                          struct engine_fault *ret_fault);
bool teesnap_read_price(struct json *json, struct teesnap_price *ret_price,
                        struct engine_fault *ret_fault);

/* The two lists of a reply. False: it has no such shape. */
bool teesnap_read_sheet(struct str body, struct teesnap_sheet *ret_sheet);

/* Price, cart fee and basis of a tee time. */
void teesnap_set_price(struct tee_time *tee_time, const struct teesnap_price *price);

/* Reads a reply of status 200 that is one JSON document into a course's sheet, with its
 * outcome. False: the task's arena is full. No golfer's id leaves this function. */
TS_MUST_USE bool teesnap_list_read(struct engine_task *task, uint32_t course,
                                   unsigned players_max, struct str body,
                                   struct engine_result *result);

#endif
