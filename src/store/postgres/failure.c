/* failure.c: SQLSTATEs and libpq's messages to error codes and advice. */
#include "store/postgres/failure.h"

#include <ctype.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/buf.h"

/* By prefix; none is the beginning of another. Codes that one look later may be gone are
 * retryable. */
static const struct {
    const char *prefix;
    ts_err code;
} codes[] = {
    { "08", TS_ERR_CONNECTION },
    { "57P", TS_ERR_CONNECTION },
    { "25P03", TS_ERR_CONNECTION }, /* idle in transaction too long: the session is gone */
    { "25P04", TS_ERR_CONNECTION }, /* transaction_timeout: the same */
    { "57014", TS_ERR_TRANSIENT },  /* cancelled: statement_timeout */
    { "40", TS_ERR_TRANSIENT },
    { "53", TS_ERR_TRANSIENT },
    { "55P03", TS_ERR_TRANSIENT }, /* lock_timeout */
    { "25006", TS_ERR_TRANSIENT }, /* read-only: a standby, soon perhaps no more */
    { "22", TS_ERR_DATA },
    { "23", TS_ERR_DATA },
    { "54", TS_ERR_DATA }, /* a value longer than an index takes */
    { "42501", TS_ERR_PERMISSION },
    { "28", TS_ERR_CONFIG },
    { "3D000", TS_ERR_CONFIG },
    { "3F000", TS_ERR_SCHEMA },
    { "42P01", TS_ERR_SCHEMA },
    { "42703", TS_ERR_SCHEMA },
    { "58", TS_ERR_IO },
};

/* What a message or an SQLSTATE usually means. `code` OK: leave it. */
static const struct {
    const char *state, *words;
    ts_err code;
    const char *advice;
} causes[] = {
    { "28P01", NULL, TS_ERR_CONFIG, "wrong user or password" },
    { NULL, "password authentication failed", TS_ERR_CONFIG, "wrong user or password" },
    { NULL, "no password supplied", TS_ERR_CONFIG,
      "put the password into DATABASE_URL, PGPASSWORD or ~/.pgpass" },
    { NULL, "Tenant or user not found", TS_ERR_CONFIG,
      "through Supabase's pooler the user is postgres.PROJECT, and the host is the project's "
      "region" },
    { NULL, "tenant/user", TS_ERR_CONFIG,
      "through Supabase's pooler the user is postgres.PROJECT, and the host is the project's "
      "region" },
    /* Supabase's pooler says XX000 whatever it is. */
    { NULL, "ax client", TS_ERR_TRANSIENT,
      "too many connections: use the pooler's transaction mode (port 6543 at Supabase)" },
    { NULL, "Pool checkout timeout", TS_ERR_TRANSIENT, "the pooler has no connection free" },
    { NULL, "connection to database", TS_ERR_CONNECTION, "the pooler lost its database" },
    { NULL, "DbHandler exited", TS_ERR_CONNECTION, "the pooler lost its database" },
    { NULL, "no pg_hba.conf entry", TS_ERR_CONFIG,
      "the server does not admit this user, database and address (its pg_hba.conf)" },
    { "28000", NULL, TS_ERR_CONFIG, "the server does not admit this user" },
    { "3D000", NULL, TS_ERR_CONFIG,
      "unknown database: create it, or mend the URL's last part" },
    { "42501", NULL, TS_ERR_OK,
      "the role lacks rights: let the owner run `teesheet store migrate` and grant them" },
    { "42P01", NULL, TS_ERR_OK, "run `teesheet store migrate`" },
    { "3F000", NULL, TS_ERR_OK, "run `teesheet store migrate`" },
    { "53100", NULL, TS_ERR_OK, "the server's disk is full" },
    { "53300", NULL, TS_ERR_OK,
      "too many connections: use the pooler (port 6543 at Supabase)" },
    { "25006", NULL, TS_ERR_OK,
      "this is a read-only standby: connect to the primary (of several hosts: "
      "target_session_attrs=read-write)" },
    { "55P03", NULL, TS_ERR_OK, "another transaction holds the rows" },
    { NULL, "does not support SSL", TS_ERR_CONFIG,
      "the server offers no TLS, which is demanded of other machines" },
    { NULL, "root certificate file", TS_ERR_CONFIG,
      "verify-full needs the CA: sslrootcert=FILE (Debian: "
      "/etc/ssl/certs/ca-certificates.crt)" },
    { NULL, "certificate verify failed", TS_ERR_CONFIG,
      "the server's CA is not trusted: sslrootcert=FILE" },
    { NULL, "does not match host name", TS_ERR_CONFIG, "the certificate is another host's" },
    { NULL, "Network is unreachable", TS_ERR_NO_SERVER,
      "the host may have IPv6 addresses only: use the pooler's host name (IPv4)" },
    { NULL, "could not translate host name", TS_ERR_NO_SERVER,
      "unknown host, or no DNS; Supabase's direct hosts are IPv6 only: use the pooler's" },
    { NULL, "Connection refused", TS_ERR_NO_SERVER,
      "no server there, or another port (5432; Supabase's transaction pooler 6543)" },
    { NULL, "No such file or directory", TS_ERR_NO_SERVER, "no server runs on this socket" },
    { NULL, "server closed the connection", TS_ERR_CONNECTION,
      "the server ended the session or stopped" },
};

ts_err pg_failure_code(const char *sqlstate)
{
    if (!sqlstate || !sqlstate[0])
        return TS_ERR_CONNECTION;
    for (size_t i = 0; i < TS_COUNT_OF(codes); i++) {
        if (strncmp(sqlstate, codes[i].prefix, strlen(codes[i].prefix)) == 0)
            return codes[i].code;
    }
    return TS_ERR_INTERNAL;
}

/* One line of `message`, blanks collapsed, each occurrence of the password replaced. */
static void put_scrubbed(struct buf *out, const char *message, const char *password)
{
    size_t secret = password ? strlen(password) : 0;
    bool blank = out->len == 0;
    while (*message) {
        if (secret && strncmp(message, password, secret) == 0) {
            buf_puts(out, "***");
            message += secret;
            blank = false;
            continue;
        }
        bool space = isspace((unsigned char)*message) != 0;
        if (!space)
            buf_putc(out, *message);
        else if (!blank)
            buf_putc(out, ' ');
        blank = space;
        message++;
    }
    while (out->len && out->ptr[out->len - 1] == ' ')
        out->ptr[--out->len] = '\0';
}

static ts_err report(const char *sqlstate, const char *message, const struct pg_url *url,
                     const char *doing, struct error *reterr)
{
    char text[220];
    struct buf out = buf_over(text, sizeof(text));
    put_scrubbed(&out, message, url->password);
    ts_err code = pg_failure_code(sqlstate);
    const char *advice = NULL;
    for (size_t i = 0; i < TS_COUNT_OF(causes) && !advice; i++) {
        bool fits = causes[i].state ? sqlstate && strcmp(sqlstate, causes[i].state) == 0
                                    : strstr(message, causes[i].words) != NULL;
        if (!fits)
            continue;
        advice = causes[i].advice;
        if (causes[i].code != TS_ERR_OK)
            code = causes[i].code;
    }
    /* The advice first: what is cut off at the end must not be it. */
    if (advice)
        return error_set(reterr, code, "%s %s: %s (%s)", doing, url->name, advice, text);
    return error_set(reterr, code, "%s %s: %s", doing, url->name, text);
}

ts_err pg_failure_of_result(const struct pg_result *result, const struct pg_url *url,
                            struct error *reterr)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    char message[400];
    struct buf out = buf_over(message, sizeof(message));
    if (sqlstate) {
        buf_puts(&out, sqlstate);
        buf_puts(&out, ": ");
    }
    buf_puts(&out, primary ? primary : PQresultErrorMessage(result));
    if (detail) {
        buf_puts(&out, ": ");
        buf_puts(&out, detail);
    }
    return report(sqlstate, message, url, "the database", reterr);
}

/* "FATAL:  28P01: message" (verbose messages, in whatever language) → "28P01". */
static bool find_sqlstate(const char *message, char *ret_sqlstate)
{
    for (const char *at = strstr(message, ":  "); at; at = strstr(at + 1, ":  ")) {
        size_t len = 0;
        while (len < 5 &&
               (isupper((unsigned char)at[3 + len]) || isdigit((unsigned char)at[3 + len])))
            len++;
        if (len == 5 && at[8] == ':') {
            memcpy(ret_sqlstate, at + 3, 5);
            ret_sqlstate[5] = '\0';
            return true;
        }
    }
    return false;
}

ts_err pg_failure_of_connection(const struct pg_conn *handle, const struct pg_url *url,
                                const char *doing, struct error *reterr)
{
    char message[600];
    struct buf out = buf_over(message, sizeof(message));
    const char *text = handle ? PQerrorMessage(handle) : "";
    const char *location = strstr(text, "LOCATION:");
    buf_put(&out, (struct str){ text, location ? (size_t)(location - text) : strlen(text) });
    char sqlstate[6];
    bool known = find_sqlstate(message, sqlstate);
    return report(known ? sqlstate : NULL, message, url, doing, reterr);
}
