/* replay.c: conversations held once more, with recorded replies. */
#include "host/replay.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "host/budget.h"
#include "host/import.h"
#include "host/recording.h"

#define BATCH_SHEETS    256
#define BATCH_BYTES     ((size_t)8 << 20)
#define TENANTS         1024 /* whose state is remembered; beyond that lookups are asked anew */
#define TENANT_KEY_SIZE 256

struct replay {
    const struct replay_config *config;
    struct replay_report *report;
    struct error *reterr;
    struct store *store;
    struct catalogue *catalogue;
    struct recording *recording;
    struct batch *batch;
    struct conversation conversation;
    struct store_held held[BATCH_SHEETS];
    uint64_t tenant_hashes[TENANTS]; /* 0: free */
    char *tenant_states;             /* TENANTS × ENGINE_TENANT_BYTES_MAX */
    struct exchange exchange;
    char scratch[ENGINE_SCRATCH_BYTES];
};

/* ---- Towards the store ---- */

static ts_err commit(struct replay *replay)
{
    struct store_receipt receipt = { .held = replay->held };
    if (replay->batch->sheets_count == 0)
        return TS_ERR_OK;
    batch_sort(replay->batch);
    ts_err err = store_upsert(replay->store, replay->batch, 0, &receipt, replay->reterr);
    (void)batch_reset(replay->batch);
    if (err)
        return err;
    struct replay_report *report = replay->report;
    report->inserted += receipt.inserted;
    report->updated += receipt.updated;
    report->closed += receipt.closed;
    report->reopened += receipt.reopened;
    report->unchanged += receipt.unchanged;
    report->stale += receipt.tee_sheets_stale;
    report->held += receipt.held_count;
    return TS_ERR_OK;
}

/* A batch has one look at a tee sheet. */
static bool batch_has(const struct batch *batch, const struct tee_sheet *sheet)
{
    for (uint32_t i = 0; i < batch->sheets_count; i++) {
        if (batch->sheets[i].course_id == sheet->course_id &&
            batch->sheets[i].play_date == sheet->play_date)
            return true;
    }
    return false;
}

static ts_err deliver(struct replay *replay, const struct tee_sheet *sheet)
{
    ts_err err = batch_has(replay->batch, sheet) ? commit(replay) : TS_ERR_OK;
    if (err)
        return err;
    err = batch_add(replay->batch, sheet, clock_monotonic_us());
    if (err == TS_ERR_FULL) {
        err = commit(replay);
        if (!err)
            err = batch_add(replay->batch, sheet, clock_monotonic_us());
    }
    if (err)
        return error_set(replay->reterr, err, "a tee sheet does not fit into a batch");
    replay->report->by_outcome[sheet->outcome]++;
    replay->report->tee_times += sheet->tee_times_count;
    return TS_ERR_OK;
}

/* ---- A conversation ---- */

static int64_t find_course(const struct catalogue *catalogue, int64_t id)
{
    for (uint32_t i = 0; i < catalogue->courses_count; i++) {
        if (catalogue->courses[i].id == id)
            return i;
    }
    return -1;
}

static void *tenant_state(struct replay *replay, const struct course *course)
{
    const struct engine *engine = engines[course->engine];
    if (engine->tenant_state_bytes == 0)
        return NULL;
    char text[TENANT_KEY_SIZE];
    struct buf key = buf_over(text, sizeof(text));
    if (!engine->tenant_key(course, &key))
        buf_put_i64(&key, course->id);
    uint64_t hash = hash_bytes(hash_u64(HASH_START, course->engine + 1u), text, key.len) | 1;
    size_t i = 0;
    while (i + 1 < TENANTS && replay->tenant_hashes[i] && replay->tenant_hashes[i] != hash)
        i++;
    char *state = replay->tenant_states + i * ENGINE_TENANT_BYTES_MAX;
    if (replay->tenant_hashes[i] != hash)
        memset(state, 0, ENGINE_TENANT_BYTES_MAX);
    replay->tenant_hashes[i] = hash;
    return state;
}

/* The task that was recorded; false: the catalogue or this program lacks something of it. */
static bool task_of(struct replay *replay, const struct exchange *exchange,
                    struct plan_task *ret_task)
{
    const struct catalogue *catalogue = replay->catalogue;
    *ret_task = (struct plan_task){ .play_date = exchange->play_date,
                                    .courses_count = exchange->courses_count,
                                    .attempt = exchange->attempt,
                                    .second_look = exchange->second_look };
    for (uint32_t i = 0; i < exchange->courses_count; i++) {
        int64_t index = find_course(catalogue, exchange->courses[i]);
        if (index < 0 || catalogue->courses[index].engine != exchange->engine)
            return false;
        ret_task->courses[i] = (uint32_t)index;
    }
    ret_task->tenant_state = tenant_state(replay, &catalogue->courses[ret_task->courses[0]]);
    return true;
}

/* Reads the next exchange in from..to that answers what the conversation asks now, and moves
 * behind it. *ret_found false: there is none. */
static ts_err next_answer(struct replay *replay, uint64_t *from, uint64_t to, bool *ret_found)
{
    struct conversation *conversation = &replay->conversation;
    struct buf scratch = buf_over(replay->scratch, sizeof(replay->scratch));
    struct http_request request = { 0 };
    const struct engine_task *task = &conversation->engine_task;
    ts_err err = task->engine->request(task, &scratch, &request);
    if (err)
        return error_set(replay->reterr, err, "a request of %s does not fit",
                         task->engine->name);
    conversation_ask(conversation, &request);
    *ret_found = false;
    while (!err && !*ret_found && *from < to) {
        err = recording_read(replay->recording, (*from)++, &replay->exchange, replay->reterr);
        struct str asked = replay->exchange.asked;
        *ret_found = !err && (asked.len == 0 || str_equal(asked, str_of(conversation->asked)));
    }
    return err;
}

/* Until every tee sheet has its outcome, or an exchange lacks. */
static ts_err hold(struct replay *replay, uint64_t from, uint64_t to, bool *ret_whole)
{
    struct conversation *conversation = &replay->conversation;
    enum conversation_turn turn = CONVERSATION_GOES_ON;
    while (turn == CONVERSATION_GOES_ON) {
        struct conversation_note note;
        ts_err err = next_answer(replay, &from, to, ret_whole);
        if (err || !*ret_whole)
            return err;
        conversation_set_state(conversation, CONVERSATION_IN_FLIGHT);
        turn = conversation_read(conversation, &replay->exchange.reply, &note);
        replay->report->exchanges++;
        if (note.tenant_dropped && conversation->engine_task.tenant)
            memset(conversation->engine_task.tenant, 0, ENGINE_TENANT_BYTES_MAX);
        conversation_set_state(conversation, CONVERSATION_READY);
    }
    return TS_ERR_OK;
}

static ts_err replay_conversation(struct replay *replay, uint64_t from, uint64_t to)
{
    struct conversation *conversation = &replay->conversation;
    struct plan_task task;
    bool whole = false;
    ts_err err = recording_read(replay->recording, from, &replay->exchange, replay->reterr);
    if (err)
        return err;
    replay->report->conversations++;
    if (!task_of(replay, &replay->exchange, &task)) {
        replay->report->unknown += replay->exchange.courses_count;
        return TS_ERR_OK;
    }
    conversation_begin(conversation, replay->catalogue, &task, replay->exchange.nonce,
                       /* key= */ ""); /* nothing is asked */
    err = hold(replay, from, to, &whole);
    (void)conversation_end(conversation, BATCH_BYTES);
    if (!whole)
        replay->report->left_out += task.courses_count;
    for (uint32_t i = 0; i < task.courses_count && whole && !err; i++)
        err = deliver(replay, &conversation->sheets[i]);
    conversation_set_state(conversation, CONVERSATION_IDLE);
    return err;
}

static ts_err replay_all(struct replay *replay)
{
    uint64_t count = recording_count(replay->recording);
    ts_err err = TS_ERR_OK;
    for (uint64_t from = 0, to; from < count && !err; from = to) {
        uint64_t conversation = recording_at(replay->recording, from)->conversation;
        to = from + 1;
        while (to < count && recording_at(replay->recording, to)->conversation == conversation)
            to++;
        err = replay_conversation(replay, from, to);
    }
    return err ? err : commit(replay);
}

static ts_err open_all(struct replay *replay)
{
    const struct replay_config *config = replay->config;
    ts_err err = recording_open(config->dir, &replay->recording, replay->reterr);
    if (err)
        return err;
    replay->report->cut_files = recording_cut_files(replay->recording);
    err = store_open(&config->store, config->store_from_argv, &replay->store, replay->reterr);
    if (err)
        return err;
    struct import_config import = { .catalogue = { .path = config->courses_path },
                                    .store = replay->store };
    err = import_catalogue(&import, &replay->catalogue, replay->reterr);
    if (err)
        return err;
    replay->tenant_states = mem_alloc(TENANTS, ENGINE_TENANT_BYTES_MAX);
    if (!replay->tenant_states ||
        conversation_init(&replay->conversation, NULL, BUDGET_TASK_ARENA_BYTES) ||
        batch_new(&replay->batch, BATCH_SHEETS, BATCH_BYTES))
        return error_set(replay->reterr, TS_ERR_NOMEM, "no memory for the replay");
    return TS_ERR_OK;
}

ts_err replay_run(const struct replay_config *config, struct replay_report *ret_report,
                  struct error *reterr)
{
    *ret_report = (struct replay_report){ 0 };
    struct replay *replay = mem_alloc(1, sizeof(*replay));
    if (!replay)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the replay");
    replay->config = config;
    replay->report = ret_report;
    replay->reterr = reterr;
    ts_err err = open_all(replay);
    if (!err)
        err = replay_all(replay);
    conversation_done(&replay->conversation);
    batch_free(replay->batch);
    mem_free(replay->tenant_states);
    recording_close(replay->recording);
    catalogue_free(replay->catalogue);
    store_close(replay->store);
    mem_free(replay);
    return err;
}
