/* cps_url.c: CPS's booking links: SUBDOMAIN.cps.golf/onlineresweb. */
#include "base/url.h"
#include "engine/adapter.h"

bool cps_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str subdomain;
    if (!url_read(text, &url) || !url_is_under(&url, STR("cps.golf"), &subdomain))
        return false;
    buf_puts(attributes_json, "{\"subdomain\": \"");
    url_put_label(attributes_json, subdomain);
    buf_puts(attributes_json, "\"}");
    *ret_lacks =
        "courseIds, websiteId: no link holds them; each sweep looks them up, and the row "
        "stands for all courses of this subdomain";
    return true;
}
