/* quick18_text.c: the texts in Quick18's cells: parties, hole counts, dates and links. */
#include <ctype.h>

#include "base/day.h"
#include "engine/quick18.h"

#define HOLES_MAX 36

static bool is_digit(struct str text, size_t at)
{
    return at < text.len && isdigit((unsigned char)text.ptr[at]);
}

/* The length of the blank that stands at `at` (a no-break space has two bytes), or 0. */
static size_t blank_len(struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    bool is_c1 = c == 0xc2 && at + 1 < text.len && (unsigned char)text.ptr[at + 1] <= 0xa0;
    if (is_c1)
        return 2;
    return c <= ' ' || c == 0x7f ? 1 : 0;
}

/* How many bytes the character that starts with this byte has. */
static size_t character_len(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xe0)
        return 2;
    return first < 0xf0 ? 3 : 4;
}

void quick18_text_add(struct quick18_text *text, struct str more)
{
    size_t at = 0;
    while (at < more.len) {
        size_t blank = blank_len(more, at), len = character_len((unsigned char)more.ptr[at]);
        if (blank > 0) {
            bool is_wanted = text->len > 0 && text->bytes[text->len - 1] != ' ';
            if (is_wanted && text->len < ENGINE_TEXT_MAX)
                text->bytes[text->len++] = ' ';
            at += blank;
            continue;
        }
        if (at + len > more.len || text->len + len > ENGINE_TEXT_MAX)
            break;
        memcpy(text->bytes + text->len, more.ptr + at, len);
        text->len += (uint32_t)len;
        at += len;
    }
    text->bytes[text->len] = '\0';
}

struct str quick18_text_view(const struct quick18_text *text)
{
    return str_trim((struct str){ text->bytes, text->len });
}

const char *quick18_text_copy(const struct quick18_text *text, char into[ENGINE_TEXT_MAX + 1])
{
    struct str view = quick18_text_view(text);
    if (view.len > 0)
        memcpy(into, view.ptr, view.len);
    into[view.len] = '\0';
    return into;
}

/* Takes a number off the front of *rest. */
static bool take_number(struct str *rest, unsigned *ret_number)
{
    size_t len = 0;
    int64_t value;
    while (is_digit(*rest, len))
        len++;
    if (!str_to_i64((struct str){ rest->ptr, len }, 0, 99, &value))
        return false;
    *ret_number = (unsigned)value;
    *rest = (struct str){ rest->ptr + len, rest->len - len };
    return true;
}

static bool take_word(struct str *rest, const char *word)
{
    struct str wanted = str_of(word), trimmed = str_trim(*rest);
    struct str front = { trimmed.ptr, wanted.len };
    if (trimmed.len < wanted.len || !str_equal_nocase(front, wanted))
        return false;
    *rest = str_trim((struct str){ trimmed.ptr + wanted.len, trimmed.len - wanted.len });
    return true;
}

/* What stands between two numbers; false: nothing that is known. */
static bool take_separator(struct str *rest, bool *ret_is_range)
{
    *ret_is_range = take_word(rest, "to") || take_word(rest, "-");
    return *ret_is_range || take_word(rest, "or") || take_word(rest, ",");
}

/* Numbers with "to", "or" or commas between them, then "player" or "players". */
uint8_t quick18_party(struct str text)
{
    uint8_t sizes = 0;
    unsigned first, last = 0;
    bool is_range = false;
    do {
        first = last;
        text = str_trim(text);
        if (!take_number(&text, &last) || last < 1 || last <= first)
            return 0;
        sizes |= tee_time_party_range(is_range ? first : last, last);
    } while (take_separator(&text, &is_range));
    bool is_end = take_word(&text, "players") || take_word(&text, "player");
    return is_end && text.len == 0 ? sizes : 0;
}

/* Whether the number at `at` is part of something else: an amount, a choice of two. */
static bool is_tied(struct str text, size_t at)
{
    struct str before = str_trim((struct str){ text.ptr, at });
    if (before.len == 0)
        return false;
    if (strchr("$.,/&-+", before.ptr[before.len - 1]))
        return true;
    return before.len >= 3 &&
           str_equal_nocase((struct str){ before.ptr + before.len - 3, 3 }, STR(" or"));
}

/* The hole count that starts at `at`; 0: none; HOLES_MAX + 1: one that is not clear. */
static unsigned holes_at(struct str text, size_t at)
{
    struct str rest = { text.ptr + at, text.len - at };
    unsigned number;
    if (!is_digit(text, at) || (at > 0 && is_digit(text, at - 1)) ||
        !take_number(&rest, &number))
        return 0;
    (void)take_word(&rest, "-");
    if (!take_word(&rest, "hole"))
        return 0;
    return number < 1 || number > HOLES_MAX || is_tied(text, at) ? HOLES_MAX + 1 : number;
}

uint8_t quick18_holes(struct str text)
{
    unsigned found = 0;
    for (size_t at = 0; at < text.len; at++) {
        unsigned number = holes_at(text, at);
        if (number > HOLES_MAX || (number > 0 && found > 0 && number != found))
            return 0;
        found = number > 0 ? number : found;
    }
    return (uint8_t)found;
}

/* The digits that follow `name` in the text; empty: none. */
static struct str digits_after(struct str text, const char *name)
{
    size_t name_len = strlen(name), len = 0;
    for (size_t at = 0; at + name_len <= text.len; at++) {
        struct str here = { text.ptr + at, name_len };
        if (!str_equal(here, str_of(name)))
            continue;
        while (is_digit(text, at + name_len + len))
            len++;
        return (struct str){ text.ptr + at + name_len, len };
    }
    return (struct str){ NULL, 0 };
}

static bool read_stamp(struct str stamp, struct quick18_link *link)
{
    char storage[11], clock[6];
    if (stamp.len != 12)
        return false;
    struct buf date = buf_over(storage, sizeof(storage)), time = buf_over(clock, sizeof(clock));
    buf_printf(&date, "%.4s-%.2s-%.2s", stamp.ptr, stamp.ptr + 4, stamp.ptr + 6);
    buf_printf(&time, "%.2s:%.2s", stamp.ptr + 8, stamp.ptr + 10);
    return day_parse(buf_view(&date), &link->date) &&
           str_to_minute(buf_view(&time), &link->minute);
}

/* Only what may stand in a link as it is; braces would be placeholders. */
static bool is_clean(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && !strchr("/:?&=.-_~%+,", text.ptr[i]))
            return false;
    return true;
}

bool quick18_read_link(struct str text, struct quick18_link *ret_link)
{
    struct quick18_link link = {
        .course_id = digits_after(text, "/course/"),
        .stamp = digits_after(text, "/teetime/"),
        .rate_id = digits_after(text, "psid="),
    };
    bool has_origin =
        str_has_prefix(text, STR("https://")) || str_has_prefix(text, STR("http://"));
    bool is_path = str_has_prefix(text, STR("/")) && !str_has_prefix(text, STR("//"));
    if (!is_clean(text) || !(has_origin || is_path) || link.course_id.len == 0 ||
        link.course_id.len > 18 || link.rate_id.len > 18 || !read_stamp(link.stamp, &link))
        return false;
    *ret_link = link;
    return true;
}

bool quick18_shows_date(struct str text, int32_t date)
{
    struct str part;
    int64_t parts[3];
    int count = 0, year, month, day;
    day_to_civil(date, &year, &month, &day);
    for (; count < 3 && str_split(&text, '/', &part); count++)
        if (!str_to_i64(part, 1, 9999, &parts[count]))
            return false;
    if (count < 3 || text.len > 0 || parts[2] != year)
        return false;
    return (parts[0] == month && parts[1] == day) || (parts[0] == day && parts[1] == month);
}
