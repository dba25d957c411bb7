/*
 * teesnap_list.c: a day's tee sheet of one course: all tees, full ones too, each with its
 * prices and its sections; who is there is counted from the bookings' golfers, and forgotten.
 */
#include "base/day.h"
#include "engine/teesnap.h"

/* A tee sheet while it is read. */
struct reading {
    struct engine_task *task;
    struct engine_result *result;
    uint32_t course;
    unsigned players_max;
    const struct teesnap_booking *bookings;
    uint32_t bookings_count;
    char url[120];
    uint32_t sections, full, skipped;
    bool is_out_of_memory; /* of the task's arena */
};

static void skip_row(struct reading *reading, const char *field, size_t offset)
{
    reading->skipped++;
    engine_skip_row(reading->result, field, offset);
}

/* A tee time per kind of round that is sold. */
static void add_rounds(struct reading *reading, const struct teesnap_tee *tee,
                       const struct teesnap_section *section, unsigned players, size_t offset)
{
    struct json json = json_over(tee->prices);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct teesnap_price price;
        struct engine_fault fault;
        if (!teesnap_read_price(&json, &price, &fault)) {
            skip_row(reading, fault.field, offset);
            continue;
        }
        struct tee_time tee_time = {
            .start_minute = tee->minute,
            .holes = price.holes,
            .start_hole = section->start_hole,
            .party_sizes = tee_time_party_range(1, players),
            .routing = "",
            .rate_name = price.rate[0] ? price.rate : tee->rate,
            .engine_ref = "",
            .url_template = reading->url,
        };
        teesnap_set_price(&tee_time, &price);
        if (!engine_add_tee_time(reading->task, reading->course, &tee_time))
            reading->is_out_of_memory = true;
    }
    if (json_finish(&json) != JSON_OK)
        skip_row(reading, "prices", offset);
}

static const struct teesnap_booking *booking_find(const struct reading *reading, int64_t id)
{
    for (uint32_t i = 0; i < reading->bookings_count; i++)
        if (reading->bookings[i].id == id)
            return &reading->bookings[i];
    return NULL;
}

/* How many of a section's seats are free. False: a booking of it is not in the reply. */
static bool count_free(const struct reading *reading, struct str bookings, unsigned *ret_free)
{
    struct json json = json_over(bookings.len > 0 ? bookings : STR("[]"));
    unsigned golfers = 0;
    bool is_known = true;
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        int64_t id;
        bool has_id = json_i64(&json, &id);
        const struct teesnap_booking *booking = has_id ? booking_find(reading, id) : NULL;
        is_known = is_known && booking;
        golfers += booking ? booking->golfers : 0;
    }
    *ret_free = golfers < TEESNAP_SEATS ? TEESNAP_SEATS - golfers : 0;
    return is_known && json_finish(&json) == JSON_OK;
}

static void read_tee_sections(struct reading *reading, const struct teesnap_tee *tee,
                              size_t offset)
{
    struct json json = json_over(tee->sections);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct teesnap_section section;
        struct engine_fault fault;
        unsigned seats;
        bool is_readable = teesnap_read_section(&json, &section, &fault);
        if (!is_readable || !count_free(reading, section.bookings, &seats)) {
            skip_row(reading, is_readable ? "bookings" : fault.field, offset);
            continue;
        }
        reading->sections++;
        if (section.is_held || tee->is_shotgun)
            continue;
        if (seats == 0)
            reading->full++;
        else
            add_rounds(reading, tee, &section,
                       seats < reading->players_max ? seats : reading->players_max, offset);
    }
    if (json_finish(&json) != JSON_OK)
        skip_row(reading, "teeOffSections", offset);
}

/* Those that cannot be read are left out: the tees that name them cannot be read either. */
static bool load_bookings(struct reading *reading, struct str raw)
{
    struct json json = json_over(raw);
    struct teesnap_booking booking, *bookings;
    struct engine_fault fault;
    uint32_t count = 0;
    (void)json_enter_array(&json);
    while (json_next(&json))
        count++;
    bookings = arena_alloc(reading->task->arena, count > 0 ? count : 1, sizeof(*bookings));
    if (!bookings)
        return false;
    json = json_over(raw);
    (void)json_enter_array(&json);
    while (json_next(&json))
        if (teesnap_read_booking(&json, &booking, &fault))
            bookings[reading->bookings_count++] = booking;
    if (json_finish(&json) != JSON_OK)
        reading->bookings_count = 0;
    reading->bookings = bookings;
    return true;
}

static void read_tees(struct reading *reading, struct str raw, size_t base)
{
    struct json json = json_over(raw);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct teesnap_tee tee;
        struct engine_fault fault;
        size_t start = base + json_offset(&json);
        if (!teesnap_read_tee(&json, &tee, &fault))
            skip_row(reading, fault.field, base + fault.offset);
        else if (tee.date != reading->task->play_date)
            skip_row(reading, "teeTime", start);
        else
            read_tee_sections(reading, &tee, start);
    }
    if (json_finish(&json) != JSON_OK)
        skip_row(reading, "teeTimes", base);
}

/* All tees are in the reply: that every seat is taken is proven if none is held back. */
static enum outcome outcome_of(const struct reading *reading)
{
    if (reading->task->sheets[reading->course].tee_times_count > 0)
        return OUTCOME_OPEN;
    if (reading->skipped > 0)
        return OUTCOME_UNREADABLE;
    bool is_sold_out = reading->sections > 0 && reading->full == reading->sections;
    return is_sold_out ? OUTCOME_SOLD_OUT : OUTCOME_NONE_OPEN;
}

bool teesnap_list_read(struct engine_task *task, uint32_t course, unsigned players_max,
                       struct str body, struct engine_result *result)
{
    struct reading reading = { .task = task, .course = course, .players_max = players_max };
    struct buf url = buf_over(reading.url, sizeof(reading.url));
    struct tee_sheet *sheet = &task->sheets[course];
    struct teesnap_sheet lists;
    reading.result = result;
    buf_printf(&url, "https://%.*s" TEESNAP_DOMAIN "/?date=",
               STR_ARGS(course_attribute(task->courses[course], TEESNAP_SUBDOMAIN)));
    day_format(task->play_date, &url);
    if (!teesnap_read_sheet(body, &lists)) {
        sheet->outcome = OUTCOME_UNREADABLE;
        sheet->detail = "no lists of tee times and bookings";
        return true;
    }
    if (!load_bookings(&reading, lists.bookings))
        return false;
    read_tees(&reading, lists.tees, (size_t)(lists.tees.ptr - body.ptr));
    if (reading.is_out_of_memory)
        return false;
    sheet->outcome = outcome_of(&reading);
    if (sheet->outcome == OUTCOME_UNREADABLE)
        sheet->detail = "nothing open among the rows that could be read";
    return true;
}
