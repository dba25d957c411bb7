/* faults.c: draws faults, and spoils bodies. */
#include "faults.h"

#include "random.h"

static const struct {
    const char *name, *meaning;
} table[FAULT_COUNT] = {
    [FAULT_NONE] = { "none", "no fault" },
#define FAULT(NAME, option, meaning) [FAULT_##NAME] = { option, meaning },
#include "faults.def"
#undef FAULT
};

const char *fault_name(enum fault fault)
{
    return table[fault].name;
}

const char *fault_meaning(enum fault fault)
{
    return table[fault].meaning;
}

enum fault fault_pick(const struct fault_options *options, uint64_t number)
{
    if (options->until_request && number > (uint64_t)options->until_request)
        return FAULT_NONE;
    double drawn = random_below(random_mix(options->seed, number), 7, 1000000) / 10000.0;
    double sum = 0;
    for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        sum += options->percent[fault];
        if (drawn < sum)
            return (enum fault)fault;
    }
    return FAULT_NONE;
}

/* Finds `needle` from the middle of the body on, else from its start; NULL: not there. */
static char *find_from_middle(const struct writer *body, const char *needle)
{
    size_t len = writer_len(body);
    char *found = memmem(body->start + len / 2, len - len / 2, needle, strlen(needle));
    return found ? found : memmem(body->start, len, needle, strlen(needle));
}

/* Overwrites the byte `skip` bytes after the needle; without needle, the body's last one. */
static void spoil_byte(struct writer *body, const char *needle, size_t skip, char byte)
{
    char *at = find_from_middle(body, needle);
    if (at && at + skip < body->at)
        at[skip] = byte;
    else if (body->at > body->start)
        body->at[-1] = byte;
}

static void spoil_number(struct writer *body)
{
    static const char digits[] = "9999999999999999999999e999";
    char *at = find_from_middle(body, "\"id\":");
    if (!at || (size_t)(body->end - body->at) < sizeof(digits)) {
        spoil_byte(body, "\"id\":", 4, '9');
        return;
    }
    at += sizeof("\"id\":") - 1;
    if (*at == ' ')
        at++;
    memmove(at + sizeof(digits) - 1, at, (size_t)(body->at - at));
    memcpy(at, digits, sizeof(digits) - 1);
    body->at += sizeof(digits) - 1;
    /* What stood there follows the exponent, which makes it longer still. */
}

static void replace_body(struct sim_reply *reply, uint16_t status, const char *body)
{
    reply->status = status;
    reply->total = -1;
    reply->per_page = -1;
    reply->body.at = reply->body.start;
    put_text(&reply->body, body);
}

static const char *whole_body(enum fault fault)
{
    if (fault == FAULT_THROTTLE)
        return "Retry later\n";
    if (fault == FAULT_SERVER_ERROR)
        return "<html><head><title>Error</title></head><body></body></html>\n";
    if (fault == FAULT_CHALLENGE)
        return "<!DOCTYPE html><html><title>Just a moment...</title></html>\n";
    if (fault == FAULT_WRONG_SHAPE)
        return "{\"ok\": true, \"result\": {\"rows\": [[1, 2], [3]]}}\n";
    return "<!DOCTYPE html><html><body>We will be back.</body></html>\n";
}

static void spoil_whole(enum fault fault, uint64_t number, struct sim_reply *reply,
                        struct fault_headers *headers)
{
    static const uint16_t errors[] = { 500, 502, 503 };
    uint16_t status = 200;
    if (fault == FAULT_THROTTLE)
        status = 429;
    else if (fault == FAULT_SERVER_ERROR)
        status = errors[number % TS_COUNT_OF(errors)];
    else if (fault == FAULT_CHALLENGE)
        status = 403;
    headers->content_type =
        fault == FAULT_WRONG_SHAPE ? "application/json" : "text/html; charset=utf-8";
    headers->retry_after = fault == FAULT_THROTTLE;
    headers->challenge = fault == FAULT_CHALLENGE;
    replace_body(reply, status, whole_body(fault));
}

/* Faults of one byte: the text looked for, and which byte after its start becomes what. */
static const struct {
    const char *needle;
    size_t skip;
    char byte;
} byte_faults[FAULT_COUNT] = {
    [FAULT_MALFORMED] = { "\":", 1, '=' },
    [FAULT_NUL] = { "normal\"", 2, '\0' },
    [FAULT_BAD_UTF8] = { "normal\"", 2, '\xff' },
};

static bool replaces_whole(enum fault fault)
{
    return fault == FAULT_THROTTLE || fault == FAULT_SERVER_ERROR || fault == FAULT_CHALLENGE ||
           fault == FAULT_HTML || fault == FAULT_WRONG_SHAPE;
}

void fault_spoil(enum fault fault, uint64_t number, struct sim_reply *reply,
                 struct fault_headers *ret_headers)
{
    *ret_headers = (struct fault_headers){ 0 };
    if (replaces_whole(fault))
        spoil_whole(fault, number, reply, ret_headers);
    else if (fault == FAULT_EMPTY)
        reply->body.at = reply->body.start;
    else if (fault == FAULT_BAD_NUMBER)
        spoil_number(&reply->body);
    else if (byte_faults[fault].needle)
        spoil_byte(&reply->body, byte_faults[fault].needle, byte_faults[fault].skip,
                   byte_faults[fault].byte);
}
