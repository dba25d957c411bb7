/* origin.c: sending a URL to another origin (--engine-url). */
#include <ctype.h>
#include <string.h>

#include "fetch/fetch.h"

static const struct str placeholder = { "{host}", 6 };

/* A URL cut into what stands where; all views of the URL. */
struct url_parts {
    struct str authority; /* host and port */
    struct str rest;      /* path, query, fragment; may be empty */
};

static bool split_url(const char *url, struct url_parts *ret_parts)
{
    struct str text = str_of(url);
    struct str scheme;
    if (!str_split(&text, ':', &scheme) || !str_has_prefix(text, STR("//")))
        return false;
    if (!str_equal_nocase(scheme, STR("http")) && !str_equal_nocase(scheme, STR("https")))
        return false;
    const char *authority = text.ptr + 2;
    size_t len = strcspn(authority, "/?#");
    if (len == 0 || authority[0] == ':')
        return false;
    *ret_parts = (struct url_parts){ { authority, len }, str_of(authority + len) };
    return true;
}

/* The authority without user name and port; the brackets of an IPv6 address stay. */
static struct str host_of(struct str authority)
{
    const char *at = memrchr(authority.ptr, '@', authority.len);
    size_t skip = at ? (size_t)(at - authority.ptr) + 1 : 0;
    struct str host = { authority.ptr + skip, authority.len - skip };
    const char *end =
        host.len > 0 && host.ptr[0] == '[' ? memchr(host.ptr, ']', host.len) : NULL;
    const char *from = end ? end : host.ptr;
    const char *colon = memchr(from, ':', (size_t)(host.ptr + host.len - from));
    if (colon)
        host.len = (size_t)(colon - host.ptr);
    return host;
}

static void put_with_host(struct buf *out, struct str origin, struct str host)
{
    for (const char *at;
         (at = memmem(origin.ptr, origin.len, placeholder.ptr, placeholder.len));) {
        size_t before = (size_t)(at - origin.ptr);
        buf_put(out, (struct str){ origin.ptr, before });
        buf_put(out, host);
        origin.ptr += before + placeholder.len;
        origin.len -= before + placeholder.len;
    }
    buf_put(out, origin);
}

ts_err fetch_rewrite_origin(const char *url, const char *origin, struct buf *ret_url)
{
    struct url_parts from;
    struct url_parts to;
    if (!split_url(url, &from) || !split_url(origin, &to))
        return TS_ERR_CONFIG;
    struct str base = { origin, strlen(origin) };
    while (base.len > 0 && base.ptr[base.len - 1] == '/')
        base.len--;
    put_with_host(ret_url, base, host_of(from.authority));
    if (from.rest.len == 0 || from.rest.ptr[0] != '/')
        buf_putc(ret_url, '/');
    buf_put(ret_url, from.rest);
    return ret_url->overflow ? TS_ERR_FULL : TS_ERR_OK;
}

/* All braces belong to "{host}". */
static bool placeholders_are_known(const char *text)
{
    while (*(text += strcspn(text, "{}"))) {
        if (strncmp(text, placeholder.ptr, placeholder.len) != 0)
            return false;
        text += placeholder.len;
    }
    return true;
}

static bool port_is_valid(struct str authority)
{
    struct str host = host_of(authority);
    struct str port = { host.ptr + host.len,
                        (size_t)(authority.ptr + authority.len - host.ptr) - host.len };
    if (port.len == 0)
        return true;
    int64_t number;
    return str_to_i64((struct str){ port.ptr + 1, port.len - 1 }, 1, 65535, &number);
}

static bool is_printable(const char *text)
{
    for (; *text; text++) {
        if (!isgraph((unsigned char)*text))
            return false;
    }
    return true;
}

ts_err fetch_check_origin(const char *origin, struct error *reterr)
{
    struct url_parts parts;
    const char *wrong = NULL;
    if (!split_url(origin, &parts))
        wrong = "must begin with http:// or https:// and a host";
    else if (memchr(parts.authority.ptr, '@', parts.authority.len))
        wrong = "must not hold a user name or password";
    else if (!port_is_valid(parts.authority))
        wrong = "port is not a number from 1 to 65535";
    else if (strpbrk(origin, "?#"))
        wrong = "must not hold a query or fragment";
    else if (!placeholders_are_known(origin))
        wrong = "{host} is the only placeholder";
    else if (!is_printable(origin))
        wrong = "must not hold blanks or other characters that a URL cannot hold";
    if (!wrong)
        return TS_ERR_OK;
    /* A password is not repeated in a message. */
    if (strchr(origin, '@'))
        return error_set(reterr, TS_ERR_CONFIG, "origin: %s", wrong);
    return error_set(reterr, TS_ERR_CONFIG, "origin \"%s\": %s", origin, wrong);
}
