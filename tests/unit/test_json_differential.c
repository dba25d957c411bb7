/*
 * test_json_differential.c: base/json against jansson.
 *
 * 6,000 random documents (fixed seed), each as it is and mutated eight times: both readers
 * accept or both refuse, and every value that both read is the same. Where they differ by
 * intention (text that is no Unicode, numbers beyond int64 or double, which jansson refuses and
 * base/json hands out as they stand), the document is counted apart.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "jansson_peer.h"
#include "support/unit.h"

#define DOCUMENTS      6000
#define MUTATIONS      8
#define DOCUMENT_BYTES 8192
#define TEXT_BYTES     8192
#define LEVELS         6

static uint64_t seed = 20261124;

static unsigned random_below(unsigned limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % limit;
}

static const char *one_of(const char *const *choices, unsigned count)
{
    return choices[random_below(count)];
}

static void put_space(struct buf *out)
{
    static const char *const spaces[] = { "", "", "", "", " ", "\n", "\t", "\r\n  " };
    buf_puts(out, one_of(spaces, TS_COUNT_OF(spaces)));
}

static void put_random_string(struct buf *out)
{
    static const char *const pieces[] = { "a",
                                          "tee",
                                          " ",
                                          "\\n",
                                          "\\\"",
                                          "\\\\",
                                          "\\/",
                                          "\\u0041",
                                          "\\u00e9",
                                          "\xc3\xa9",
                                          "\xe2\x82\xac",
                                          "\xf0\x9d\x84\x9e",
                                          "\\u20aC",
                                          "[",
                                          "}",
                                          ",",
                                          "0123456789abcdef",
                                          "\\ud834\\udd1e",
                                          "\\b\\f",
                                          "\x7f",
                                          "\\r\\t",
                                          ":",
                                          "\\uFFFF",
                                          "{" };
    buf_putc(out, '"');
    for (unsigned i = random_below(6); i; i--)
        buf_puts(out, one_of(pieces, TS_COUNT_OF(pieces)));
    buf_putc(out, '"');
}

static void put_random_number(struct buf *out)
{
    if (random_below(3) == 0)
        buf_putc(out, '-');
    buf_put_u64(out, random_below(2) ? random_below(100) : seed >> (1 + random_below(60)));
    if (random_below(3) == 0)
        buf_printf(out, ".%u", random_below(100000));
    if (random_below(5) == 0)
        buf_printf(out, "%s%u", random_below(2) ? "e-" : "E+", random_below(30));
}

static void put_random_scalar(struct buf *out)
{
    static const char *const literals[] = { "true", "false", "null" };
    unsigned kind = random_below(3);
    if (kind == 0)
        put_random_string(out);
    else if (kind == 1)
        put_random_number(out);
    else
        buf_puts(out, one_of(literals, TS_COUNT_OF(literals)));
}

/* The containers that are open, as the bytes that will close them. */
struct open {
    char closers[LEVELS];
    unsigned levels;
    bool at_first; /* nothing stands in the innermost one yet */
};

static void put_comma_and_key(struct open *open, struct buf *out)
{
    if (!open->levels)
        return;
    if (!open->at_first)
        buf_putc(out, ',');
    put_space(out);
    if (open->closers[open->levels - 1] == '}') {
        put_random_string(out);
        put_space(out);
        buf_putc(out, ':');
        put_space(out);
    }
}

static void put_random_value(struct open *open, struct buf *out)
{
    bool wants_container = open->levels ? random_below(3) == 0 : random_below(20) > 0;
    put_comma_and_key(open, out);
    open->at_first = wants_container && open->levels < LEVELS;
    if (open->at_first) {
        bool is_array = random_below(2);
        open->closers[open->levels++] = is_array ? ']' : '}';
        buf_putc(out, is_array ? '[' : '{');
    } else {
        put_random_scalar(out);
    }
    put_space(out);
}

static void close_level(struct open *open, struct buf *out)
{
    buf_putc(out, open->closers[--open->levels]);
    open->at_first = false;
}

static void put_random_document(struct buf *out)
{
    struct open open = { 0 };
    do {
        if (open.levels && random_below(5) == 0)
            close_level(&open, out);
        else
            put_random_value(&open, out);
    } while (open.levels && out->len < DOCUMENT_BYTES / 2);
    while (open.levels)
        close_level(&open, out);
}

/* One small wound: a byte changed, removed, doubled or put in, the end cut off, or a piece
 * copied to another place. */
static size_t mutate(char *text, size_t len)
{
    static const char alphabet[] = "[]{}\",:0129.-+eEtfn\\u \n\x01\x80\xff";
    size_t at = len ? random_below((unsigned)len) : 0;
    char c = alphabet[random_below(sizeof(alphabet) - 1)];
    switch (len ? random_below(6) : 2) {
    case 0:
        text[at] = c;
        return len;
    case 1:
        memmove(text + at, text + at + 1, len - at - 1);
        return len - 1;
    case 2:
        memmove(text + at + 1, text + at, len - at);
        text[at] = c;
        return len + 1;
    case 3:
        return at;
    case 4:
        memmove(text + at + 1, text + at, len - at);
        return len + 1;
    default:
        memmove(text + random_below((unsigned)len) / 2, text + at, (len - at) / 2);
        return len;
    }
}

/* Whether a string is one that jansson takes too. */
static bool is_unicode(struct str quoted)
{
    static char storage[DOCUMENT_BYTES];
    struct json json = json_over(quoted);
    struct str text;
    return json_string(&json, storage, sizeof(storage), &text);
}

static double to_double(struct str text)
{
    char copy[TEXT_BYTES];
    assert_true(text.len < sizeof(copy));
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return strtod(copy, NULL);
}

static bool is_usual_number(struct str text)
{
    int64_t integer;
    if (!memchr(text.ptr, '.', text.len) && !memchr(text.ptr, 'e', text.len) &&
        !memchr(text.ptr, 'E', text.len))
        return str_to_i64(text, INT64_MIN, INT64_MAX, &integer);
    double value = to_double(text);
    return value <= DBL_MAX && value >= -DBL_MAX;
}

static bool is_usual_scalar(struct json *json)
{
    struct str raw = { NULL, 0 };
    enum json_type type = json_peek(json);
    if (!json_raw(json, &raw))
        return true;
    if (type == JSON_STRING)
        return is_unicode(raw);
    return type != JSON_NUMBER || is_usual_number(raw);
}

/* The key with its quotes. */
static struct str quoted_key(struct str key)
{
    return (struct str){ key.ptr - 1, key.len + 2 };
}

/* The next value of the containers entered; false when all are left. Clears *usual at a key
 * that is no Unicode. */
static bool advance(struct json *json, bool *usual)
{
    struct str key;
    while (json->depth && !json->error) {
        if (!json->is_object[json->depth - 1]) {
            if (json_next(json))
                return true;
        } else if (json_key(json, &key)) {
            *usual = *usual && is_unicode(quoted_key(key));
            return true;
        }
    }
    return false;
}

/* Reads all; *ret_usual: nothing stands in it that jansson refuses by intention. */
static enum json_error read_all(struct str text, bool *ret_usual)
{
    struct json json = json_over(text);
    *ret_usual = true;
    do {
        enum json_type type = json_peek(&json);
        if (type == JSON_ARRAY)
            (void)json_enter_array(&json);
        else if (type == JSON_OBJECT)
            (void)json_enter_object(&json);
        else
            *ret_usual = is_usual_scalar(&json) && *ret_usual;
    } while (advance(&json, ret_usual));
    return json_finish(&json);
}

static void same_scalar(struct json *json, const struct json_t *other)
{
    static char storage[DOCUMENT_BYTES];
    struct str text = { NULL, 0 };
    int64_t integer = 0;
    bool flag = false;
    switch (peer_type(other)) {
    case PEER_INTEGER:
        assert_true(json_i64(json, &integer));
        assert_int_equal(integer, peer_integer(other));
        break;
    case PEER_REAL:
        assert_true(json_number(json, &text));
        assert_true(to_double(text) == peer_real(other));
        break;
    case PEER_STRING:
        assert_true(json_string(json, storage, sizeof(storage), &text));
        assert_true(str_equal(text, peer_string(other)));
        break;
    case PEER_TRUE:
    case PEER_FALSE:
        assert_true(json_bool(json, &flag));
        assert_int_equal(flag, peer_type(other) == PEER_TRUE);
        break;
    case PEER_NULL:
        assert_true(json_null(json));
        break;
    case PEER_ARRAY:
    case PEER_OBJECT:
        fail_msg("a container is missing");
    }
}

static void same_value(struct json *json, const struct json_t *other);

static void same_array(struct json *json, const struct json_t *other)
{
    size_t count = 0;
    assert_true(json_enter_array(json));
    for (; json_next(json); count++)
        same_value(json, peer_item(other, count));
    assert_int_equal(count, peer_count(other));
}

static size_t count_members(struct json json)
{
    struct str key;
    size_t count = 0;
    if (json_enter_object(&json))
        while (json_key(&json, &key))
            count++;
    return count;
}

/* Of members with one name jansson keeps the last: such objects are not compared. */
static void same_object(struct json *json, const struct json_t *other)
{
    struct str key;
    char name[DOCUMENT_BYTES];
    if (count_members(*json) != peer_count(other)) {
        assert_true(json_skip(json));
        return;
    }
    assert_true(json_enter_object(json));
    while (json_key(json, &key)) {
        struct json key_json = json_over(quoted_key(key));
        struct str text = { NULL, 0 };
        assert_true(json_string(&key_json, name, sizeof(name), &text));
        same_value(json, peer_member(other, text));
    }
}

static void same_value(struct json *json, const struct json_t *other)
{
    assert_non_null(other);
    enum json_type type = json_peek(json);
    if (type != JSON_ARRAY && type != JSON_OBJECT) {
        same_scalar(json, other);
        return;
    }
    assert_int_equal(peer_type(other), type == JSON_ARRAY ? PEER_ARRAY : PEER_OBJECT);
    if (type == JSON_ARRAY)
        same_array(json, other);
    else
        same_object(json, other);
}

struct tally {
    unsigned accepted, refused, apart;
};

static void compare(struct str text, struct tally *tally)
{
    bool usual = false;
    enum json_error error = read_all(text, &usual);
    struct json_t *other = peer_load(text);
    if (other && error != JSON_OK)
        fail_msg("only jansson accepts (%s): %.*s", json_error_text(error), STR_ARGS(text));
    if (!other && error == JSON_OK && usual)
        fail_msg("jansson refuses (%s): %.*s", peer_reason(), STR_ARGS(text));
    if (other && usual) {
        struct json json = json_over(text);
        same_value(&json, other);
        assert_int_equal(json_finish(&json), JSON_OK);
        tally->accepted++;
    } else if (error == JSON_OK) {
        tally->apart++;
    } else {
        tally->refused++;
    }
    peer_free(other);
}

static void test_random_documents(void **state)
{
    (void)state;
    static char text[2 * DOCUMENT_BYTES], wounded[2 * DOCUMENT_BYTES];
    struct tally intact = { 0 }, mutated = { 0 };
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        struct buf buf = buf_over(text, sizeof(text) / 2);
        put_random_document(&buf);
        assert_false(buf.overflow);
        compare(buf_view(&buf), &intact);
        size_t len = 0;
        for (unsigned j = 0; j < MUTATIONS; j++) {
            /* Every other time another wound is added. */
            if (j % 2 == 0) {
                len = buf.len;
                memcpy(wounded, text, len);
            }
            len = mutate(wounded, len);
            compare((struct str){ wounded, len }, &mutated);
        }
    }
    print_message("intact: %u equal, %u refused by both, %u apart; mutated: %u, %u, %u\n",
                  intact.accepted, intact.refused, intact.apart, mutated.accepted,
                  mutated.refused, mutated.apart);
    assert_int_equal(intact.refused, 0);
    assert_true(intact.accepted > DOCUMENTS / 2);
    assert_true(mutated.accepted > DOCUMENTS / 2 && mutated.refused > DOCUMENTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_documents) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
