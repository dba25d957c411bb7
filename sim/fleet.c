/* fleet.c: makes clubs, courses and catalogue rows from the fleet's options. */
#include "fleet.h"

#include <assert.h>

#include "base/mem.h"
#include "engine.h"
#include "random.h"

static const struct sim_place places[] = {
    { "Aurora", "ON", "york", "CA", "CAD", "America/Toronto", 44.0065, -79.4504 },
    { "Mesa", "AZ", "phoenix", "US", "USD", "America/Phoenix", 33.4152, -111.8315 },
    { "Warman", "SK", "saskatoon", "CA", "CAD", "America/Regina", 52.3219, -106.5844 },
    { "Evanston", "IL", "chicago", "US", "USD", "America/Chicago", 42.0451, -87.6877 },
    { "Lakewood", "CO", "denver", "US", "USD", "America/Denver", 39.7047, -105.0814 },
    { "Alameda", "CA", "bay-area", "US", "USD", "America/Los_Angeles", 37.7652, -122.2416 },
    { "Yonkers", "NY", "new-york", "US", "USD", "America/New_York", 40.9312, -73.8988 },
    { "Delta", "BC", "vancouver", "CA", "CAD", "America/Vancouver", 49.0847, -123.0587 },
    { "Airdrie", "AB", "calgary", "CA", "CAD", "America/Edmonton", 51.2917, -114.0144 },
    { "Truro", "NS", "halifax", "CA", "CAD", "America/Halifax", 45.3650, -63.2800 },
    { "Paradise", "NL", "st-johns", "CA", "CAD", "America/St_Johns", 47.5361, -52.8739 },
    { "Steinbach", "MB", "winnipeg", "CA", "CAD", "America/Winnipeg", 49.5258, -96.6845 },
    { "Fishers", "IN", "indianapolis", "US", "USD", "America/Indiana/Indianapolis", 39.9568,
      -86.0134 },
    { "Palmer", "AK", "anchorage", "US", "USD", "America/Anchorage", 61.5997, -149.1128 },
    { "Meridian", "ID", "boise", "US", "USD", "America/Boise", 43.6121, -116.3915 },
    { "Novi", "MI", "detroit", "US", "USD", "America/Detroit", 42.4806, -83.4755 },
};

static const char *const names[] = { "Heron",  "Larch",   "Quarry",  "Meadow",
                                     "Copper", "Otter",   "Juniper", "Windmill",
                                     "Falcon", "Harbour", "Sumac",   "Prairie" };
static const char *const endings[] = { "Creek", "Ridge", "Hills", "Links", "Bend", "Lake" };
static const char *const course_names[SIM_CLUB_COURSES_MAX] = { "North", "South", "River" };
static const char *const rate_names[] = { "Public", "Public Adult", "Non-Member Adult" };
static const uint16_t opening_minutes[] = { 360, 420, 0, 330 };
static const uint8_t interval_pairs[][2] = { { 7, 8 },   { 8, 8 }, { 9, 9 }, { 10, 10 },
                                             { 12, 12 }, { 7, 7 }, { 8, 9 }, { 11, 11 } };

#define FIRST_COURSE_ID 20001

enum {
    CHANCE_NAME,
    CHANCE_PRICE,
    CHANCE_FIRST,
    CHANCE_LAST,
    CHANCE_DOUBLE,
    CHANCE_INTERVAL,
    CHANCE_CART,
    CHANCE_CART_PRICE,
    CHANCE_SINGLES,
    CHANCE_SURCHARGE,
    CHANCE_PRETTY,
    CHANCE_RATE,
    CHANCE_OPENS,
    CHANCE_WINDOW,
    CHANCE_AFFILIATION,
    CHANCE_REFUSES
};

void sim_uuid(uint64_t hash, char ret_uuid[SIM_UUID_LEN])
{
    static const char hex[] = "0123456789abcdef";
    uint64_t bits = random_mix(hash, 1);
    for (int i = 0, used = 0; i < SIM_UUID_LEN; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            ret_uuid[i] = '-';
            continue;
        }
        if (used++ == 16)
            bits = random_mix(hash, 2);
        ret_uuid[i] = hex[bits & 15];
        bits >>= 4;
    }
    ret_uuid[14] = '4';
    ret_uuid[19] = 'a';
}

/* A uuid whose last eight digits are the course's index, so that it can be found again. */
static void course_uuid(struct sim_course *course)
{
    sim_uuid(course->hash, course->uuid);
    struct buf tail = buf_over(course->uuid + SIM_UUID_LEN - 8, 9);
    buf_printf(&tail, "%08x", (unsigned)course->index);
}

static void make_course(struct sim_club *club, uint32_t number, struct sim_course *course)
{
    uint64_t hash = random_mix(club->hash, 100 + number);
    course->club = club;
    course->index = club->index * SIM_CLUB_COURSES_MAX + number;
    course->hash = hash;
    course->id = FIRST_COURSE_ID + (int64_t)course->index;
    course->name = course_names[number];
    course->first_minute = (uint16_t)(360 + 15 * random_below(hash, CHANCE_FIRST, 6));
    course->last_minute = (uint16_t)(1020 + 10 * random_below(hash, CHANCE_LAST, 12));
    uint32_t pair = random_below(hash, CHANCE_INTERVAL, TS_COUNT_OF(interval_pairs));
    course->intervals[0] = interval_pairs[pair][0];
    course->intervals[1] = interval_pairs[pair][1];
    course->double_tee = random_percent(hash, CHANCE_DOUBLE, 25);
    course->base_cents = 2500 + 5 * (int32_t)random_below(hash, CHANCE_PRICE, 1200);
    course_uuid(course);
}

static void name_club(struct sim_club *club)
{
    uint32_t pick =
        random_below(club->hash, CHANCE_NAME, TS_COUNT_OF(names) * TS_COUNT_OF(endings));
    const char *name = names[pick % TS_COUNT_OF(names)];
    const char *ending = endings[pick / TS_COUNT_OF(names)];
    struct buf text = buf_over(club->name, sizeof(club->name));
    buf_printf(&text, "%s %s Golf Club %u", name, ending, (unsigned)club->index + 1);
    struct buf slug = buf_over(club->slug, sizeof(club->slug));
    for (const char *c = club->name; *c; c++)
        buf_putc(&slug, *c == ' ' ? '-' : *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c);
}

static void price_club(struct sim_club *club)
{
    club->cart = (enum sim_cart)random_below(club->hash, CHANCE_CART, 4);
    club->cart_cents = 1200 + (int32_t)random_below(club->hash, CHANCE_CART_PRICE, 1100);
    if (club->cart == SIM_CART_NONE)
        club->cart_cents = SIM_UNKNOWN_CENTS;
    club->singles_join_only = random_percent(club->hash, CHANCE_SINGLES, 60);
    club->single_cents = random_percent(club->hash, CHANCE_SURCHARGE, 12) ? 250 : 0;
}

static uint32_t engines_count(const struct fleet_options *options)
{
    return options->engines_count ? options->engines_count : 1;
}

static const struct sim_engine *engine_of(const struct fleet_options *options, uint32_t index)
{
    return options->engines_count ? options->engines[index % options->engines_count]
                                  : sim_engines[0];
}

static void make_club(struct fleet *fleet, const struct fleet_options *options,
                      struct sim_club *club)
{
    club->index = (uint32_t)(club - fleet->clubs);
    club->hash = random_mix(fleet->seed, club->index);
    club->engine = engine_of(options, club->index);
    club->place = &places[club->index % TS_COUNT_OF(places)];
    club->zone = fleet->zones[club->index % TS_COUNT_OF(places)];
    club->id = 12001 + (int64_t)club->index;
    club->affiliation_id = 70000 + random_below(club->hash, CHANCE_AFFILIATION, 80000);
    club->rate_name =
        rate_names[random_below(club->hash, CHANCE_RATE, TS_COUNT_OF(rate_names))];
    club->opens_minute =
        opening_minutes[random_below(club->hash, CHANCE_OPENS, TS_COUNT_OF(opening_minutes))];
    club->pretty = random_percent(club->hash, CHANCE_PRETTY, 50);
    club->refuses_agents =
        random_percent(club->hash, CHANCE_REFUSES, options->refusing_percent);
    club->catalogue_window_days = options->window_days;
    club->window_days = options->window_days;
    if (random_percent(club->hash, CHANCE_WINDOW, options->short_window_percent))
        club->window_days = (uint8_t)(club->window_days > 3 ? club->window_days - 3 : 0);
    name_club(club);
    price_club(club);
    for (uint32_t i = 0; i < SIM_CLUB_COURSES_MAX; i++)
        make_course(club, i, &club->courses[i]);
    club->variant = club->engine->variant(club->index / engines_count(options), options->mix);
    club->engine->shape(club);
    assert(club->courses_count >= 1 && club->courses_count <= SIM_CLUB_COURSES_MAX);
}

static void make_rows(struct fleet *fleet, const struct fleet_options *options)
{
    while (fleet->rows_count < options->rows) {
        struct sim_club *club = &fleet->clubs[fleet->clubs_count++];
        make_club(fleet, options, club);
        uint32_t rows = club->row_per_course ? club->courses_count : 1;
        for (uint32_t i = 0; i < rows && fleet->rows_count < options->rows; i++) {
            struct sim_row *row = &fleet->rows[fleet->rows_count];
            row->id = SIM_FIRST_ROW_ID + (int64_t)fleet->rows_count++;
            row->club = club;
            row->first_course = i;
            row->courses_count = club->row_per_course ? 1 : club->courses_count;
        }
    }
}

static ts_err load_zones(struct fleet *fleet, struct error *reterr)
{
    for (size_t i = 0; i < TS_COUNT_OF(places); i++) {
        ts_err err = zone_new(str_of(places[i].zone), &fleet->zones[i], reterr);
        if (err)
            return err;
    }
    return TS_ERR_OK;
}

ts_err fleet_new(const struct fleet_options *options, struct fleet **ret_fleet,
                 struct error *reterr)
{
    ts_err err = error_set(reterr, TS_ERR_NOMEM, "no memory for %u courses", options->rows);
    struct fleet *fleet = mem_alloc(1, sizeof(*fleet));
    if (!fleet)
        return err;
    fleet->seed = random_mix(0, options->seed);
    fleet->rows = mem_alloc(options->rows, sizeof(*fleet->rows));
    fleet->clubs = mem_alloc(options->rows, sizeof(*fleet->clubs));
    fleet->zones = mem_alloc(TS_COUNT_OF(places), sizeof(struct zone *));
    if (!fleet->rows || !fleet->clubs || !fleet->zones)
        goto fail;
    err = load_zones(fleet, reterr);
    if (err)
        goto fail;
    make_rows(fleet, options);
    *ret_fleet = fleet;
    return TS_ERR_OK;
fail:
    fleet_free(fleet);
    return err;
}

void fleet_free(struct fleet *fleet)
{
    if (!fleet)
        return;
    for (size_t i = 0; fleet->zones && i < TS_COUNT_OF(places); i++)
        zone_free(fleet->zones[i]);
    mem_free(fleet->zones);
    mem_free(fleet->clubs);
    mem_free(fleet->rows);
    mem_free(fleet);
}

const struct sim_club *fleet_club(const struct fleet *fleet, int64_t id)
{
    int64_t index = id - 12001;
    return index >= 0 && index < fleet->clubs_count ? &fleet->clubs[index] : NULL;
}

static bool hex_value(struct str text, uint32_t *ret_value)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret_value = value;
    return true;
}

static const struct sim_course *course_at(const struct fleet *fleet, uint64_t index)
{
    if (index / SIM_CLUB_COURSES_MAX >= fleet->clubs_count)
        return NULL;
    const struct sim_club *club = &fleet->clubs[index / SIM_CLUB_COURSES_MAX];
    uint64_t number = index % SIM_CLUB_COURSES_MAX;
    return number < club->courses_count ? &club->courses[number] : NULL;
}

const struct sim_course *fleet_course(const struct fleet *fleet, int64_t id)
{
    return id < FIRST_COURSE_ID ? NULL : course_at(fleet, (uint64_t)(id - FIRST_COURSE_ID));
}

const struct sim_course *fleet_course_by_uuid(const struct fleet *fleet, struct str uuid)
{
    uint32_t index = 0;
    if (uuid.len != SIM_UUID_LEN ||
        !hex_value((struct str){ uuid.ptr + SIM_UUID_LEN - 8, 8 }, &index))
        return NULL;
    const struct sim_course *course = course_at(fleet, index);
    return course && str_equal(uuid, str_of(course->uuid)) ? course : NULL;
}

static void put_quoted(struct buf *out, struct str text)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, text.ptr[i]);
    }
    buf_putc(out, '"');
}

static void put_booking_url(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    if (club->engine->booking_url)
        club->engine->booking_url(row, out);
    else
        buf_printf(out, "https://%s/club/%s", club->engine->host, club->slug);
}

static void put_row(const struct sim_row *row, struct buf *out)
{
    char storage[1024];
    struct buf attributes = buf_over(storage, sizeof(storage));
    const struct sim_club *club = row->club;
    const struct sim_place *place = club->place;
    const struct sim_course *course = &club->courses[row->first_course];
    bool is_part = row->courses_count < club->courses_count;
    club->engine->attributes(row, &attributes);
    buf_printf(out, "%lld,%s%s%s,%s,%s,%s,%s,", (long long)row->id, club->name,
               is_part ? " " : "", is_part ? course->name : "", club->name, place->city,
               place->region, place->region_id);
    buf_printf(out, "%s,%s,%.4f,%.4f,%s,", place->country, place->zone, place->lat, place->lon,
               club->engine->name);
    put_quoted(out, buf_view(&attributes));
    buf_printf(out, ",%u,%u,%02u:%02u,%s,", course->holes[0], club->catalogue_window_days,
               club->opens_minute / 60u, club->opens_minute % 60u, place->currency);
    put_booking_url(row, out);
    buf_puts(out, ",true\n");
    assert(!attributes.overflow && !out->overflow);
}

bool fleet_ids_have(const struct fleet_ids *ids, int64_t id)
{
    for (uint32_t i = 0; i < ids->count; i++) {
        if (ids->ids[i] == id)
            return true;
    }
    return ids->count == 0;
}

ts_err fleet_write_catalogue(const struct fleet *fleet, const struct fleet_ids *only, FILE *out,
                             struct error *reterr)
{
    (void)fputs("id,name,club,city,region,region_id,country,timezone,lat,lon,engine,"
                "engine_attributes,holes,booking_window_days,booking_opens_at,currency,"
                "booking_url,active\n",
                out);
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        char storage[4096];
        struct buf line = buf_over(storage, sizeof(storage));
        if (!fleet_ids_have(only, fleet->rows[i].id))
            continue;
        put_row(&fleet->rows[i], &line);
        (void)fwrite(line.ptr, 1, line.len, out);
    }
    if (fflush(out) || ferror(out))
        return error_set(reterr, TS_ERR_IO, "the catalogue could not be written");
    return TS_ERR_OK;
}
