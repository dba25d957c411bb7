/* quick18_url.c: Quick18's booking pages: SUBDOMAIN of quick18.com and its sister domains, or
 * any host with Quick18's search page. */
#include "base/url.h"
#include "engine/adapter.h"

static const char *const domains[] = { "quick18.com", "play18.com", "omnitech.golf" };

/* A club's own domain tells itself by the search page only. */
static bool has_search_page(struct str path)
{
    struct str folder, page;
    return url_next_part(&path, &folder) && str_equal_nocase(folder, STR("teetimes")) &&
           url_next_part(&path, &page) && str_equal_nocase(page, STR("searchmatrix"));
}

/* Cuts the host in two; *ret_domain is empty for quick18.com. False: no tenant's host. */
static bool read_host(const struct url *url, struct str *ret_subdomain, struct str *ret_domain)
{
    for (size_t i = 0; i < TS_COUNT_OF(domains); i++) {
        if (!url_is_under(url, str_of(domains[i]), ret_subdomain))
            continue;
        *ret_domain = i == 0 ? (struct str){ NULL, 0 } : str_of(domains[i]);
        return true;
    }
    *ret_domain = url->host;
    return has_search_page(url->path) && str_split(ret_domain, '.', ret_subdomain) &&
           memchr(ret_domain->ptr, '.', ret_domain->len);
}

static bool is_lobby(const struct url *url)
{
    for (size_t i = 0; i < TS_COUNT_OF(domains); i++)
        if (url_is_at(url, str_of(domains[i])))
            return true;
    return false;
}

bool quick18_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str subdomain, domain;
    if (!url_read(text, &url))
        return false;
    if (is_lobby(&url)) {
        buf_puts(attributes_json, "{}");
        *ret_lacks =
            "subdomain: the link names no club; a club's page is at a host of its own, "
            "such as CLUB.quick18.com";
        return true;
    }
    if (!read_host(&url, &subdomain, &domain))
        return false;
    buf_puts(attributes_json, "{\"subdomain\": \"");
    url_put_label(attributes_json, subdomain);
    if (domain.len > 0) {
        buf_puts(attributes_json, "\", \"domain\": \"");
        url_put_label(attributes_json, domain);
    }
    buf_puts(attributes_json, "\"}");
    *ret_lacks = NULL;
    return true;
}
