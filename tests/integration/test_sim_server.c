/*
 * test_sim_server.c exercises teesheet-sim as a program:
 *  - port on stdout and in --port-file; SIGTERM ends it with 0; a taken port is a one-line
 * error;
 *  - --catalogue and --truth are the same in each run; wrong options exit 1;
 *  - a path with and without host prefix, keep-alive;
 *  - a fleet of all engines: a POST reaches its engine with its body and headers, a host names
 *    its tenant; --key; a list of kinds;
 *  - every fault: status, headers, what the client sees; the same requests meet it in each run;
 *  - --latency, --limit-rate, --gzip, --huge-body, --endless;
 *  - statistics: by fault, most in flight at once, least gap; on SIGUSR1 and at the end.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "integration/sim_process.h"
#include "support/unit.h"

/* What a client sees of a reply. */
struct seen {
    CURLcode result;
    long status, connects;
    size_t len;
    char body[65536]; /* its beginning */
    char headers[2048];
};

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct seen *seen = ctx;
    size_t len = size * count,
           kept = seen->len < sizeof(seen->body) - 1 ? sizeof(seen->body) - 1 - seen->len : 0;
    if (kept > len)
        kept = len;
    memcpy(seen->body + (kept ? seen->len : 0), data, kept);
    seen->len += len;
    return seen->len > 300u << 20 ? 0 : len; /* endless enough */
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct seen *seen = ctx;
    size_t at = strlen(seen->headers), len = size * count;
    if (at + len < sizeof(seen->headers))
        memcpy(seen->headers + at, data, len);
    return len;
}

/* The first V1 row of the default fleet with --kind=v1, four players. */
static void v1_path(char *out, size_t cap)
{
    static const char *const args[] = { "--kind=v1", "--courses=1", "--catalogue", NULL };
    char *csv = NULL;
    assert_int_equal(sim_run(args, &csv), 0);
    const char *player = strstr(csv, "affiliation_type_id\"\": ");
    assert_non_null(player);
    struct buf path = buf_over(out, cap);
    buf_puts(&path, "/marketplace/clubs/12001/teetimes?date=2026-12-05&course_id=20001"
                    "&nb_holes=18");
    for (int i = 0; i < 4; i++)
        buf_printf(&path, "&affiliation_type_ids%%5B%%5D=%ld",
                   sim_number_at(player + strlen("affiliation_type_id\"\": ")));
    free(csv);
}

static void get(CURL *curl, const struct sim *sim, const char *path, struct seen *seen)
{
    char url[1024];
    memset(seen, 0, sizeof(*seen));
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%ld%s", sim->port, path);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, seen);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, seen);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    seen->result = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &seen->status);
    (void)curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &seen->connects);
}

static bool is_json(const struct seen *seen)
{
    json_error_t error;
    json_t *json = json_loadb(seen->body, seen->len, JSON_ALLOW_NUL, &error);
    json_decref(json);
    return json != NULL;
}

static json_int_t stat_of(const char *json_text, const char *group, const char *name)
{
    json_error_t error;
    json_t *json = json_loads(json_text, 0, &error);
    assert_non_null(json);
    json_t *object = group ? json_object_get(json, group) : json;
    json_int_t value = json_integer_value(json_object_get(object, name));
    json_decref(json);
    return value;
}

/* --- the program --- */

static void test_same_output_in_each_run(void **state)
{
    (void)state;
    static const char *const runs[][5] = {
        { "--courses=30", "--catalogue" },
        { "--courses=30", "--churn=10", "--truth=2026-12-03,2026-12-05..2026-12-06" },
        { "--courses=30", "--truth-sheets=2026-12-03..2026-12-05", "--course-ids=1001,1007" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(runs); i++) {
        char *one = NULL, *two = NULL;
        assert_int_equal(sim_run(runs[i], &one), 0);
        assert_int_equal(sim_run(runs[i], &two), 0);
        assert_non_null(one);
        assert_string_equal(one, two);
        unsigned lines = 0;
        for (const char *c = one; *c; c++)
            lines += *c == '\n';
        if (i != 1)
            assert_int_equal(lines, i == 0 ? 31 : 7);
        free(one);
        free(two);
    }
}

static void test_wrong_usage_exits_1(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "--courses=0",        "--kind=v3",       "--now=today",
        "--throttle=101",     "--truth=someday", "--nonsense",
        "--huge-body=big",    "stray",           "--kind=foreup,nonsense",
        "--address=localhost"
    };
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        const char *const args[] = { wrong[i], NULL };
        char *out = NULL;
        assert_int_equal(sim_run(args, &out), 1);
        char *err = sim_read_file("err");
        assert_non_null(strstr(err, "teesheet-sim: "));
        free(err);
        free(out);
    }
}

static void test_a_taken_port_is_an_error(void **state)
{
    (void)state;
    static const char *const none[] = { NULL };
    struct sim sim = sim_start(none);
    char port[32], expected[80];
    (void)snprintf(expected, sizeof(expected),
                   "teesheet-sim: listening on http://127.0.0.1:%ld\n", sim.port);
    char *out = sim_read_file("out");
    assert_string_equal(out, expected);
    free(out);
    (void)snprintf(port, sizeof(port), "--port=%ld", sim.port);
    const char *const args[] = { port, NULL };
    assert_int_equal(sim_run(args, &out), 2);
    char *err = sim_read_file("err");
    assert_non_null(strstr(err, "cannot listen on 127.0.0.1:"));
    free(err);
    sim_stop(&sim);
}

/* --- replies --- */

static void test_paths_and_keep_alive(void **state)
{
    (void)state;
    static struct seen plain, prefixed;
    static const char *const args[] = { "--kind=v1", NULL };
    char path[600], with_host[700];
    v1_path(path, sizeof(path));
    (void)snprintf(with_host, sizeof(with_host), "/www.chronogolf.com%s", path);
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    get(curl, &sim, path, &plain);
    get(curl, &sim, with_host, &prefixed);
    assert_int_equal(plain.status, 200);
    assert_int_equal(prefixed.status, 200);
    assert_int_equal(prefixed.connects, 0); /* the connection was kept */
    assert_int_equal(plain.len, prefixed.len);
    assert_memory_equal(plain.body, prefixed.body, sizeof(plain.body));
    get(curl, &sim, "/nothing/here", &plain);
    assert_int_equal(plain.status, 404);
    get(curl, &sim, "/_sim/stats", &plain);
    assert_int_equal(stat_of(plain.body, NULL, "requests"), 3);
    assert_non_null(strstr(plain.body, "\"www.chronogolf.com\": {\"requests\": 1,"));
    assert_non_null(strstr(plain.body, "\"12001\": {\"requests\": 2,"));
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

static void post(CURL *curl, const struct sim *sim, const char *path, const char *body,
                 struct seen *seen)
{
    (void)curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body);
    get(curl, sim, path, seen);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
}

static void test_posts_reach_their_engine(void **state)
{
    (void)state;
    static struct seen seen;
    static const char path[] = "/api.membersports.com/api/v1/golfclubs/onlineBookingTeeTimes";
    static const char body[] =
        "{\"configurationTypeId\":0,\"date\":\"2026-12-05\",\"golfClubGroupId\":0,"
        "\"golfClubId\":12001,\"golfCourseId\":0,\"groupSheetTypeId\":0}";
    static const char *const args[] = { "--kind=membersports,foreup", "--courses=6",
                                        "--key=a-key", "--gzip", NULL };
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    post(curl, &sim, path, body, &seen);
    assert_int_equal(seen.status, 403);
    assert_non_null(curl_slist_append(headers, "x-api-key: a-key"));
    post(curl, &sim, path, body, &seen);
    assert_int_equal(seen.status, 200);
    assert_int_equal(seen.body[0], '[');
    post(curl, &sim, path, "", &seen);
    assert_int_equal(seen.status, 400);
    static char large[8192];
    memset(large, ' ', sizeof(large) - 1);
    post(curl, &sim, path, large, &seen);
    assert_int_equal(seen.status, 413);
    get(curl, &sim, "/foreupsoftware.com/index.php/api/booking/times", &seen);
    assert_string_equal(seen.body, "{\"status\":false,\"error\":\"Invalid API Key.\"}");
    get(curl, &sim, "/_sim/stats", &seen);
    assert_non_null(strstr(seen.body, "\"api.membersports.com\": {\"requests\": 4,"));
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

static void test_hosts_name_their_tenants(void **state)
{
    (void)state;
    static struct seen seen;
    static const char *const args[] = { "--kind=all", "--courses=60", NULL };
    static const char *const list[] = { "--kind=all", "--courses=60", "--catalogue", NULL };
    char *csv = NULL, path[128];
    assert_int_equal(sim_run(list, &csv), 0);
    const char *link = strstr(csv, ".teesnap.net,true");
    assert_non_null(link);
    const char *slug = link;
    while (slug[-1] != '/')
        slug--;
    (void)snprintf(path, sizeof(path), "/%.*s.teesnap.net/", (int)(link - slug), slug);
    free(csv);
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    get(curl, &sim, path, &seen);
    assert_int_equal(seen.status, 200);
    assert_non_null(strstr(seen.headers, "Content-Type: text/html"));
    assert_non_null(strstr(seen.body, "window.courses = [{\"id\":"));
    get(curl, &sim, "/nobody.teesnap.net/", &seen);
    assert_int_equal(seen.status, 404);
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

struct fault_case {
    const char *option;
    CURLcode result;
    long status; /* 0: no reply */
    const char *header;
    bool json;
};

static void check_fault(const struct fault_case *expected, const char *path)
{
    static struct seen seen;
    const char *const args[] = { "--kind=v1", "--retry-after=7", expected->option, NULL };
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    get(curl, &sim, path, &seen);
    print_message("%s: %ld, %zu bytes, curl %d\n", expected->option, seen.status, seen.len,
                  (int)seen.result);
    assert_int_equal(seen.result, expected->result);
    assert_int_equal(seen.status, expected->status);
    if (expected->header)
        assert_non_null(strstr(seen.headers, expected->header));
    if (seen.len < sizeof(seen.body))
        assert_int_equal(is_json(&seen), expected->json);
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

static void test_every_fault(void **state)
{
    (void)state;
    static const struct fault_case cases[] = {
        { "--throttle=100", CURLE_OK, 429, "Retry-After: 7\r\n", false },
        { "--server-error=100", CURLE_OK, 502, "text/html", false },
        { "--challenge=100", CURLE_OK, 403, "cf-mitigated: challenge\r\n", false },
        { "--reset=100", CURLE_RECV_ERROR, 0, NULL, false },
        { "--truncate=100", CURLE_PARTIAL_FILE, 200, "application/json", false },
        { "--malformed=100", CURLE_OK, 200, "application/json", false },
        { "--nul=100", CURLE_OK, 200, "application/json", false },
        { "--bad-utf8=100", CURLE_OK, 200, "application/json", false },
        { "--bad-number=100", CURLE_OK, 200, "application/json", false },
        { "--html=100", CURLE_OK, 200, "text/html", false },
        { "--wrong-shape=100", CURLE_OK, 200, "application/json", true },
        { "--drip=100", CURLE_OK, 200, "application/json", true },
        { "--empty=100", CURLE_OK, 200, "Content-Length: 0\r\n", false },
        { "--huge-body=100M", CURLE_OK, 200, "Content-Length: 104857600\r\n", false },
        { "--endless", CURLE_WRITE_ERROR, 200, "chunked", false },
        { "--fault-requests=1", CURLE_OK, 200, "application/json", true },
    };
    char path[600];
    v1_path(path, sizeof(path));
    /* One player: a body that fits into struct seen, so that it can be parsed. */
    char *second = strstr(strstr(path, "affiliation") + 1, "&affiliation");
    *second = '\0';
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++)
        check_fault(&cases[i], path);
}

static void test_faults_repeat_with_the_seed(void **state)
{
    (void)state;
    static struct seen seen;
    static const char *const args[] = { "--kind=v1", "--throttle=30", "--fault-requests=40",
                                        NULL };
    char path[600];
    char patterns[2][61] = { 0 };
    v1_path(path, sizeof(path));
    for (int run = 0; run < 2; run++) {
        struct sim sim = sim_start(args);
        CURL *curl = curl_easy_init();
        for (int i = 0; i < 60; i++) {
            get(curl, &sim, path, &seen);
            patterns[run][i] = seen.status == 429 ? 'x' : '.';
        }
        curl_easy_cleanup(curl);
        sim_stop(&sim);
    }
    assert_string_equal(patterns[0], patterns[1]);
    assert_non_null(strchr(patterns[0], 'x'));
    assert_null(strchr(patterns[0] + 40, 'x'));
}

static void test_gzip_and_bomb(void **state)
{
    (void)state;
    static struct seen plain, zipped;
    static const char *const args[] = { "--kind=v1", "--gzip", "--huge=50", "--huge-body=50M",
                                        NULL };
    char path[600];
    v1_path(path, sizeof(path));
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    curl_off_t wire = 0;
    bool bomb_seen = false, list_seen = false;
    for (int i = 0; i < 20; i++) {
        (void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
        get(curl, &sim, path, &zipped);
        (void)curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &wire);
        assert_non_null(strstr(zipped.headers, "Content-Encoding: gzip"));
        assert_int_equal(zipped.result, CURLE_OK);
        bomb_seen |= zipped.len == 50u << 20;
        list_seen |= zipped.len < 1u << 20;
    }
    assert_true(bomb_seen && list_seen && wire < 100000);
    (void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, NULL);
    get(curl, &sim, path, &plain);
    assert_null(strstr(plain.headers, "Content-Encoding"));
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

static void test_latency_and_parallel_statistics(void **state)
{
    (void)state;
    static struct seen seen[3];
    static const char *const args[] = { "--kind=v1", "--latency=300", "--jitter=20", NULL };
    char path[600], url[700];
    v1_path(path, sizeof(path));
    struct sim sim = sim_start(args);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%ld%s", sim.port, path);
    CURLM *multi = curl_multi_init();
    CURL *easy[3];
    int64_t began = clock_monotonic_us();
    for (int i = 0; i < 3; i++) {
        easy[i] = curl_easy_init();
        (void)curl_easy_setopt(easy[i], CURLOPT_URL, url);
        (void)curl_easy_setopt(easy[i], CURLOPT_PROXY, "");
        (void)curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, on_body);
        (void)curl_easy_setopt(easy[i], CURLOPT_WRITEDATA, &seen[i]);
        (void)curl_multi_add_handle(multi, easy[i]);
    }
    for (int running = 1; running > 0;) {
        (void)curl_multi_perform(multi, &running);
        (void)curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    assert_in_range(clock_monotonic_us() - began, 300000, 800000); /* side by side */
    for (int i = 0; i < 3; i++) {
        assert_true(seen[i].len > 10000);
        (void)curl_multi_remove_handle(multi, easy[i]);
        curl_easy_cleanup(easy[i]);
    }
    (void)curl_multi_cleanup(multi);
    CURL *curl = curl_easy_init();
    get(curl, &sim, "/_sim/stats", &seen[0]);
    assert_int_equal(stat_of(seen[0].body, NULL, "parallel_max"), 3);
    assert_int_equal(stat_of(seen[0].body, NULL, "in_flight"), 0);
    curl_easy_cleanup(curl);
    sim_stop(&sim);
}

static void test_rate_limit_and_stats_file(void **state)
{
    (void)state;
    static struct seen seen;
    char path[600], stats_option[300], stats_path[256];
    v1_path(path, sizeof(path));
    sim_path(stats_path, sizeof(stats_path), "stats");
    (void)snprintf(stats_option, sizeof(stats_option), "--stats-file=%s", stats_path);
    const char *const args[] = { "--kind=v1", "--limit-rate=2", stats_option, NULL };
    struct sim sim = sim_start(args);
    CURL *curl = curl_easy_init();
    for (int i = 0; i < 5; i++)
        get(curl, &sim, path, &seen);
    assert_int_equal(seen.status, 429);
    assert_int_equal(kill(sim.pid, SIGUSR1), 0);
    char *text = NULL;
    for (int tries = 0; tries < 500 && !text; tries++, (void)usleep(10000))
        text = sim_read_file("stats");
    assert_non_null(text);
    free(text);
    get(curl, &sim, path, &seen);
    curl_easy_cleanup(curl);
    sim_stop(&sim);
    text = sim_read_file("stats");
    assert_int_equal(stat_of(text, NULL, "requests"), 6);
    assert_int_equal(stat_of(text, "by_fault", "throttle") + stat_of(text, "by_status", "200"),
                     6);
    assert_true(stat_of(text, "by_fault", "throttle") >= 3);
    free(text);
}

static int set_up(void **state)
{
    (void)state;
    return sim_make_folder() && curl_global_init(CURL_GLOBAL_ALL) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    curl_global_cleanup();
    sim_remove_folder();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_output_in_each_run),
        cmocka_unit_test(test_wrong_usage_exits_1),
        cmocka_unit_test(test_a_taken_port_is_an_error),
        cmocka_unit_test(test_paths_and_keep_alive),
        cmocka_unit_test(test_posts_reach_their_engine),
        cmocka_unit_test(test_hosts_name_their_tenants),
        cmocka_unit_test(test_every_fault),
        cmocka_unit_test(test_faults_repeat_with_the_seed),
        cmocka_unit_test(test_gzip_and_bomb),
        cmocka_unit_test(test_latency_and_parallel_statistics),
        cmocka_unit_test(test_rate_limit_and_stats_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
