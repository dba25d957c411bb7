/* asking.c: origins, keys and the User-Agent from options and environment. */
#include "cmd/asking.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "fetch/fetch.h"

#define PROJECT_URL "https://github.com/teesheet/teesheet"

ts_err asking_split(const char *option, struct str item, bool required, int *ret_engine,
                    struct str *ret_value, struct error *reterr)
{
    struct str rest = item, name;
    *ret_engine = -1;
    *ret_value = item;
    if (!item.ptr || !memchr(item.ptr, '=', item.len)) {
        if (required)
            return error_set(reterr, TS_ERR_USAGE, "--%s %.*s: ENGINE=VALUE is expected",
                             option, STR_ARGS(item));
        return TS_ERR_OK;
    }
    (void)str_split(&rest, '=', &name);
    *ret_engine = engine_find(name);
    *ret_value = rest;
    if (*ret_engine < 0)
        return error_set(reterr, TS_ERR_USAGE,
                         "--%s: no engine \"%.*s\"; `teesheet engines` lists them", option,
                         STR_ARGS(name));
    return TS_ERR_OK;
}

static ts_err read_url(struct asking *asking, struct str item, struct error *reterr)
{
    int engine;
    struct str url;
    ts_err err = asking_split("engine-url", item, true, &engine, &url, reterr);
    if (err)
        return err;
    char text[ASKING_TEXT_BYTES];
    struct buf buf = buf_over(text, sizeof(text));
    buf_put(&buf, url);
    err = fetch_check_origin(text, reterr);
    if (err) {
        (void)error_prefix(reterr, "--engine-url");
        return TS_ERR_USAGE;
    }
    char *copy = mem_strdup(text);
    if (!copy)
        return error_set(reterr, TS_ERR_NOMEM, "no memory");
    asking->owned[asking->owned_count++] = copy;
    asking->engine_urls[engine] = copy;
    return TS_ERR_OK;
}

/* Keys come from the environment only: TEESHEET_MEMBERSPORTS_KEY. */
static void read_keys(struct asking *asking)
{
    for (uint32_t i = 0; i < engines_count; i++) {
        char name[64];
        struct buf buf = buf_over(name, sizeof(name));
        buf_puts(&buf, "TEESHEET_");
        for (const char *c = engines[i]->name; *c; c++)
            buf_putc(&buf, (char)toupper((unsigned char)*c));
        buf_puts(&buf, "_KEY");
        const char *key = engines[i]->needs_key ? getenv(name) : NULL;
        asking->engine_keys[i] = key && *key ? key : NULL;
    }
}

static void name_user_agent(struct asking *asking, const char *contact)
{
    struct buf out = buf_over(asking->user_agent, sizeof(asking->user_agent));
    buf_puts(&out, "teesheet/" TEESHEET_VERSION " (+" PROJECT_URL);
    if (contact)
        buf_printf(&out, "; %s", contact);
    buf_putc(&out, ')');
}

ts_err asking_read(struct asking *asking, const struct opt_list *engine_urls,
                   const char *contact, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    read_keys(asking);
    name_user_agent(asking, contact);
    for (uint32_t i = 0; i < engine_urls->count && !err; i++)
        err = read_url(asking, engine_urls->items[i], reterr);
    return err;
}

void asking_done(struct asking *asking)
{
    for (uint32_t i = 0; i < asking->owned_count; i++)
        mem_free(asking->owned[i]);
}
