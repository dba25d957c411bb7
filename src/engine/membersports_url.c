/* membersports_url.c: MemberSports' booking links: /tee-times/CLUB/COURSE/CONFIG[/GROUP/…]. */
#include "base/url.h"
#include "engine/adapter.h"

static bool next_number(struct str *path, int64_t min, int64_t *ret_number)
{
    struct str part;
    return url_next_part(path, &part) && str_to_i64(part, min, INT32_MAX, ret_number);
}

static bool is_ours(struct str text, struct url *ret_url)
{
    return url_read(text, ret_url) && (url_is_at(ret_url, STR("app.membersports.com")) ||
                                       url_is_at(ret_url, STR("membersports.com")));
}

bool membersports_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    int64_t club, course, config;
    if (!is_ours(text, &url))
        return false;
    bool has_club =
        url_pass_part(&url.path, STR("tee-times")) && next_number(&url.path, 1, &club);
    bool has_course = has_club && next_number(&url.path, 0, &course);
    bool has_config = has_course && next_number(&url.path, 0, &config);
    buf_putc(attributes_json, '{');
    if (has_club)
        buf_printf(attributes_json, "\"golf_club_id\": %lld", (long long)club);
    if (has_course)
        buf_printf(attributes_json, ", \"golf_course_id\": %lld", (long long)course);
    if (has_config)
        buf_printf(attributes_json, ", \"config_type\": %lld", (long long)config);
    buf_putc(attributes_json, '}');
    *ret_lacks = has_course ? NULL
                            : "golf_club_id, golf_course_id: open the club's booking page, its "
                              "link has /tee-times/CLUB/COURSE/";
    return true;
}
