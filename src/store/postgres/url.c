/* url.c: PostgreSQL URLs: libpq's own parser, with the policy on poolers and TLS around it. */
#include "store/postgres/url.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* What Supabase, Prisma and others put into URLs for themselves; libpq would refuse it. */
static const char *const foreign_parameters[] = {
    "pgbouncer",
    "connection_limit",
    "pool_timeout",
    "pool_mode",
    "supa",
    "statement_cache_size",
    "prepared_statements",
    "prepareThreshold",
    "schema",
    "sslaccept",
    "socket_timeout",
    "uselibpqcompat",
    "max_pool_size",
    "workaround",
};

/* Set unless the user did. The timeouts notice a server that is gone without a word. */
static const struct {
    const char *keyword, *value;
} own_defaults[] = {
    { "fallback_application_name", "teesheet" },
    { "keepalives", "1" },
    { "keepalives_idle", "30" },
    { "keepalives_interval", "10" },
    { "keepalives_count", "3" },
    { "tcp_user_timeout", "30000" },
};

static bool parameter_is_foreign(struct str parameter)
{
    struct str name;
    if (!str_split(&parameter, '=', &name))
        return false;
    for (size_t i = 0; i < TS_COUNT_OF(foreign_parameters); i++) {
        if (str_equal(name, str_of(foreign_parameters[i])))
            return true;
    }
    return false;
}

/* The URL without foreign parameters. */
static void copy_without_foreign(const char *text, struct buf *out)
{
    const char *query = strchr(text, '?');
    if (!query) {
        buf_puts(out, text);
        return;
    }
    buf_put(out, (struct str){ text, (size_t)(query - text) });
    struct str rest = str_of(query + 1);
    struct str parameter;
    char separator = '?';
    while (str_split(&rest, '&', &parameter)) {
        if (parameter_is_foreign(parameter))
            continue;
        buf_putc(out, separator);
        buf_put(out, parameter);
        separator = '&';
    }
}

/* A password with an unescaped '@', '/', '?' or '#' would be read as part of the host or the
 * database, and shown in error messages as such. */
static ts_err check_authority(const char *text, struct error *reterr)
{
    const char *start = strstr(text, "://");
    if (!start)
        return error_set(reterr, TS_ERR_CONFIG, "the store's URL has no \"://\"");
    start += 3;
    size_t authority = strcspn(start, "/?#");
    unsigned at_signs = 0;
    for (size_t i = 0; i < authority; i++)
        at_signs += start[i] == '@';
    /* libpq takes an '@' behind a '?' as the end of the password, if no '/' comes before. */
    size_t path =
        start[authority] == '/' ? strcspn(start + authority, "?") : strlen(start + authority);
    if (at_signs > 1 || memchr(start + authority, '@', path) || strchr(start + authority, '#'))
        return error_set(reterr, TS_ERR_CONFIG,
                         "the store's URL is ambiguous: in a password write @ as %%40, / as "
                         "%%2F, ? as %%3F, # as %%23");
    return TS_ERR_OK;
}

/* libpq's message without what it quotes: that may be a piece of a password. */
static ts_err parse_failure(char *message, struct error *reterr)
{
    char text[200];
    struct buf out = buf_over(text, sizeof(text));
    bool quoted = false;
    for (const char *c = message ? message : "out of memory"; *c && *c != '\n'; c++) {
        if (*c == '"' || !quoted)
            buf_putc(&out, *c);
        if (*c == '"') {
            quoted = !quoted;
            if (quoted)
                buf_puts(&out, "...");
        }
    }
    PQfreemem(message);
    return error_set(reterr, TS_ERR_CONFIG, "the store's URL cannot be read: %s", text);
}

static const char *store_text(struct buf *storage, const char *text)
{
    const char *start = storage->ptr + storage->len;
    buf_puts(storage, text);
    buf_putc(storage, '\0');
    return start;
}

static void set(struct pg_url *url, struct buf *storage, const char *keyword, const char *value)
{
    unsigned i = 0;
    while (i < url->count && strcmp(url->keywords[i], keyword) != 0)
        i++;
    if (i == PG_PARAMETERS_MAX) {
        storage->overflow = true;
        return;
    }
    if (i == url->count) {
        url->keywords[url->count++] = store_text(storage, keyword);
        url->keywords[url->count] = NULL;
    }
    url->values[i] = store_text(storage, value);
}

static void set_all(struct pg_url *url, struct buf *storage, const PQconninfoOption *options)
{
    for (const PQconninfoOption *option = options; option && option->keyword; option++) {
        if (option->val && option->val[0])
            set(url, storage, option->keyword, option->val);
    }
}

const char *pg_url_value(const struct pg_url *url, const char *keyword)
{
    for (unsigned i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0)
            return url->values[i];
    }
    return NULL;
}

unsigned pg_url_hosts(const struct pg_url *url)
{
    const char *list = pg_url_value(url, "hostaddr");
    if (!list)
        list = pg_url_value(url, "host");
    unsigned count = 1;
    for (; list && *list; list++)
        count += *list == ',';
    return count;
}

void pg_url_rotate(struct pg_url *url)
{
    static const char *const lists[] = { "host", "hostaddr", "port" };
    for (size_t i = 0; i < TS_COUNT_OF(lists); i++) {
        const char *value = pg_url_value(url, lists[i]);
        const char *comma = value ? strchr(value, ',') : NULL;
        if (!comma)
            continue;
        char copy[PG_URL_BYTES];
        struct buf out = buf_over(copy, sizeof(copy));
        buf_printf(&out, "%s,%.*s", comma + 1, (int)(comma - value), value);
        memcpy(url->storage + (value - url->storage), copy, out.len);
    }
}

static bool is_loopback(struct str host)
{
    if (!str_has_prefix(host, STR("127.")))
        return false;
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] != '.' && (host.ptr[i] < '0' || host.ptr[i] > '9'))
            return false;
    return true;
}

static bool host_is_local(struct str host)
{
    return !host.len || host.ptr[0] == '/' || host.ptr[0] == '@' ||
           str_equal_nocase(host, STR("localhost")) || is_loopback(host) ||
           str_equal(host, STR("::1"));
}

/* All names of a list as libpq takes it; both the name and the address have to be local. */
static bool hosts_are_local(const char *list)
{
    struct str rest = str_of(list);
    struct str host;
    while (str_split(&rest, ',', &host)) {
        if (!host_is_local(host))
            return false;
    }
    return true;
}

/* What stands where the port belongs may be a password ("u:secret" without a host), which libpq
 * would quote. */
static ts_err check_ports(const char *list, struct error *reterr)
{
    struct str rest = str_of(list);
    struct str port;
    int64_t number;
    while (str_split(&rest, ',', &port)) {
        if (port.len && !str_to_i64(port, 1, 65535, &number))
            return error_set(reterr, TS_ERR_CONFIG, "the port in the store's URL is no number");
    }
    return TS_ERR_OK;
}

/* sslmode of a remote server: at least `require`. */
static ts_err demand_tls(struct pg_url *url, struct buf *storage, struct error *reterr)
{
    const char *mode = pg_url_value(url, "sslmode");
    if (mode && strcmp(mode, "disable") == 0)
        return error_set(reterr, TS_ERR_CONFIG,
                         "sslmode=disable would send the password and the data in the clear "
                         "to another machine; use sslmode=require or verify-full");
    if (!mode || strcmp(mode, "allow") == 0 || strcmp(mode, "prefer") == 0)
        set(url, storage, "sslmode", "require");
    url->unverified = strcmp(pg_url_value(url, "sslmode"), "verify-full") != 0;
    return TS_ERR_OK;
}

static void set_name(struct pg_url *url)
{
    const char *host = pg_url_value(url, "host");
    if (!host)
        host = pg_url_value(url, "hostaddr");
    const char *database = pg_url_value(url, "dbname");
    if (!database)
        database = pg_url_value(url, "user");
    struct buf name = buf_over(url->name, sizeof(url->name));
    buf_puts(&name, host ? host : "local");
    buf_putc(&name, '/');
    buf_puts(&name, database ? database : "");
}

/* libpq reads a service's parameters with its defaults if the environment names it. One that it
 * found in the URL it would read when it connects: behind our back. */
static ts_err use_service(const PQconninfoOption *given, struct error *reterr)
{
    for (const PQconninfoOption *option = given; option->keyword; option++) {
        if (strcmp(option->keyword, "service") == 0 && option->val &&
            setenv("PGSERVICE", option->val, 1) != 0)
            return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    }
    return TS_ERR_OK;
}

/* Merges environment and defaults (libpq's) under what the URL says. */
static ts_err merge(struct pg_url *url, struct buf *storage, const PQconninfoOption *given,
                    struct error *reterr)
{
    ts_err err = use_service(given, reterr);
    if (err)
        return err;
    PQconninfoOption *defaults = PQconndefaults();
    if (!defaults)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    set_all(url, storage, defaults);
    PQconninfoFree(defaults);
    set_all(url, storage, given);
    for (size_t i = 0; i < TS_COUNT_OF(own_defaults); i++) {
        if (!pg_url_value(url, own_defaults[i].keyword))
            set(url, storage, own_defaults[i].keyword, own_defaults[i].value);
    }
    set(url, storage, "client_encoding", "UTF8");
    url->password = pg_url_value(url, "password");
    url->remote = !hosts_are_local(pg_url_value(url, "host")) ||
                  !hosts_are_local(pg_url_value(url, "hostaddr"));
    err = check_ports(pg_url_value(url, "port"), reterr);
    if (!err && url->remote)
        err = demand_tls(url, storage, reterr);
    return err;
}

ts_err pg_url_parse(struct pg_url *url, const char *text, struct error *reterr)
{
    *url = (struct pg_url){ .count = 0 };
    ts_err err = check_authority(text, reterr);
    if (err)
        return err;
    struct buf storage = buf_over(url->storage, sizeof(url->storage));
    copy_without_foreign(text, &storage);
    if (storage.overflow)
        return error_set(reterr, TS_ERR_CONFIG, "the store's URL is too long");
    char *message = NULL;
    PQconninfoOption *given = PQconninfoParse(url->storage, &message);
    if (!given)
        return parse_failure(message, reterr);
    buf_reset(&storage);
    err = merge(url, &storage, given, reterr);
    PQconninfoFree(given);
    if (!err && storage.overflow)
        err =
            error_set(reterr, TS_ERR_CONFIG, "the store's URL and PG* variables are too long");
    set_name(url);
    return err;
}
