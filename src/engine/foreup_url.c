/* foreup_url.c: ForeUp's booking links: /index.php/booking/FACILITY/SCHEDULE. */
#include "base/url.h"
#include "engine/adapter.h"

#define UNKNOWN (-1)

struct ids {
    int64_t facility, schedule, booking_class;
};

/* ".../booking/index/FACILITY" and ".../booking/FACILITY" name no schedule. */
static void read_path(struct str path, struct ids *ids)
{
    struct str part;
    int64_t number;
    bool has_part = url_pass_part(&path, STR("booking")) && url_next_part(&path, &part);
    if (has_part && str_equal_nocase(part, STR("index")))
        has_part = url_next_part(&path, &part);
    if (!has_part || !str_to_i64(part, 1, INT32_MAX, &number))
        return;
    ids->facility = number;
    if (url_next_part(&path, &part) && str_to_i64(part, 1, INT32_MAX, &number))
        ids->schedule = number;
}

static void read_query(const struct url *url, struct ids *ids)
{
    struct str value;
    int64_t number;
    if (ids->schedule == UNKNOWN && url_value(url, STR("schedule_id"), &value) &&
        str_to_i64(value, 1, INT32_MAX, &number))
        ids->schedule = number;
    if (url_value(url, STR("booking_class_id"), &value) &&
        str_to_i64(value, 0, INT32_MAX, &number))
        ids->booking_class = number;
}

static void put_id(struct buf *out, const char *name, int64_t id)
{
    if (id != UNKNOWN)
        buf_printf(out, "%s\"%s\": %lld", out->len > 1 ? ", " : "", name, (long long)id);
}

bool foreup_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct ids ids = { UNKNOWN, UNKNOWN, UNKNOWN };
    struct str label;
    if (!url_read(text, &url) || (!url_is_at(&url, STR("foreupsoftware.com")) &&
                                  !url_is_under(&url, STR("foreupsoftware.com"), &label)))
        return false;
    read_path(url.path, &ids);
    read_query(&url, &ids);
    buf_putc(attributes_json, '{');
    put_id(attributes_json, "schedule_id", ids.schedule);
    put_id(attributes_json, "facility_id", ids.facility);
    put_id(attributes_json, "booking_class", ids.booking_class);
    buf_putc(attributes_json, '}');
    *ret_lacks = NULL;
    if (ids.schedule == UNKNOWN)
        *ret_lacks =
            "schedule_id: the link names no tee sheet; open it, choose the course, and "
            "copy the link that ends in /booking/FACILITY/SCHEDULE";
    else if (ids.booking_class == UNKNOWN)
        *ret_lacks = "booking_class: only needed where the default class shows no times; the "
                     "page's SCHEDULES list names the public one";
    return true;
}
