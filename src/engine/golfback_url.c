/* golfback_url.c: GolfBack's course pages: /course/UUID and /#/course/UUID. */
#include "base/url.h"
#include "engine/adapter.h"
#include "engine/check.h"

static bool find_course(struct str path, struct str *ret_uuid)
{
    return url_pass_part(&path, STR("course")) && url_next_part(&path, ret_uuid) &&
           str_is_uuid(*ret_uuid);
}

bool golfback_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str uuid, page;
    if (!url_read(text, &url) || !url_is_at(&url, STR("golfback.com")))
        return false;
    bool has_page = str_split(&url.fragment, '?', &page);
    bool has_course = find_course(url.path, &uuid) || (has_page && find_course(page, &uuid));
    buf_putc(attributes_json, '{');
    if (has_course) {
        buf_puts(attributes_json, "\"courseId\": \"");
        url_put_label(attributes_json, uuid);
        buf_putc(attributes_json, '"');
    }
    buf_putc(attributes_json, '}');
    *ret_lacks = has_course ? NULL
                            : "courseId: the link names no course; open it and search, the "
                              "course's own link has /course/ and a uuid";
    return true;
}
