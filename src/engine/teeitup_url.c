/* teeitup_url.c: TeeItUp's booking links: ALIAS.book.teeitup.com/?course=FACILITY. */
#include "base/url.h"
#include "engine/adapter.h"

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* book, play, book-v2 and whatever number follows. */
static bool is_page(struct str label)
{
    if (str_equal_nocase(label, STR("book")) || str_equal_nocase(label, STR("play")))
        return true;
    return label.len > 6 && str_equal_nocase((struct str){ label.ptr, 6 }, STR("book-v")) &&
           is_digits((struct str){ label.ptr + 6, label.len - 6 });
}

static bool is_tenant(const struct url *url, struct str *ret_alias)
{
    struct str rest = url->host, page;
    return str_split(&rest, '.', ret_alias) && str_split(&rest, '.', &page) && is_page(page) &&
           (str_equal_nocase(rest, STR("teeitup.com")) ||
            str_equal_nocase(rest, STR("teeitup.golf")));
}

/* "12,34" as a JSON list; false: it is none, and nothing was written. */
static bool put_ids(struct buf *out, struct str list)
{
    struct str item, rest = list;
    int64_t id;
    while (str_split(&rest, ',', &item))
        if (!str_to_i64(item, 1, INT32_MAX, &id))
            return false;
    const char *before = ", \"facility_ids\": [";
    for (rest = list; str_split(&rest, ',', &item) && str_to_i64(item, 1, INT32_MAX, &id);
         before = ", ") {
        buf_puts(out, before);
        buf_put_i64(out, id);
    }
    buf_putc(out, ']');
    return true;
}

bool teeitup_from_url(struct str text, struct buf *attributes_json, const char **ret_lacks)
{
    struct url url;
    struct str alias, ids;
    if (!url_read(text, &url) || !is_tenant(&url, &alias))
        return false;
    buf_puts(attributes_json, "{\"alias\": \"");
    url_put_label(attributes_json, alias);
    buf_putc(attributes_json, '"');
    *ret_lacks = NULL;
    if (!url_value(&url, STR("course"), &ids) || !put_ids(attributes_json, ids))
        *ret_lacks = "facility_ids: without them the row stands for all courses of this alias; "
                     "choose one on the page, the link then ends in ?course=FACILITY";
    buf_putc(attributes_json, '}');
    return true;
}
