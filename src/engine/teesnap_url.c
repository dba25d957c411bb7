/* teesnap_url.c: Teesnap's booking pages: SUBDOMAIN.teesnap.net, some with ?course=ID. */
#include "base/url.h"
#include "engine/adapter.h"

bool teesnap_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str subdomain, value;
    int64_t id;
    if (!url_read(text, &url) || !url_is_under(&url, STR("teesnap.net"), &subdomain))
        return false;
    buf_puts(attributes_json, "{\"subdomain\": \"");
    url_put_label(attributes_json, subdomain);
    buf_putc(attributes_json, '"');
    *ret_lacks = NULL;
    if (url_value(&url, STR("course"), &value) && str_to_i64(value, 1, INT32_MAX, &id))
        buf_printf(attributes_json, ", \"courseId\": %lld", (long long)id);
    else
        *ret_lacks =
            "courseId: the link names the club only; the source of that page lists the "
            "courses' ids in window.courses (not property's or infos')";
    buf_putc(attributes_json, '}');
    return true;
}
