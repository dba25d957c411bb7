/*
 * fuzz_url.c: addresses that somebody pasted: a booking link, and a PostgreSQL URL.
 *
 * The parts of an address lie in it; what an engine reads from a link is JSON; what is told of
 * a PostgreSQL URL does not hold its password.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/url.h"
#include "engine/engine.h"
#include "store/postgres/url.h"
#include "support/fuzz.h"

#define TEXT_BYTES     4000
#define SHORT_PASSWORD 6 /* may be in the text by chance */

static void check_part(struct str text, struct str part)
{
    assert(part.len == 0 ||
           (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len));
}

static void read_link(struct str text)
{
    struct url url;
    if (url_read(text, &url)) {
        assert(url.host.len > 0);
        check_part(text, url.host);
        check_part(text, url.path);
        check_part(text, url.query);
        check_part(text, url.fragment);
    }
    for (uint32_t i = 0; i < engines_count; i++) {
        char storage[TEXT_BYTES * 2];
        struct buf attributes = buf_over(storage, sizeof(storage));
        const char *lacks = NULL;
        if (!engines[i]->from_url || !engines[i]->from_url(text, &attributes, &lacks))
            continue;
        struct json json = json_over((struct str){ attributes.ptr, attributes.len });
        assert(!attributes.overflow && json_peek(&json) == JSON_OBJECT);
        assert(json_skip(&json) && json_finish(&json) == JSON_OK);
    }
}

/* Somebody's password may be a part of the host's name. */
static bool is_public(const struct pg_url *url, const char *password)
{
    static const char *const parts[] = { "host", "hostaddr", "port", "dbname", "user" };
    for (size_t i = 0; i < TS_COUNT_OF(parts); i++) {
        const char *value = pg_url_value(url, parts[i]);
        if (value && strstr(value, password))
            return true;
    }
    return false;
}

static void read_postgres(const char *text)
{
    static struct pg_url url;
    struct error error = { 0 };
    ts_err err = pg_url_parse(&url, text, &error);
    if (err) {
        assert(error.code == err && error.text[0]);
        return;
    }
    assert(url.count <= PG_PARAMETERS_MAX && !url.keywords[url.count]);
    assert(memchr(url.name, '\0', sizeof(url.name)));
    for (unsigned i = 0; i < url.count; i++)
        assert(url.keywords[i] && url.values[i]);
    if (url.password && strlen(url.password) > SHORT_PASSWORD && !is_public(&url, url.password))
        assert(!strstr(url.name, url.password));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_BYTES];
    if (size >= sizeof(text))
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    read_link((struct str){ text, size });
    read_postgres(text);
    return 0;
}
