/* tee_time.c: identity, party sizes, rates and booking links of a tee time. */
#include "domain/tee_time.h"

int tee_time_compare(const struct tee_time *a, const struct tee_time *b)
{
    if (a->start_minute != b->start_minute)
        return a->start_minute < b->start_minute ? -1 : 1;
    if (a->holes != b->holes)
        return a->holes < b->holes ? -1 : 1;
    if (a->start_hole != b->start_hole)
        return a->start_hole < b->start_hole ? -1 : 1;
    return a->routing == b->routing ? 0 : strcmp(a->routing, b->routing);
}

uint8_t tee_time_party_range(unsigned min, unsigned max)
{
    uint8_t sizes = 0;
    for (unsigned size = 1; size <= TEE_TIME_PARTY_MAX; size++)
        if (size >= min && size <= max)
            sizes |= tee_time_party(size);
    return sizes;
}

unsigned tee_time_players_max(uint8_t party_sizes)
{
    unsigned size = TEE_TIME_PARTY_MAX;
    while (size && !(party_sizes & tee_time_party(size)))
        size--;
    return size;
}

void tee_time_party_format(uint8_t party_sizes, struct buf *out)
{
    const char *separator = "";
    for (unsigned size = 1; size <= TEE_TIME_PARTY_MAX; size++) {
        if (party_sizes & tee_time_party(size)) {
            buf_printf(out, "%s%u", separator, size);
            separator = ",";
        }
    }
}

const char *price_basis_name(uint8_t price_basis)
{
    static const char *const names[] = { [PRICE_BASIS_UNKNOWN] = "unknown",
                                         [PRICE_BASIS_WALKING] = "walking",
                                         [PRICE_BASIS_CART] = "cart" };
    return price_basis < TS_COUNT_OF(names) ? names[price_basis] : names[PRICE_BASIS_UNKNOWN];
}

/* "Non-Member", "nonmember", "non member" is what the public pays. */
static bool is_non_member(struct str before_member)
{
    size_t len = before_member.len;
    if (len && (before_member.ptr[len - 1] == '-' || before_member.ptr[len - 1] == ' '))
        len--;
    return len >= 3 &&
           str_equal_nocase((struct str){ before_member.ptr + len - 3, 3 }, STR("non"));
}

static bool says_member(struct str name)
{
    const struct str member = STR("member");
    for (size_t at = 0; at + member.len <= name.len; at++) {
        if (str_equal_nocase((struct str){ name.ptr + at, member.len }, member) &&
            !is_non_member((struct str){ name.ptr, at }))
            return true;
    }
    return false;
}

bool tee_time_rate_is_reduced(struct str rate_name)
{
    static const char *const words[] = { "junior", "youth", "senior", "military", "student" };
    for (size_t i = 0; i < TS_COUNT_OF(words); i++)
        if (str_contains_nocase(rate_name, str_of(words[i])))
            return true;
    return says_member(rate_name);
}

static void put_repeated(struct buf *out, struct str text, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        if (i)
            buf_putc(out, ',');
        buf_put(out, text);
    }
}

/* False: not one of ours. */
static bool put_placeholder(const struct tee_time *tee_time, struct str name, struct buf *out)
{
    const struct str ids = STR("ids:");
    unsigned players = tee_time_players_max(tee_time->party_sizes);
    if (str_equal(name, STR("ref")))
        buf_put_url(out, str_of(tee_time->engine_ref));
    else if (str_equal(name, STR("holes")))
        buf_put_u64(out, tee_time->holes);
    else if (str_equal(name, STR("players")))
        buf_put_u64(out, players);
    else if (str_equal(name, STR("time")))
        buf_printf(out, "%02d:%02d", tee_time->start_minute / 60, tee_time->start_minute % 60);
    else if (str_has_prefix(name, ids))
        put_repeated(out, (struct str){ name.ptr + ids.len, name.len - ids.len }, players);
    else
        return false;
    return true;
}

void tee_time_booking_url(const struct tee_time *tee_time, struct buf *out)
{
    const char *at = tee_time->url_template;
    while (*at) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (close &&
            put_placeholder(tee_time, (struct str){ at + 1, (size_t)(close - at - 1) }, out))
            at = close + 1;
        else
            buf_putc(out, *at++);
    }
}
