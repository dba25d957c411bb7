/* resolve.c: look-ups, and conversations held one request at a time. */
#include "host/resolve.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/asker.h"
#include "host/budget.h"
#include "host/conversation.h"
#include "plan/window.h"

#define ATTRIBUTES_BYTES 4096
#define DAY_S            86400
#define SATURDAY         5

struct resolver {
    struct resolver_config config;
    const struct engine *engine;
    struct asker *asker;
    bool is_refused;
    struct conversation conversation;
    /* The link as a task of one course. */
    struct course link;
    const struct course *links[1];
    struct tee_sheet sheet;
    struct engine_task task;
    struct resolution resolution;
    uint64_t random; /* state of the nonce generator */
    char attributes[ATTRIBUTES_BYTES];
    char scratch[ENGINE_SCRATCH_BYTES];
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
};

static void make_task(struct resolver *resolver)
{
    resolver->link.attributes = resolver->attributes;
    resolver->links[0] = &resolver->link;
    resolver->sheet.detail = "";
    resolver->task = (struct engine_task){
        .engine = resolver->engine,
        .courses = resolver->links,
        .sheets = &resolver->sheet,
        .courses_count = 1,
        .play_date = (int32_t)(clock_wall() / DAY_S),
        .arena = &resolver->conversation.arena,
        .key = resolver->config.key,
        .tenant = resolver->engine->tenant_state_bytes > 0 ? resolver->tenant : NULL,
    };
    conversation_make_nonce(&resolver->random, resolver->task.nonce);
    resolver->resolution.task = &resolver->task;
}

static ts_err open_asker(struct resolver *resolver, struct error *reterr)
{
    uint32_t cap = resolver->engine->reply_cap_bytes;
    struct asker_config config = {
        .engine = resolver->engine,
        .origin = resolver->config.origin,
        .user_agent = resolver->config.user_agent,
        .reply_cap_bytes = cap > RESOLVE_REPLY_CAP_BYTES ? cap : RESOLVE_REPLY_CAP_BYTES,
    };
    return asker_new(&config, &resolver->asker, reterr);
}

ts_err resolver_new(const struct resolver_config *config, struct resolver **ret_resolver,
                    struct error *reterr)
{
    const struct engine *engine = engines[config->engine];
    if (engine->needs_key && !config->key)
        return error_set(reterr, TS_ERR_CONFIG,
                         "%s is asked with a key only: see `teesheet engines`", engine->name);
    ts_err err = error_set(reterr, TS_ERR_NOMEM, "no memory for the look-ups");
    struct resolver *resolver = mem_alloc(1, sizeof(*resolver));
    if (!resolver)
        return err;
    resolver->config = *config;
    resolver->engine = engine;
    resolver->random = (uint64_t)clock_real_us();
    if (conversation_init(&resolver->conversation, NULL, BUDGET_TASK_ARENA_BYTES) ||
        catalogue_pack_attributes(config->engine, config->attributes_json, resolver->attributes,
                                  sizeof(resolver->attributes)))
        goto fail;
    make_task(resolver);
    err = open_asker(resolver, reterr);
    if (err)
        goto fail;
    *ret_resolver = resolver;
    return TS_ERR_OK;
fail:
    resolver_free(resolver);
    return err;
}

void resolver_free(struct resolver *resolver)
{
    if (!resolver)
        return;
    asker_free(resolver->asker);
    conversation_done(&resolver->conversation);
    mem_free(resolver);
}

/* ---- Look-ups ---- */

/* Whether the reply says that this host wants no more requests, or cannot answer; then why. */
static bool is_refusal(const struct http_reply *reply, struct buf *out)
{
    bool is_challenge = engine_reply_is_challenge(reply);
    if (reply->end != HTTP_END_REPLY)
        buf_printf(out, "no whole answer%s%s", reply->detail ? ": " : "",
                   reply->detail ? reply->detail : "");
    else if (is_challenge)
        buf_printf(out, "refused with a challenge (HTTP %u): this host wants no programs",
                   reply->status);
    else if (reply->status == 403 || reply->status == 429)
        buf_printf(out, "refused (HTTP %u)", reply->status);
    else if (reply->status == 408 || reply->status >= 500)
        buf_printf(out, "HTTP %u", reply->status);
    return out->len > 0;
}

static enum resolve_verdict take_step(struct resolver *resolver,
                                      const struct http_request *request)
{
    struct resolution *resolution = &resolver->resolution;
    struct buf why = buf_over(resolution->detail, sizeof(resolution->detail));
    resolver->task.asked = request->stage;
    const struct http_reply *reply = asker_ask(resolver->asker, request);
    resolver->is_refused = is_refusal(reply, &why);
    return resolver->is_refused ? RESOLVE_FAILED
                                : resolver->engine->resolver->parse(resolution, reply);
}

ts_err resolver_ask(struct resolver *resolver, const struct resolution **ret_resolution,
                    struct error *reterr)
{
    struct resolution *resolution = &resolver->resolution;
    enum resolve_verdict verdict = RESOLVE_NEXT;
    for (int i = 0; i < RESOLVE_REQUESTS_MAX && verdict == RESOLVE_NEXT; i++) {
        struct buf scratch = buf_over(resolver->scratch, sizeof(resolver->scratch));
        struct http_request request = { 0 };
        ts_err err = resolver->engine->resolver->request(resolution, &scratch, &request);
        if (err)
            return error_set(reterr, err, "%s", ts_err_text(err));
        verdict = take_step(resolver, &request);
    }
    if (verdict == RESOLVE_NEXT)
        (void)resolve_failed(resolution, "the rest would take more look-ups than are made");
    if (resolution->courses_count == 0)
        return error_set(reterr, TS_ERR_IO, "the look-up at %s gave nothing: %s",
                         resolver->engine->name, resolution->detail);
    *ret_resolution = resolution;
    return TS_ERR_OK;
}

/* ---- Looks ---- */

bool resolver_date(const struct catalogue *catalogue, uint32_t course, bool is_weekend,
                   int32_t *ret_date)
{
    const struct course *row = &catalogue->courses[course];
    struct window window = window_of(row, catalogue->zones[row->zone], clock_wall());
    int32_t first = window.last > window.first ? window.first + 1 : window.first;
    for (int32_t date = first; date <= window.last; date++) {
        if ((day_weekday(date) >= SATURDAY) != is_weekend)
            continue;
        *ret_date = date;
        return true;
    }
    return false;
}

static bool shares_tenant(const struct engine *engine, const struct course *a,
                          const struct course *b)
{
    char texts[2][ENGINE_SCRATCH_BYTES];
    struct buf first = buf_over(texts[0], sizeof(texts[0]));
    struct buf second = buf_over(texts[1], sizeof(texts[1]));
    return engine->tenant_key(a, &first) && engine->tenant_key(b, &second) &&
           str_equal(buf_view(&first), buf_view(&second));
}

uint32_t resolver_reach(const struct catalogue *catalogue)
{
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    const struct engine *engine = engines[catalogue->courses[0].engine];
    uint32_t count = 0, most = catalogue->courses_count;
    for (; count < most && count < ENGINE_TASK_COURSES_MAX; count++) {
        courses[count] = &catalogue->courses[count];
        if (count > 0 && (!shares_tenant(engine, courses[0], courses[count]) ||
                          engine->expected_requests(courses, count + 1) >
                              engine->expected_requests(courses, 1)))
            break;
    }
    return count;
}

/* Until every tee sheet has its outcome; nothing is asked twice. */
static void hold(struct resolver *resolver)
{
    struct conversation *conversation = &resolver->conversation;
    enum conversation_turn turn = CONVERSATION_GOES_ON;
    while (turn == CONVERSATION_GOES_ON) {
        struct buf scratch = buf_over(resolver->scratch, sizeof(resolver->scratch));
        struct http_request request = { 0 };
        struct conversation_note note;
        if (resolver->engine->request(&conversation->engine_task, &scratch, &request))
            return;
        conversation_ask(conversation, &request);
        const struct http_reply *reply = asker_ask(resolver->asker, &request);
        char why[RESOLVE_DETAIL_BYTES];
        struct buf out = buf_over(why, sizeof(why));
        resolver->is_refused = is_refusal(reply, &out);
        conversation_set_state(conversation, CONVERSATION_IN_FLIGHT);
        turn = conversation_read(conversation, reply, &note);
        conversation_set_state(conversation, CONVERSATION_READY);
        if (note.tenant_dropped)
            memset(resolver->tenant, 0, sizeof(resolver->tenant));
    }
}

const struct tee_sheet *resolver_look(struct resolver *resolver,
                                      const struct catalogue *catalogue, uint32_t count,
                                      int32_t date)
{
    struct conversation *conversation = &resolver->conversation;
    struct plan_task task = { .play_date = date, .courses_count = count, .attempt = 1 };
    uint8_t nonce[16];
    if (resolver->is_refused)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        task.courses[i] = i;
    task.tenant_state = resolver->task.tenant;
    conversation_make_nonce(&resolver->random, nonce);
    conversation_begin(conversation, catalogue, &task, nonce, resolver->config.key);
    hold(resolver);
    (void)conversation_end(conversation, SIZE_MAX);
    conversation_set_state(conversation, CONVERSATION_IDLE);
    return conversation->sheets;
}
