/* quick18.c: Quick18's page of a date, in the shape of the recordings. */
#include "quick18.h"

#define DOMAIN       "quick18.com"
#define OTHER_DOMAIN "play18.example"

enum { CHANCE_ABSOLUTE = 40 };

/* The page while it is written. */
struct page {
    struct writer *w;
    const struct sim_club *club;
    int32_t date;
    const struct quick18_column *columns;
    uint32_t columns_count;
    struct sim_sheet sheets[2];
};

/* --- the fleet --- */

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    static const uint32_t all[] = { QUICK18_CART, QUICK18_LOOPS, QUICK18_RIDING,
                                    QUICK18_SUBCOURSE };
    (void)mix;
    return all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    static const char *const loops[] = { "18 Holes (Double Loop)", "9 Holes" };
    static const char *const subcourses[] = { "Lake & Forest", "Old Links" };
    club->courses_count = quick18_has_course_column(club) ? 2 : 1;
    club->row_per_course = club->variant == QUICK18_SUBCOURSE;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        struct sim_course *course = &club->courses[i];
        course->holes[0] = club->variant == QUICK18_LOOPS && i == 1 ? 9 : 18;
        course->holes_count = 1;
        if (quick18_has_course_column(club))
            course->name = club->row_per_course ? subcourses[i] : loops[i];
    }
}

static const char *domain_of(const struct sim_club *club)
{
    return club->variant == QUICK18_SUBCOURSE ? OTHER_DOMAIN : DOMAIN;
}

static void attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    buf_printf(out, "{\"subdomain\": \"%s\"", club->slug);
    if (club->variant == QUICK18_SUBCOURSE)
        buf_printf(out, ", \"domain\": \"" OTHER_DOMAIN "\", \"sub_course\": \"%s\"",
                   club->courses[row->first_course].name);
    buf_puts(out, "}");
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://%s.%s", row->club->slug, domain_of(row->club));
}

/* --- the matrix --- */

static void put_escaped(struct writer *w, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            PUT(w, "&amp;");
        else
            put_bytes(w, text, 1);
    }
}

static void put_header(const struct page *page)
{
    struct writer *w = page->w;
    PUT(w, "<thead>\n<tr>\n<th class=\"mtrxHdrTeeTimes\">Tee Time</th>\n");
    if (quick18_has_course_column(page->club))
        PUT(w, "<th class=\"mtrxHdrCourse\">Course</th>\n");
    PUT(w, "<th class=\"matrixHdrPlayers\">Players</th>\n");
    for (uint32_t i = 0; i < page->columns_count; i++) {
        PUT(w, "    <th class=\"matrixHdrSched\">");
        put_escaped(w, page->columns[i].header);
        PUT(w, "</th>\n");
    }
    PUT(w, "</tr>\n</thead>\n");
}

/* "1 player", "1 or 2 players", "2 to 4 players" */
static void put_players(struct writer *w, unsigned min, unsigned max)
{
    put_u64(w, min);
    if (max > min) {
        put_text(w, max == min + 1 ? " or " : " to ");
        put_u64(w, max);
    }
    put_text(w, max > 1 ? " players" : " player");
}

static void put_price(struct writer *w, int32_t cents)
{
    PUT(w, "$");
    put_u64(w, (uint64_t)cents / 100);
    PUT(w, ".");
    put_2_digits(w, (unsigned)cents % 100);
}

/* Most tenants' links are relative. */
static void put_origin(const struct page *page)
{
    if (!random_percent(page->club->hash, CHANCE_ABSOLUTE, 25))
        return;
    PUT(page->w, "https://");
    put_text(page->w, page->club->slug);
    PUT(page->w, ".");
    put_text(page->w, domain_of(page->club));
}

static void put_offer(const struct page *page, const struct sim_sheet *sheet,
                      const struct sim_slot *slot, uint32_t column)
{
    struct writer *w = page->w;
    int32_t cents = quick18_offer(sheet, slot, column);
    if (cents < 0) {
        PUT(w,
            "<td class=\"matrixsched mtrxInactive\">\n  <div class=\"mtrxPriceNA\">N/A</div>\n"
            "  <div class=\"mtrxAvailMessage\">Rate not available</div>\n</td>\n");
        return;
    }
    char stamp[16];
    struct buf out = buf_over(stamp, sizeof(stamp));
    quick18_put_stamp(page->date, slot->minute, &out);
    PUT(w, "<td class=\"matrixsched \">\n  <div class=\"mtrxPrice\">");
    put_price(w, cents);
    PUT(w, "</div>\n  <div class=\"mtrxSelect\"><a class=\"sexybutton teebutton\" href=\"");
    put_origin(page);
    PUT(w, "/teetimes/course/");
    put_u64(w, (uint64_t)sheet->course->id);
    PUT(w, "/teetime/");
    put_text(w, stamp);
    PUT(w, "?psid=");
    put_u64(w, quick18_rate(page->club, column));
    PUT(w, "&amp;p=0\"><span><span class=\"ok\">Select</span></span></a></div>\n</td>\n");
}

static void put_row(const struct page *page, const struct sim_sheet *sheet,
                    const struct sim_slot *slot)
{
    struct writer *w = page->w;
    unsigned hour = slot->minute / 60u;
    PUT(w, "<tr>\n<td class=\"mtrxTeeTimes\">\n    ");
    put_u64(w, hour % 12 ? hour % 12 : 12);
    PUT(w, ":");
    put_2_digits(w, slot->minute % 60u);
    PUT(w, "<div class=\"be_tee_time_ampm\">");
    put_text(w, hour < 12 ? "AM" : "PM");
    PUT(w, "</div>\n</td>\n");
    if (quick18_has_course_column(page->club)) {
        PUT(w, "<td class=\"mtrxCourse\">\n    ");
        put_escaped(w, sheet->course->name);
        PUT(w, "\n</td>\n");
    }
    PUT(w, "<td class=\"matrixPlayers\">");
    put_players(w, quick18_size_min(page->club, slot), SIM_PARTY_MAX - (unsigned)slot->booked);
    PUT(w, "</td>\n");
    for (uint32_t i = 0; i < page->columns_count; i++)
        put_offer(page, sheet, slot, i);
    PUT(w, "</tr>\n");
}

/* The rows of both sub-courses by start. */
static void put_rows(const struct page *page)
{
    uint32_t next[2] = { 0, 0 };
    for (;;) {
        const struct sim_sheet *first = &page->sheets[0], *second = &page->sheets[1];
        bool first_ended = next[0] == first->count, second_ended = next[1] == second->count;
        if (first_ended && second_ended)
            return;
        bool take_second = first_ended || (!second_ended && second->slots[next[1]].minute <
                                                                first->slots[next[0]].minute);
        const struct sim_sheet *sheet = take_second ? second : first;
        const struct sim_slot *slot = &sheet->slots[next[take_second]++];
        if (quick18_lists(sheet, slot))
            put_row(page, sheet, slot);
    }
}

/* --- around it --- */

static void put_day_link(struct writer *w, int32_t date, const char *text)
{
    char stamp[16];
    struct buf out = buf_over(stamp, sizeof(stamp));
    quick18_put_stamp(date, 0, &out);
    PUT(w, "<a class=\"sexybutton teebutton\" href=\"/teetimes/searchmatrix?teedate=");
    put_bytes(w, stamp, 8);
    PUT(w, "\">");
    put_text(w, text);
    PUT(w, "</a>\n");
}

static void put_search_form(const struct page *page)
{
    struct writer *w = page->w;
    int year, month, day;
    day_to_civil(page->date, &year, &month, &day);
    PUT(w, "<form action=\"/teetimes/searchmatrix\" method=\"post\">\n"
           "<input type=\"text\" class=\"be_searchtbl_from_input\" id=\"SearchForm_Date\" "
           "name=\"SearchForm.Date\" value=\"");
    put_u64(w, (uint64_t)month);
    PUT(w, "/");
    put_u64(w, (uint64_t)day);
    PUT(w, "/");
    put_u64(w, (uint64_t)year);
    PUT(w, "\" />\n</form>\n");
}

static void put_top(const struct page *page)
{
    struct writer *w = page->w;
    PUT(w, "<!DOCTYPE html>\n<html>\n<head>\n<title>");
    put_text(w, page->club->name);
    PUT(w,
        " Tee Times</title>\n<script type=\"text/javascript\">\n"
        "  var element = $(\".matrixTable\")[0];\n  if (1 < 2 && element) { fix(element); }\n"
        "</script>\n</head>\n<body id=\"be_step_search\">\n"
        "<div id=\"be_coursename\">");
    put_text(w, page->club->name);
    PUT(w,
        "</div>\n<table id=\"be_tabs\"><tr><td class=\"be_tab\">Tee Times</td></tr></table>\n"
        "<ul><li>Singles may join open groups.<li>Carts &ndash; by availability</ul>\n");
    put_search_form(page);
    put_day_link(w, page->date - 1, "Previous");
    put_day_link(w, page->date, "Today");
    put_day_link(w, page->date + 1, "Next");
}

static void put_page(const struct page *page, bool has_table)
{
    struct writer *w = page->w;
    put_top(page);
    PUT(w, "<div id=\"searchMatrix\">\n");
    if (has_table) {
        PUT(w, "<table class=\"matrixTable\" border=\"1\">\n");
        put_header(page);
        PUT(w, "<tbody>\n");
        put_rows(page);
        PUT(w, "</tbody>\n</table>\n");
    }
    PUT(w, "</div>\n<div id=\"be_footer\"><a>Tee Times Powered By Quick18</a></div>\n"
           "</body>\n</html>\n");
}

/* --- requests --- */

/* "20260714"; anything else shows today, as the page does. */
static int32_t read_date(const struct sim_world *world, const struct sim_request *request,
                         const struct sim_club *club)
{
    struct str text = tenant_arg(request, "teedate");
    int64_t number;
    uint16_t minute;
    int32_t date;
    if (text.len == 8 && str_to_i64(text, 19700101, 99991231, &number))
        return day_from_civil((int)(number / 10000), (int)(number / 100 % 100),
                              (int)(number % 100));
    zone_local(club->zone, world->now, &date, &minute);
    return date;
}

static void answer_page(const struct sim_world *world, const struct sim_request *request,
                        struct sim_reply *reply)
{
    struct page page = { .w = &reply->body, .club = reply->club };
    page.date = read_date(world, request, page.club);
    page.columns = quick18_columns(page.club, &page.columns_count);
    for (uint32_t i = 0; i < page.club->courses_count; i++) {
        if (tenant_day_has_sheet(world, page.club, page.date))
            sheet_build(world, &page.club->courses[i], page.date, &page.sheets[i]);
    }
    reply->is_spoilt = request->no_table;
    put_page(&page, !request->no_table);
}

static bool owns(const struct sim_request *request)
{
    struct str slug;
    return tenant_of_host(request, DOMAIN, &slug) ||
           tenant_of_host(request, OTHER_DOMAIN, &slug);
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    struct str slug = STR("");
    bool is_other = tenant_of_host(request, OTHER_DOMAIN, &slug);
    if (!is_other)
        (void)tenant_of_host(request, DOMAIN, &slug);
    const struct sim_club *club = tenant_club(world->fleet, &sim_quick18, slug);
    if (club && is_other == (club->variant == QUICK18_SUBCOURSE))
        reply->club = club;
    if (!reply->club || request->is_post ||
        !str_equal(request->path, STR("/teetimes/searchmatrix")))
        sim_reply_refuse(reply, 404, "<!DOCTYPE html><html><body>Not found</body></html>\n");
    else
        answer_page(world, request, reply);
    reply->content_type = "text/html; charset=utf-8";
}

const struct sim_engine sim_quick18 = {
    .name = "quick18",
    .host = DOMAIN,
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = quick18_truth,
};
