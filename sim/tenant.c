/* tenant.c: finds tenants by slug and host; dates and errors as several engines write them. */
#include "tenant.h"

#include "random.h"

const char *const tenant_months[12] = { "January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December" };
const char *const tenant_weekdays[7] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday" };

const struct sim_club *tenant_club(const struct fleet *fleet, const struct sim_engine *engine,
                                   struct str slug)
{
    size_t digits = 0;
    int64_t number;
    while (digits < slug.len && slug.ptr[slug.len - digits - 1] != '-')
        digits++;
    struct str tail = { slug.ptr + (slug.len - digits), digits };
    if (!str_to_i64(tail, 1, fleet->clubs_count, &number))
        return NULL;
    const struct sim_club *club = &fleet->clubs[number - 1]; /* slugs end so */
    bool is_it = club->engine == engine && str_equal(slug, str_of(club->slug));
    return is_it ? club : NULL;
}

bool tenant_of_host(const struct sim_request *request, const char *domain, struct str *ret_slug)
{
    struct str rest = request->host, slug;
    if (!str_split(&rest, '.', &slug) || !str_equal_nocase(rest, str_of(domain)))
        return false;
    *ret_slug = slug;
    return true;
}

const struct sim_course *tenant_course(const struct sim_club *club, struct str id)
{
    int64_t number;
    if (!str_to_i64(id, 1, INT64_MAX, &number))
        return NULL;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        if (club->courses[i].id == number)
            return &club->courses[i];
    }
    return NULL;
}

struct str tenant_arg(const struct sim_request *request, const char *name)
{
    struct str value = STR("");
    return sim_request_arg(request, str_of(name), &value) ? value : STR("");
}

void tenant_refuse(struct sim_reply *reply, uint16_t status, const char *json)
{
    sim_reply_refuse(reply, status, json);
    reply->content_type = "application/json; charset=utf-8";
}

uint64_t tenant_hash(uint64_t hash, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = random_mix(hash, (uint8_t)text.ptr[i]);
    return hash;
}

bool tenant_day_has_sheet(const struct sim_world *world, const struct sim_club *club,
                          int32_t date)
{
    return sheet_released(world, club, date) && !sheet_past(world, club, date) &&
           sheet_club_day(club, date) == SIM_CLUB_OPEN;
}

bool tenant_day_is_ahead(const struct sim_world *world, const struct sim_club *club,
                         int32_t date)
{
    return !sheet_past(world, club, date) && !sheet_released(world, club, date);
}

void tenant_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                  tenant_slot_fn *add_slot, struct sim_truths *ret_truths)
{
    bool has_sheet = tenant_day_has_sheet(world, row->club, date);
    ret_truths->count = 0;
    for (uint32_t i = 0; i < row->courses_count && has_sheet; i++) {
        struct sim_sheet sheet;
        sheet_build(world, &row->club->courses[row->first_course + i], date, &sheet);
        for (uint32_t k = 0; k < sheet.count; k++)
            add_slot(row, &sheet, &sheet.slots[k], ret_truths);
    }
    sim_truth_merge(ret_truths);
    ret_truths->outcome = ret_truths->count ? "open" : "none_open";
}

uint8_t tenant_party(unsigned min, unsigned max)
{
    unsigned party = 0;
    for (unsigned size = min; size <= max; size++)
        party |= 1u << (size - 1);
    return (uint8_t)party;
}
