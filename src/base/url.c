/* url.c: web addresses taken apart. */
#include "base/url.h"

#include <ctype.h>

#define LABEL_MAX 63
#define PORT_MAX  65535

/* What is left after the last of the leading schemes that we take; ptr NULL: another scheme. */
static struct str without_scheme(struct str text)
{
    static const struct str schemes[] = { { "https", 5 }, { "http", 4 } };
    for (size_t i = 0; i + 3 <= text.len; i++) {
        if (memcmp(text.ptr + i, "://", 3) != 0)
            continue;
        struct str scheme = { text.ptr, i };
        if (memchr(scheme.ptr, '/', i) || memchr(scheme.ptr, '?', i) ||
            memchr(scheme.ptr, '#', i))
            return text;
        for (size_t s = 0; s < TS_COUNT_OF(schemes); s++)
            if (str_equal_nocase(scheme, schemes[s]))
                return (struct str){ text.ptr + i + 3, text.len - i - 3 };
        return (struct str){ NULL, 0 };
    }
    return text;
}

/* Cuts what follows the first `mark` off the end of *text. */
static struct str cut_after(struct str *text, char mark)
{
    const char *at = text->len > 0 ? memchr(text->ptr, mark, text->len) : NULL;
    if (!at)
        return (struct str){ NULL, 0 };
    struct str rest = { at + 1, text->len - (size_t)(at + 1 - text->ptr) };
    text->len = (size_t)(at - text->ptr);
    return rest;
}

static bool is_label(struct str label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!isalnum((unsigned char)label.ptr[i]) && label.ptr[i] != '-' && label.ptr[i] != '_')
            return false;
    return label.len > 0 && label.len <= LABEL_MAX;
}

static bool is_host(struct str host)
{
    struct str label;
    unsigned labels = 0;
    if (host.len == 0 || host.ptr[host.len - 1] == '.')
        return false;
    while (str_split(&host, '.', &label)) {
        if (!is_label(label))
            return false;
        labels++;
    }
    return labels >= 2;
}

static bool is_printable(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return false;
    return text.len > 0;
}

bool url_read(struct str text, struct url *ret_url)
{
    struct url url;
    int64_t port;
    if (!is_printable(text))
        return false;
    struct str rest = without_scheme(text);
    if (!rest.ptr)
        return false;
    url.fragment = cut_after(&rest, '#');
    url.query = cut_after(&rest, '?');
    url.path = cut_after(&rest, '/');
    struct str digits = cut_after(&rest, ':');
    url.host = rest;
    if (!is_host(url.host) || (digits.ptr && !str_to_i64(digits, 1, PORT_MAX, &port)))
        return false;
    *ret_url = url;
    return true;
}

static bool has_suffix(struct str text, struct str suffix)
{
    return text.len >= suffix.len &&
           str_equal_nocase((struct str){ text.ptr + text.len - suffix.len, suffix.len },
                            suffix);
}

/* Whether the host is `domain` or ends in ".domain"; then *ret_before is what stands before. */
static bool host_before(const struct url *url, struct str domain, struct str *ret_before)
{
    if (!has_suffix(url->host, domain))
        return false;
    size_t len = url->host.len - domain.len;
    if (len > 0 && url->host.ptr[len - 1] != '.')
        return false;
    *ret_before = (struct str){ url->host.ptr, len > 0 ? len - 1 : 0 };
    return true;
}

bool url_is_at(const struct url *url, struct str domain)
{
    struct str before;
    return host_before(url, domain, &before) &&
           (before.len == 0 || str_equal_nocase(before, STR("www")));
}

bool url_is_under(const struct url *url, struct str domain, struct str *ret_label)
{
    struct str before;
    if (!host_before(url, domain, &before) || !is_label(before) ||
        str_equal_nocase(before, STR("www")))
        return false;
    *ret_label = before;
    return true;
}

bool url_next_part(struct str *path, struct str *ret_part)
{
    while (str_split(path, '/', ret_part))
        if (ret_part->len > 0)
            return true;
    return false;
}

bool url_pass_part(struct str *path, struct str name)
{
    struct str part;
    while (url_next_part(path, &part))
        if (str_equal_nocase(part, name))
            return true;
    return false;
}

static bool find_value(struct str query, struct str name, struct str *ret_value)
{
    struct str pair;
    while (str_split(&query, '&', &pair)) {
        struct str value = cut_after(&pair, '=');
        if (!str_equal(pair, name) || value.len == 0)
            continue;
        *ret_value = value;
        return true;
    }
    return false;
}

bool url_value(const struct url *url, struct str name, struct str *ret_value)
{
    struct str fragment = url->fragment;
    return find_value(url->query, name, ret_value) ||
           find_value(cut_after(&fragment, '?'), name, ret_value);
}

void url_put_label(struct buf *out, struct str label)
{
    for (size_t i = 0; i < label.len; i++)
        buf_putc(out, (char)tolower((unsigned char)label.ptr[i]));
}
