/* redact.c: blanks credentials and persons in JSON, keeping its length. */
#include "base/redact.h"

#include "base/json.h"

#define PIECE_BYTES  512
#define COUNT_DIGITS 2 /* numbers up to so many digits are counts, not phone numbers or ids */
#define KEY_MAX      40

/* In lower case, without '_' and '-'. */
static const char *const secret_keys[] = {
    /* credentials */
    "accesstoken", "refreshtoken", "idtoken", "token", "apikey", "xapikey", "authorization",
    "password", "secret", "clientsecret", "cookie", "setcookie", "jwt", "bearer", "xauthtoken",
    "sessionid",
    /* persons */
    "playernames", "playername", "bookingnotes", "golfers", "golfer", "golfername",
    "golfernames", "firstname", "lastname", "fullname", "middlename", "email", "emailaddress",
    "phone", "phonenumber", "mobile", "mobilephone", "birthdate", "dateofbirth", "membername",
    "membernumber", "customername", "customer", "customers", "bookedby"
};

bool redact_key(struct str key)
{
    char plain[KEY_MAX];
    size_t len = 0;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (c == '_' || c == '-')
            continue;
        if (len == sizeof(plain))
            return false;
        plain[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
    }
    for (size_t i = 0; i < TS_COUNT_OF(secret_keys); i++) {
        if (str_equal(str_of(secret_keys[i]), (struct str){ plain, len }))
            return true;
    }
    return false;
}

void redact_put_url(struct buf *out, const char *url)
{
    const char *query = strchr(url, '?');
    struct str rest = str_of(query ? query + 1 : "");
    struct str param;
    buf_put(out, (struct str){ url, query ? (size_t)(query - url) : strlen(url) });
    for (char separator = '?'; str_split(&rest, '&', &param); separator = '&') {
        struct str name, value = param;
        buf_putc(out, separator);
        (void)str_split(&value, '=', &name);
        if (redact_key(name)) {
            buf_put(out, name);
            buf_puts(out, "=x");
        } else {
            buf_put(out, param);
        }
    }
}

struct redaction {
    struct json json;
    redact_sink_fn *sink;
    void *ctx;
    const char *written; /* up to here the copy is out */
    uint32_t below;      /* depth of the container whose contents are blanked; 0: none */
};

static void write_to(struct redaction *redaction, const char *at)
{
    if (at > redaction->written)
        redaction->sink(redaction->ctx,
                        (struct str){ redaction->written, (size_t)(at - redaction->written) });
    redaction->written = at;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char blank_digit(char c)
{
    return is_digit(c) ? '1' : c;
}

/* *escaped: the last one was a backslash. An escape is blanked whole. */
static char blank_char(char c, bool *escaped)
{
    bool was_escaped = *escaped;
    *escaped = !was_escaped && c == '\\';
    return was_escaped || *escaped || is_digit(c) || is_letter(c) ? 'x' : c;
}

/* Writes text with its letters and digits (numbers: digits) replaced. */
static void write_blank(struct redaction *redaction, struct str text, bool number)
{
    char piece[PIECE_BYTES];
    size_t len = 0;
    bool escaped = false;
    write_to(redaction, text.ptr);
    for (size_t i = 0; i < text.len; i++) {
        piece[len++] = number ? blank_digit(text.ptr[i]) : blank_char(text.ptr[i], &escaped);
        if (len == sizeof(piece) || i + 1 == text.len) {
            redaction->sink(redaction->ctx, (struct str){ piece, len });
            len = 0;
        }
    }
    redaction->written = text.ptr + text.len;
}

/* The rest of the body, after its reader failed. */
static void blank_from(struct redaction *redaction, const char *at)
{
    write_blank(redaction, (struct str){ at, (size_t)(redaction->json.end - at) }, false);
}

static void blank_value(struct redaction *redaction, enum json_type type)
{
    struct str raw;
    const char *from = redaction->json.at; /* at the quote */
    if (type == JSON_STRING) {
        if (json_string_raw(&redaction->json, &raw))
            write_blank(redaction, raw, false);
        else
            blank_from(redaction, from + 1);
    } else if (json_number(&redaction->json, &raw) && raw.len > COUNT_DIGITS) {
        write_blank(redaction, raw, true);
    }
}

/* The next value: blanked if `secret` or below such a one; a container is entered. */
static void take_value(struct redaction *redaction, bool secret)
{
    struct json *json = &redaction->json;
    enum json_type type = json_peek(json);
    secret |= redaction->below > 0;
    if (type == JSON_ARRAY || type == JSON_OBJECT) {
        bool entered = type == JSON_ARRAY ? json_enter_array(json) : json_enter_object(json);
        if (entered && secret && redaction->below == 0)
            redaction->below = json->depth;
    } else if (secret && (type == JSON_STRING || type == JSON_NUMBER)) {
        blank_value(redaction, type);
    }
}

void redact_body(struct str body, redact_sink_fn *sink, void *ctx)
{
    struct redaction redaction = {
        .json = json_over(body), .sink = sink, .ctx = ctx, .written = body.ptr
    };
    struct json *json = &redaction.json;
    take_value(&redaction, false);
    while (json->depth > 0 && json->error == JSON_OK) {
        struct str key = { NULL, 0 };
        bool more = json->is_object[json->depth - 1] ? json_key(json, &key) : json_next(json);
        if (more)
            take_value(&redaction, key.ptr && redact_key(key));
        else if (json->depth < redaction.below)
            redaction.below = 0;
    }
    if (json->error != JSON_OK && redaction.below > 0)
        blank_from(&redaction, redaction.written);
    write_to(&redaction, body.ptr + body.len);
}
