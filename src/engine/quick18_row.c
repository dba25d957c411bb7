/* quick18_row.c: a row of Quick18's matrix, and the tee times that it offers. */
#include <ctype.h>

#include "engine/quick18.h"

/* The best offer of a row for one hole count. */
struct best {
    const struct quick18_rate *rate;
    const struct quick18_offer *offer;
    struct quick18_link link;
    int32_t cents;
};

static bool row_is_for(const struct course *course, const struct quick18_row *row)
{
    struct str wanted = str_trim(course_attribute(course, QUICK18_SUB_COURSE));
    return wanted.len == 0 || str_equal_nocase(wanted, quick18_text_view(&row->course));
}

/* Whether the comma there parts thousands: in "39,50" it does not. */
static bool parts_thousands(struct str text, size_t comma)
{
    size_t digits = 0;
    while (comma + 1 + digits < text.len &&
           isdigit((unsigned char)text.ptr[comma + 1 + digits]))
        digits++;
    return digits == 3;
}

/* "$1,039.00"; unknown where it is none, or zero. */
static int32_t price_of(const struct quick18_text *text)
{
    char storage[ENGINE_TEXT_MAX + 1];
    struct buf number = buf_over(storage, sizeof(storage));
    struct str shown = quick18_text_view(text);
    int32_t cents = 0;
    size_t at = 0;
    while (at < shown.len && !isdigit((unsigned char)shown.ptr[at]) && shown.ptr[at] != '-')
        at++;
    for (; at < shown.len; at++)
        if (shown.ptr[at] != ',' || !parts_thousands(shown, at))
            buf_putc(&number, shown.ptr[at]);
    if (!str_to_cents(buf_view(&number), &cents) || cents == 0)
        return TEE_TIME_PRICE_UNKNOWN;
    return cents;
}

/* A price without a cart, where the page sells the same holes with one too. */
static uint8_t basis_of(const struct quick18_page *page, const struct quick18_rate *rate)
{
    for (uint32_t i = 0; i < page->rates_count; i++)
        if (rate->basis == PRICE_BASIS_UNKNOWN && rate->holes > 0 &&
            page->rates[i].holes == rate->holes && page->rates[i].basis == PRICE_BASIS_CART)
            return PRICE_BASIS_WALKING;
    return rate->basis;
}

static bool is_better(const struct best *other, const struct best *known)
{
    if (other->rate->is_reduced != known->rate->is_reduced)
        return !other->rate->is_reduced;
    return other->cents != TEE_TIME_PRICE_UNKNOWN &&
           (known->cents == TEE_TIME_PRICE_UNKNOWN || other->cents < known->cents);
}

/* The hole count is the column's, else the sub-course's. */
static uint8_t holes_of(const struct quick18_row *row, const struct quick18_rate *rate)
{
    return rate->holes > 0 ? rate->holes : quick18_holes(quick18_text_view(&row->course));
}

static bool add(struct quick18_reading *reading, const struct quick18_page *page,
                const struct quick18_row *row, const struct best *best)
{
    char ref_storage[64], link_storage[2 * QUICK18_LINK_MAX + 20];
    struct engine_task *task = reading->task;
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf link = buf_over(link_storage, sizeof(link_storage));
    char course[ENGINE_TEXT_MAX + 1], rate[ENGINE_TEXT_MAX + 1];
    struct tee_time tee_time = {
        .start_minute = best->link.minute,
        .holes = holes_of(row, best->rate),
        .party_sizes = quick18_party(quick18_text_view(&row->players)),
        .price_cents = best->rate->is_reduced ? TEE_TIME_PRICE_UNKNOWN : best->cents,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .routing = quick18_text_copy(&row->course, course),
        .rate_name = quick18_text_copy(&best->rate->name, rate),
        .engine_ref = ref.ptr,
        .url_template = link.ptr,
    };
    if (tee_time.price_cents != TEE_TIME_PRICE_UNKNOWN)
        tee_time.price_basis = basis_of(page, best->rate);
    buf_printf(&ref, "%.*s-%.*s-%.*s", STR_ARGS(best->link.course_id),
               STR_ARGS(best->link.stamp), STR_ARGS(best->link.rate_id));
    if (best->offer->link[0] == '/') {
        buf_puts(&link, "https://");
        quick18_host_of(task->courses[0], &link);
    }
    buf_puts(&link, best->offer->link);
    for (uint32_t i = 0; i < task->courses_count; i++)
        if (row_is_for(task->courses[i], row) && !engine_add_tee_time(task, i, &tee_time))
            return false;
    return true;
}

static const char *fault_of(const struct quick18_reading *reading,
                            const struct quick18_page *page, const struct quick18_row *row,
                            const struct quick18_offer *offer, struct quick18_link *ret_link)
{
    if (offer->is_link_cut || !quick18_read_link(str_of(offer->link), ret_link))
        return "link";
    if (ret_link->date != reading->task->play_date)
        return "link's date";
    if (page->has_course_column && quick18_text_view(&row->course).len == 0)
        return "Course";
    return quick18_party(quick18_text_view(&row->players)) == 0 ? "Players" : NULL;
}

/* The row's best offers, one per hole count. */
struct bests {
    struct best all[QUICK18_COLUMNS_MAX];
    uint32_t count;
};

static void choose(struct bests *bests, const struct quick18_row *row, const struct best *offer)
{
    for (uint32_t i = 0; i < bests->count; i++) {
        if (holes_of(row, bests->all[i].rate) != holes_of(row, offer->rate))
            continue;
        if (is_better(offer, &bests->all[i]))
            bests->all[i] = *offer;
        return;
    }
    bests->all[bests->count++] = *offer;
}

/* False: nothing of it could be read, though it offers something. */
static bool read_offers(struct quick18_reading *reading, const struct quick18_page *page,
                        const struct quick18_row *row, struct bests *bests)
{
    uint32_t lost = 0;
    if (row->offers_count != page->rates_count || page->has_too_many_columns) {
        engine_skip_row(reading->result, "columns", 0);
        return false;
    }
    for (uint32_t i = 0; i < row->offers_count; i++) {
        const struct quick18_offer *offer = &row->offers[i];
        struct best best = { .rate = &page->rates[i], .offer = offer };
        if (offer->is_inactive)
            continue;
        const char *fault = fault_of(reading, page, row, offer, &best.link);
        if (fault) {
            engine_skip_row(reading->result, fault, 0);
            lost++;
            continue;
        }
        best.cents = price_of(&offer->price);
        choose(bests, row, &best);
    }
    return lost == 0 || bests->count > 0;
}

bool quick18_take_row(void *ctx, const struct quick18_page *page, const struct quick18_row *row)
{
    struct quick18_reading *reading = ctx;
    struct bests bests = { .count = 0 };
    bool is_read = read_offers(reading, page, row, &bests);
    reading->rows++;
    reading->lost += !is_read;
    reading->has_offer = reading->has_offer || bests.count > 0;
    for (uint32_t i = 0; i < reading->task->courses_count; i++) {
        bool may_be_for = quick18_text_view(&row->course).len == 0 ||
                          row_is_for(reading->task->courses[i], row);
        reading->read_for[i] = reading->read_for[i] || (may_be_for && is_read);
        reading->lost_for[i] = reading->lost_for[i] || (may_be_for && !is_read);
    }
    for (uint32_t i = 0; i < bests.count; i++)
        if (!add(reading, page, row, &bests.all[i]))
            return false;
    return true;
}
