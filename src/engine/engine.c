/* engine.c: the table of booking engines, and the rules for replies that all of them share. */
#include "engine/engine.h"

#include "engine/adapter.h"

const struct engine *const engines[] = {
#define ENGINE(name) &engine_##name,
#include "engine/engines.def"
#undef ENGINE
};

const uint32_t engines_count = TS_COUNT_OF(engines);

int engine_find(struct str name)
{
    for (uint32_t i = 0; i < engines_count; i++)
        if (str_equal(name, str_of(engines[i]->name)))
            return (int)i;
    return -1;
}

int engine_attr_find(const struct engine *engine, struct str name)
{
    for (uint32_t i = 0; i < engine->attrs_count; i++)
        if (str_equal(name, str_of(engine->attrs[i].name)))
            return (int)i;
    return -1;
}

const char *engine_attr_type_name(enum engine_attr_type type)
{
    static const char *const names[] = {
        [ATTR_INT] = "integer",     [ATTR_INT_LIST] = "integers", [ATTR_TEXT] = "text",
        [ATTR_TEXT_LIST] = "texts", [ATTR_UUID_LIST] = "uuids",
    };
    return names[type];
}

static enum outcome outcome_of_status(uint16_t status)
{
    switch (status) {
    case 401:
    case 404:
    case 410:
    case 422:
        return OUTCOME_MISCONFIGURED;
    case 403:
        return OUTCOME_BLOCKED;
    case 429:
        return OUTCOME_THROTTLED;
    case 408:
        return OUTCOME_UNREACHABLE;
    default:
        return status >= 500 ? OUTCOME_UNREACHABLE : OUTCOME_UNREADABLE;
    }
}

enum outcome engine_common_outcome(const struct http_reply *reply)
{
    switch (reply->end) {
    case HTTP_END_TOO_LARGE:
        return OUTCOME_TOO_LARGE;
    case HTTP_END_TIMEOUT:
    case HTTP_END_CONNECT:
    case HTTP_END_TLS:
        return OUTCOME_UNREACHABLE;
    case HTTP_END_CANCELLED:
        return OUTCOME_SKIPPED;
    case HTTP_END_REPLY:
    case HTTP_END_TRUNCATED:
        break;
    }
    if (engine_reply_is_challenge(reply))
        return OUTCOME_BLOCKED;
    return outcome_of_status(reply->status);
}

/* Of a whole reply: it may pass, or it has no body where one belongs. */
static bool is_worth_another(const struct http_reply *reply)
{
    if (reply->status == 408 || reply->status == 429 || reply->status >= 500)
        return true;
    return reply->status >= 200 && reply->status < 300 && str_trim(reply->body).len == 0;
}

bool engine_reply_retryable(const struct http_reply *reply)
{
    switch (reply->end) {
    case HTTP_END_TRUNCATED:
    case HTTP_END_TIMEOUT:
    case HTTP_END_CONNECT:
    case HTTP_END_TLS: /* perhaps a handshake cut off; the breaker ends what stays */
        return true;
    case HTTP_END_TOO_LARGE:
    case HTTP_END_CANCELLED:
        return false;
    case HTTP_END_REPLY:
        break;
    }
    return !engine_reply_is_challenge(reply) && is_worth_another(reply);
}

bool engine_reply_is_challenge(const struct http_reply *reply)
{
    if (reply->cf_mitigated[0])
        return true;
    if (reply->status != 403)
        return false;
    return str_contains_nocase(str_of(reply->content_type), STR("html")) ||
           str_has_prefix(str_trim(reply->body), STR("<"));
}
