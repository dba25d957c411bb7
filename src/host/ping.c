/* ping.c: one GET outside the plan. */
#include "host/ping.h"

#include "base/clock.h"

#define PING_TIMEOUT_US ((int64_t)10 * CLOCK_SECOND_US)
#define PING_REPLY_MAX  4096
#define PING_URL_MAX    2048

struct ping {
    bool done, good;
    char body[PING_REPLY_MAX];
};

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct ping *ping = ctx;
    ping->done = true;
    ping->good = reply->end == HTTP_END_REPLY && reply->status >= 200 && reply->status < 300;
}

bool ping_send(struct loop *loop, struct fetch *fetch, const char *url, enum ping_kind kind,
               const int64_t *stop_by)
{
    static const char *const suffixes[] = { "/start", "", "/fail" };
    char text[PING_URL_MAX];
    struct buf buf = buf_over(text, sizeof(text));
    size_t path = strcspn(url, "?");
    buf_printf(&buf, "%.*s%s%s", (int)path, url, suffixes[kind], url + path);
    struct http_request request = { .method = "GET",
                                    .url = text,
                                    .reply_cap_bytes = PING_REPLY_MAX };
    struct ping ping = { 0 };
    uint64_t id;
    if (buf.overflow || fetch_submit(fetch, &request, NULL, ping.body, on_reply, &ping, &id))
        return false;
    int64_t give_up_at = clock_monotonic_us() + PING_TIMEOUT_US;
    while (!ping.done) {
        int64_t now = clock_monotonic_us();
        if (now > give_up_at || now > *stop_by)
            fetch_cancel(fetch, id);
        if (loop_turn(loop, CLOCK_SECOND_US / 10))
            return false;
    }
    return ping.good;
}
