/* cps_list.c: the list of a date, in the shape of the recordings: rows, NO_TEETIMES, errors. */
#include "cps.h"
#include "memory.h"

#define NO_TEETIMES_TEXT "No tee times available,please try different criteria."

struct question {
    const struct sim_club *club;
    int32_t date;
    uint32_t courses;       /* bit n: the club's n-th */
    int64_t holes, players; /* filters; 0: any */
    struct str transaction;
};

/* --- rows --- */

/* Cents and a fraction of one that rounding removes, in four or ten decimals. */
static void put_price(struct writer *w, int32_t cents, uint64_t hash)
{
    int64_t value = (int64_t)cents * 100;
    if (random_percent(hash, CPS_CHANCE_FRACTION, 30))
        value += (int64_t)random_below(hash, CPS_CHANCE_FRACTION + 100, 99) - 49;
    put_u64(w, (uint64_t)(value / 10000));
    PUT(w, ".");
    put_2_digits(w, (unsigned)(value / 100 % 100));
    put_2_digits(w, (unsigned)(value % 100));
    if (hash & 32)
        PUT(w, "000000");
}

static void put_item_code(struct writer *w, const struct cps_item *item)
{
    static const char *const names[] = { [CPS_GREEN_FEE] = "GreenFee",
                                         [CPS_GREEN_FEE_ONLINE] = "GreenFee",
                                         [CPS_PACKAGE] = "Package",
                                         [CPS_FULL_CART] = "FullCart",
                                         [CPS_HALF_CART] = "HalfCart" };
    KEY(w, "shItemCode");
    PUT(w, "\"");
    put_text(w, names[item->kind]);
    put_u64(w, item->holes);
    if (item->kind == CPS_GREEN_FEE_ONLINE)
        PUT(w, "Online");
    PUT(w, "\"");
}

static void put_item(struct writer *w, const struct sim_club *club, const struct cps_item *item,
                     uint64_t hash)
{
    put_separator(w);
    put_open(w, '{');
    put_item_code(w, item);
    KEY(w, "price");
    put_price(w, item->cents, hash);
    KEY(w, "taxInclusivePrice");
    put_price(w, item->cents * 27 / 25, hash);
    if (!cps_is_v4(club)) {
        KEY(w, "priceBeforeDiscount");
        put_price(w, item->cents * 5 / 4, hash);
    }
    KEY(w, "itemDesc");
    if (item->name)
        put_string(w, item->name);
    else
        PUT(w, "null");
    if (!cps_is_lean(club)) {
        KEY(w, "displayPrice");
        put_price(w, item->cents, hash);
        KEY(w, "classCode");
        PUT(w, "\"R\"");
        KEY(w, "taxCode");
        PUT(w, "\"N/A\"");
    }
    put_close(w, '}');
}

static void put_items(struct writer *w, const struct sim_sheet *sheet,
                      const struct sim_slot *slot)
{
    struct cps_item items[CPS_ITEMS_MAX];
    uint32_t count = cps_items(sheet, slot, items);
    KEY(w, "shItemPrices");
    put_open(w, '[');
    for (uint32_t i = 0; i < count; i++)
        put_item(w, sheet->course->club, &items[i], random_mix(slot->hash, i));
    put_close(w, ']');
}

static void put_local(struct writer *w, int32_t date, unsigned minute)
{
    char text[16];
    struct buf out = buf_over(text, sizeof(text));
    day_format(date, &out);
    PUT(w, "\"");
    put_text(w, text);
    PUT(w, "T");
    put_2_digits(w, minute / 60);
    PUT(w, ":");
    put_2_digits(w, minute % 60);
    PUT(w, ":00\"");
}

static void put_holes(struct writer *w, const struct sim_sheet *sheet,
                      const struct sim_slot *slot)
{
    bool both = cps_sells_both(sheet->course, slot);
    if (!both) {
        KEY(w, "is18HoleOnly");
        PUT(w, "true");
    }
    KEY(w, "holes"); /* of the layout: says nothing */
    put_u64(w, both && slot->hash & 64 ? 9 : 18);
    KEY(w, "defaultHoles");
    put_u64(w, both ? 18 : 0);
    if (!cps_is_lean(sheet->course->club)) {
        KEY(w, "holesDisplay");
        put_string(w, both ? "9 or 18" : "18");
    }
    if (!both || cps_disables_9(slot)) {
        KEY(w, "isDisabled9Hole");
        PUT(w, "true");
    }
}

static void put_seats(struct writer *w, const struct sim_slot *slot)
{
    unsigned free_count = SIM_PARTY_MAX - (unsigned)slot->booked;
    unsigned first = slot->hash & 128 ? 1 : 1u + slot->booked; /* which seats are taken */
    KEY(w, "availableParticipantNo");
    put_open(w, '[');
    for (unsigned i = 0; i < free_count; i++) {
        put_separator(w);
        put_u64(w, first + i);
    }
    put_close(w, ']');
}

static void put_players(struct writer *w, const struct sim_club *club,
                        const struct sim_slot *slot)
{
    bool refuses_single = cps_refuses_single(club, slot);
    KEY(w, "participants");
    put_u64(w, SIM_PARTY_MAX);
    if (!cps_counts_seats(club)) {
        KEY(w, "minPlayer");
        put_u64(w, refuses_single && slot->hash & 256 ? 2 : 1);
        KEY(w, "maxPlayer");
        put_u64(w, SIM_PARTY_MAX - (unsigned)slot->booked);
    }
    if (refuses_single) {
        KEY(w, "isNotAllowSingleBooking");
        PUT(w, "true");
    }
    if (!cps_is_lean(club))
        put_seats(w, slot);
}

/* Who plays is in some replies. The names are invented; tests look for them in stores. */
static void put_people(struct writer *w, const struct sim_slot *slot)
{
    KEY(w, "bookingList");
    PUT(w, "[]");
    if (slot->booked == 0 || slot->hash & 512)
        return;
    KEY(w, "playerNames");
    PUT(w, "[\"Quincy Nevermind\"]");
    KEY(w, "bookingNotes");
    PUT(w, "[\"Wilhelmina Nevermind, cart 7\"]");
    KEY(w, "blockTexts");
    PUT(w, "[]");
}

static void put_row(struct writer *w, const struct sim_sheet *sheet,
                    const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    put_separator(w);
    put_open(w, '{');
    put_people(w, slot);
    KEY(w, "teeSheetId");
    put_u64(w, (uint64_t)slot->id);
    KEY(w, "startTime");
    put_local(w, sheet->date, slot->minute);
    KEY(w, "courseTimeId");
    put_u64(w, 3 * (uint64_t)course->id);
    KEY(w, "startingTee");
    put_u64(w, slot->hole);
    KEY(w, "courseId");
    put_u64(w, (uint64_t)course->id);
    KEY(w, "courseDate");
    put_local(w, sheet->date, 0);
    KEY(w, "siteId");
    put_u64(w, 1 + course->index % SIM_CLUB_COURSES_MAX);
    KEY(w, "courseName");
    PUT(w, "\"");
    put_text(w, course->name);
    put_text(w, cps_club_percent(course->club, CPS_CHANCE_BLANK, 30) ? " \"" : "\"");
    put_holes(w, sheet, slot);
    put_players(w, course->club, slot);
    put_items(w, sheet, slot);
    KEY(w, "defaultClassCode");
    PUT(w, "\"R\"");
    put_close(w, '}');
}

/* --- the list --- */

static bool is_asked(const struct question *question, const struct sim_sheet *sheet,
                     const struct sim_slot *slot)
{
    bool has_holes =
        question->holes == 0 || question->holes == 18 || cps_sells_both(sheet->course, slot);
    unsigned free_count = SIM_PARTY_MAX - (unsigned)slot->booked;
    return has_holes && (question->players == 0 || question->players <= free_count);
}

/* Some full slots are listed, too. */
static bool is_listed(const struct question *question, const struct sim_sheet *sheet,
                      const struct sim_slot *slot)
{
    if (slot->blocked || sheet->day != SIM_DAY_OPEN || !is_asked(question, sheet, slot))
        return false;
    return slot->booked < SIM_PARTY_MAX ||
           random_percent(slot->hash, CPS_CHANCE_LISTED_FULL, 10);
}

/* How many slots of the sheet can be booked and are asked for. */
static uint32_t count_bookable(const struct question *question, const struct sim_sheet *sheet)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sheet->count; i++)
        count += is_asked(question, sheet, &sheet->slots[i]) &&
                 cps_is_bookable(sheet, &sheet->slots[i]);
    return count;
}

static void put_envelope(struct writer *w, const struct question *question)
{
    put_open(w, '{');
    if (question->transaction.len > 0) {
        KEY(w, "transactionId");
        PUT(w, "\"");
        put_bytes(w, question->transaction.ptr, question->transaction.len);
        PUT(w, "\"");
    }
    KEY(w, "isSuccess");
    PUT(w, "true");
    KEY(w, "content");
}

static void put_nothing(struct writer *w, const struct question *question)
{
    if (question->club->variant == CPS_V4_OLD) {
        PUT(w, "{\"messageKey\":\"NO_TEETIMES\"}");
        return;
    }
    put_envelope(w, question);
    PUT(w, "{\"messageKey\":\"NO_TEETIMES\",\"messageTemplate\":\"No tee times available\","
           "\"messageAppearance\":\"Appears when there are none\",\"messageDetail\":\"");
    put_text(w, question->club->hash & 32 ? "<p>" NO_TEETIMES_TEXT "</p>" : NO_TEETIMES_TEXT);
    PUT(w, "\",\"messageType\":\"Attention\"}");
    put_close(w, '}');
}

static void put_list(struct writer *w, const struct question *question,
                     const struct sim_sheet *sheets)
{
    bool is_bare = question->club->variant == CPS_V4_OLD;
    if (!is_bare)
        put_envelope(w, question);
    put_open(w, '[');
    for (uint32_t c = 0; c < SIM_CLUB_COURSES_MAX; c++) {
        for (uint32_t i = 0; i < sheets[c].count; i++) {
            if (is_listed(question, &sheets[c], &sheets[c].slots[i]))
                put_row(w, &sheets[c], &sheets[c].slots[i]);
        }
    }
    put_close(w, ']');
    if (!is_bare)
        put_close(w, '}');
}

/* A few lists say falsely that there is nothing, never twice in a row. */
static bool is_false_empty(const struct sim_request *request, const struct question *question)
{
    uint64_t key = random_mix(question->club->hash, (uint64_t)question->date + 7000000);
    if (!request->memory)
        return false;
    if (memory_has(request->memory, key)) {
        memory_drop(request->memory, key);
        return false;
    }
    bool is_false = random_percent(random_mix(key, request->number), CPS_CHANCE_FALSE_EMPTY, 3);
    if (is_false)
        memory_keep(request->memory, key);
    return is_false;
}

static bool website_is_right(const struct sim_request *request, const struct sim_club *club)
{
    char uuid[SIM_UUID_LEN];
    cps_website_id(club, uuid);
    return str_equal_nocase(sim_request_header(request, "x-websiteid"),
                            (struct str){ uuid, sizeof(uuid) });
}

/* --- the question --- */

/* 1 to 12 for "Jan" to "Dec"; 0: no month. */
static int month_of(struct str name)
{
    for (int month = 12; name.len == 3 && month > 0; month--) {
        if (memcmp(tenant_months[month - 1], name.ptr, 3) == 0)
            return month;
    }
    return 0;
}

/* "Thu Apr 30 2026" or "2026-04-30" */
static bool read_date(struct str text, int32_t *ret_date)
{
    struct str weekday, month, day_text, year_text;
    int64_t day, year;
    if (day_parse(text, ret_date))
        return true;
    if (!str_split(&text, ' ', &weekday) || !str_split(&text, ' ', &month) ||
        !str_split(&text, ' ', &day_text) || !str_split(&text, ' ', &year_text))
        return false;
    if (weekday.len != 3 || month_of(month) == 0 || !str_to_i64(day_text, 1, 31, &day) ||
        !str_to_i64(year_text, 1970, 9999, &year))
        return false;
    *ret_date = day_from_civil((int)year, month_of(month), (int)day);
    return memcmp(tenant_weekdays[day_weekday(*ret_date)], weekday.ptr, 3) == 0;
}

static bool read_courses(struct str ids, struct question *question)
{
    struct str id;
    while (str_split(&ids, ',', &id)) {
        const struct sim_course *course = tenant_course(question->club, id);
        if (!course)
            return false;
        question->courses |= 1u << (course - question->club->courses);
    }
    return question->courses != 0;
}

/* A missing argument is 0, that is: any. */
static bool read_number(const struct sim_request *request, const char *name, int64_t max,
                        int64_t *ret_value)
{
    struct str text = tenant_arg(request, name);
    *ret_value = 0;
    return text.len == 0 || str_to_i64(text, 0, max, ret_value);
}

static bool read_question(const struct sim_request *request, struct question *question,
                          struct sim_reply *reply)
{
    int64_t hour;
    const char *error = NULL;
    if (!read_date(tenant_arg(request, "searchDate"), &question->date))
        error = "{\"error\":\"Invalid searchDate\"}";
    else if (!read_courses(tenant_arg(request, "courseIds"), question))
        error = "{\"error\":\"Invalid courseIds\"}";
    else if (!read_number(request, "holes", 18, &question->holes) ||
             !read_number(request, "numberOfPlayer", 4, &question->players) ||
             !read_number(request, "teeOffTimeMin", 24, &hour) ||
             !read_number(request, "teeOffTimeMax", 24, &hour))
        error = "{\"error\":\"Invalid filter\"}";
    if (error)
        tenant_refuse(reply, 400, error);
    return !error;
}

static bool transaction_is_right(const struct sim_request *request,
                                 const struct question *question)
{
    if (question->transaction.len == 0)
        return cps_is_v4(question->club);
    return !request->memory || memory_has(request->memory, tenant_hash(question->club->hash,
                                                                       question->transaction));
}

/* The sheets of the courses asked, empty for others; returns how many slots can be booked. */
static uint32_t build_sheets(const struct sim_world *world, const struct question *question,
                             struct sim_sheet sheets[SIM_CLUB_COURSES_MAX])
{
    bool has_sheet = tenant_day_has_sheet(world, question->club, question->date);
    uint32_t bookable = 0;
    for (uint32_t i = 0; i < SIM_CLUB_COURSES_MAX; i++) {
        sheets[i].count = 0;
        if (!has_sheet || !(question->courses >> i & 1))
            continue;
        sheet_build(world, &question->club->courses[i], question->date, &sheets[i]);
        bookable += count_bookable(question, &sheets[i]);
    }
    return bookable;
}

void cps_answer_list(const struct sim_world *world, const struct sim_request *request,
                     struct sim_reply *reply)
{
    struct question question = { .club = reply->club };
    struct sim_sheet sheets[SIM_CLUB_COURSES_MAX];
    question.transaction = tenant_arg(request, "transactionId");
    if (!transaction_is_right(request, &question)) {
        tenant_refuse(reply, 400, "{\"error\":\"Invalid Transaction Id\"}");
        return;
    }
    if (!read_question(request, &question, reply))
        return;
    if (!sheet_past(world, reply->club, question.date) &&
        !sheet_released(world, reply->club, question.date)) {
        tenant_refuse(reply, 400,
                      "\"Sorry, you are not able to book this tee time currently.\"");
        return;
    }
    if (build_sheets(world, &question, sheets) == 0 ||
        !website_is_right(request, reply->club) || is_false_empty(request, &question))
        put_nothing(&reply->body, &question);
    else
        put_list(&reply->body, &question, sheets);
}
