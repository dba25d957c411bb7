/* chronogolf_url.c: Chronogolf's club pages: /club/SLUG, or the club's number. */
#include <ctype.h>

#include "base/url.h"
#include "engine/adapter.h"

#define SLUG_MAX 200

static bool is_slug(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_')
            return false;
    return text.len > 0 && text.len <= SLUG_MAX;
}

bool chronogolf_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str part;
    int64_t club_id;
    if (!url_read(text, &url) ||
        (!url_is_at(&url, STR("chronogolf.com")) && !url_is_at(&url, STR("chronogolf.ca"))))
        return false;
    bool has_club = url_pass_part(&url.path, STR("club")) && url_next_part(&url.path, &part) &&
                    is_slug(part);
    if (has_club && str_to_i64(part, 1, INT32_MAX, &club_id))
        buf_printf(attributes_json, "{\"club_id\": %lld}", (long long)club_id);
    else if (has_club)
        buf_printf(attributes_json, "{\"club_slug\": \"%.*s\"}", STR_ARGS(part));
    else
        buf_puts(attributes_json, "{}");
    *ret_lacks =
        has_club
            ? "course_uuids (or club_id, course_id and affiliation_type_id): the link names "
              "the club only; https://www.chronogolf.com/marketplace/v2/clubs/CLUB lists its "
              "courses"
            : "course_uuids: the link names no club; open the club's page, its link has /club/";
    return true;
}
