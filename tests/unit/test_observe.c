/*
 * test_observe.c exercises host/observe and host/recording without a sweep:
 *   a new shape is counted and sampled once, names and tokens blanked, the sample cut at its
 * cap; replies that are not whole, not 2xx or not JSON have no shape; exchanges are written and
 * read again as they were but for what is blanked, conversation by conversation in the order of
 * their beginnings; a file cut short is good up to there, at every byte; hand-made headers with
 * files beside them; a full disk ends the recording, not the program.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "host/observe.h"
#include "host/recording.h"
#include "support/unit.h"

static char dir[64];
static struct sweep_report report;
static struct observer *observer;
static struct course course = { .id = 1001 };
static struct conversation conversation;
static int kept; /* shapes put into the store */

static void clean(void)
{
    DIR *entries = opendir(dir);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        (void)closedir(entries);
    (void)rmdir(dir);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof(dir), "/tmp/teesheet-observe-%ld", (long)getpid());
    report = (struct sweep_report){ 0 };
    conversation = (struct conversation){ .task = { .attempt = 2 } };
    conversation.courses[0] = &course;
    conversation.engine_task = (struct engine_task){ .engine = engines[0],
                                                     .courses = conversation.courses,
                                                     .courses_count = 1,
                                                     .play_date = 20792,
                                                     .step = 3,
                                                     .nonce = { 0xab, 1 } };
    const struct http_request request = { .method = "GET",
                                          .url = "https://a.example/list/7?token=s&x=1" };
    conversation_ask(&conversation, &request);
    struct observer_config config = {
        .record_dir = dir, .samples_dir = dir, .started_at = 1796371200, .report = &report
    };
    log_setup(LOG_TEXT, LOG_ERROR);
    return (int)observer_new(&config, &observer, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    observer_free(observer);
    clean();
    return 0;
}

static void see(const char *body, uint16_t status)
{
    const struct http_reply reply = { .end = HTTP_END_REPLY,
                                      .status = status,
                                      .body = str_of(body),
                                      .content_type = "application/json",
                                      .total = "24",
                                      .retry_after_us = -1,
                                      .received_at = 1796371300,
                                      .duration_us = 93000 };
    observe_reply(observer, &conversation, &reply);
}

/* The one file of the folder that ends so, with its text; NULL: none. */
static char *read_file(const char *suffix)
{
    DIR *entries = opendir(dir);
    char *text = NULL;
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        const char *at = strstr(entry->d_name, suffix);
        if (!at || at[strlen(suffix)] != '\0')
            continue;
        assert_null(text);
        char path[400];
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        FILE *file = fopen(path, "re");
        assert_non_null(file);
        text = calloc(1, 200000);
        assert_non_null(text);
        assert_true(fread(text, 1, 199999, file) < 199999);
        (void)fclose(file);
    }
    (void)closedir(entries);
    return text;
}

/* A store that has one shape: [{"id":1}]. */
static ts_err run_statement(struct store *store, enum store_statement statement,
                            const struct str *params, unsigned params_count,
                            store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                            struct error *reterr)
{
    (void)store;
    (void)params;
    (void)params_count;
    (void)ret_changed;
    (void)reterr;
    if (statement == STORE_SHAPE_PUT)
        kept++;
    if (statement != STORE_SHAPE_LIST)
        return TS_ERR_OK;
    const struct str row[] = { str_of(engines[0]->name), STR("GET /list/*"), STR("1"), STR("1"),
                               STR("[\"$ array\",\"$[] object\",\"$[].id number\"]") };
    (void)on_row(ctx, row, TS_COUNT_OF(row));
    return TS_ERR_OK;
}

static const struct store_ops ops = { .run = run_statement };
static struct store store = { .ops = &ops };

static void a_change_is_sampled_once_without_names(void **state)
{
    (void)state;
    assert_int_equal(observer_load(observer, &store, NULL), TS_ERR_OK);
    see("[{\"id\":2}]", 200);
    see("[{\"id\":2,\"new\":1}", 200);
    see("[{\"id\":2,\"new\":1}]", 404);
    see("<p>new</p>", 200);
    assert_int_equal(report.shapes_changed, 0);
    see("[{\"id\":2,\"email\":\"ann@example.org\",\"api_key\":\"k9\"}]", 200);
    see("[{\"id\":3,\"email\":\"bob@example.org\",\"api_key\":\"k8\"}]", 200);
    assert_int_equal(report.shapes_changed, 1);
    char *text = read_file(".json");
    assert_non_null(text);
    assert_string_equal(text, "[{\"id\":2,\"email\":\"xxx@xxxxxxx.xxx\",\"api_key\":\"xx\"}]");
    free(text);
    kept = 0;
    assert_int_equal(observer_keep(observer, &store, NULL), TS_ERR_OK);
    assert_int_equal(kept, 1);
}

static void a_sample_is_cut(void **state)
{
    (void)state;
    assert_int_equal(observer_load(observer, &store, NULL), TS_ERR_OK);
    char *body = calloc(1, 150001);
    assert_non_null(body);
    memset(body, ' ', 150000);
    memcpy(body, "[{\"no\":1}", sizeof("[{\"no\":1}") - 1);
    body[149999] = ']';
    see(body, 200);
    free(body);
    assert_int_equal(report.shapes_changed, 1);
    char *text = read_file(".json");
    assert_non_null(text);
    assert_int_equal(strlen(text), 65536);
    free(text);
}

static void what_is_learnt_is_not_told(void **state)
{
    (void)state;
    see("[{\"id\":1}]", 200);
    see("[{\"id\":1,\"email\":\"ann@example.org\"}]", 200);
    assert_int_equal(report.shapes_changed, 0);
    assert_null(read_file(".json"));
}

static void exchanges_are_kept_and_read_again(void **state)
{
    (void)state;
    see("{\"token\":\"eyJ\",\"n\":1}", 200);
    conversation.engine_task.nonce[0] = 7;
    conversation.task.second_look = true;
    see("line\nbreak", 503);
    conversation.engine_task.nonce[0] = 0xab;
    see("", 200);
    struct recording *recording = NULL;
    assert_int_equal(recording_open(dir, &recording, NULL), TS_ERR_OK);
    assert_int_equal(recording_count(recording), 3);
    assert_int_equal(recording_cut_files(recording), 0);
    assert_int_equal(recording_at(recording, 0)->conversation,
                     recording_at(recording, 1)->conversation);
    struct exchange exchange;
    assert_int_equal(recording_read(recording, 0, &exchange, NULL), TS_ERR_OK);
    assert_int_equal(exchange.engine, 0);
    assert_int_equal(exchange.nonce[0], 0xab);
    assert_int_equal(exchange.nonce[1], 1);
    assert_int_equal(exchange.attempt, 2);
    assert_int_equal(exchange.step, 3);
    assert_int_equal(exchange.courses_count, 1);
    assert_int_equal(exchange.courses[0], 1001);
    assert_int_equal(exchange.play_date, 20792);
    assert_false(exchange.second_look);
    assert_string_equal(exchange.asked.ptr, "GET https://a.example/list/7?token=x&x=1");
    assert_int_equal(exchange.reply.end, HTTP_END_REPLY);
    assert_int_equal(exchange.reply.status, 200);
    assert_int_equal(exchange.reply.received_at, 1796371300);
    assert_int_equal(exchange.reply.duration_us, 93000);
    assert_int_equal(exchange.reply.retry_after_us, -1);
    assert_string_equal(exchange.reply.total, "24");
    assert_true(str_equal(exchange.reply.body, STR("{\"token\":\"xxx\",\"n\":1}")));
    assert_int_equal(recording_read(recording, 1, &exchange, NULL), TS_ERR_OK);
    assert_int_equal(exchange.reply.body.len, 0);
    assert_int_equal(recording_read(recording, 2, &exchange, NULL), TS_ERR_OK);
    assert_true(exchange.second_look);
    assert_true(str_equal(exchange.reply.body, STR("line\nbreak")));
    recording_close(recording);
}

static void write_file(const char *name, const char *text, size_t len)
{
    char path[400];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void a_cut_file_is_good_up_to_there(void **state)
{
    (void)state;
    see("{\"n\":1}", 200);
    see("{\"n\":2}", 200);
    char *text = read_file(".exchanges");
    assert_non_null(text);
    size_t len = strlen(text), first = (size_t)(strstr(text, "{\"n\":1}\n") - text) + 8;
    for (size_t cut = 1; cut < len; cut++) {
        clean();
        assert_int_equal(mkdir(dir, 0700), 0);
        write_file("a.exchanges", text, cut);
        struct recording *recording = NULL;
        assert_int_equal(recording_open(dir, &recording, NULL), TS_ERR_OK);
        assert_int_equal(recording_count(recording), cut >= first);
        assert_int_equal(recording_cut_files(recording), cut != first);
        recording_close(recording);
    }
    free(text);
}

static void headers_may_be_made_by_hand(void **state)
{
    (void)state;
    static const char header[] =
        "{\"teesheet_exchange\":1,\"engine\":\"chronogolf\",\"courses\":[5],\"play_date\":"
        "\"2026-12-05\",\"received_at\":1796371200,\"body_file\":\"page.json\"}\n";
    struct recording *recording = NULL;
    assert_int_equal(recording_open(dir, &recording, NULL), TS_ERR_NOT_FOUND);
    write_file("a.exchanges", header, sizeof(header) - 1);
    write_file("page.json", "[1]", 3);
    assert_int_equal(recording_open(dir, &recording, NULL), TS_ERR_OK);
    assert_int_equal(recording_count(recording), 1);
    struct exchange exchange;
    assert_int_equal(recording_read(recording, 0, &exchange, NULL), TS_ERR_OK);
    assert_true(str_equal(exchange.reply.body, STR("[1]")));
    assert_int_equal(exchange.asked.len, 0);
    assert_int_equal(exchange.reply.status, 200);
    recording_close(recording);
    static const char *const bad[] = { "{}", "[]", "", "{\"teesheet_exchange\":2}",
                                       "{\"teesheet_exchange\":1,\"courses\":[5]}" };
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        assert_false(exchange_parse(str_of(bad[i]), &exchange));
}

static void a_full_disk_ends_the_recording_only(void **state)
{
    (void)state;
    struct rlimit before, none = { 0, RLIM_INFINITY };
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    see("{\"n\":1}", 200);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    see("{\"n\":2}", 200);
    char *text = read_file(".exchanges");
    assert_non_null(text);
    assert_string_equal(text, "");
    free(text);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(a_change_is_sampled_once_without_names),
        T(a_sample_is_cut),
        T(what_is_learnt_is_not_told),
        T(exchanges_are_kept_and_read_again),
        T(a_cut_file_is_good_up_to_there),
        T(headers_may_be_made_by_hand),
        T(a_full_disk_ends_the_recording_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
