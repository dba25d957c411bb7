/* Exercises teesheet-sim over HTTP, the faults that engines carry out themselves:
 * - Quick18's page without its matrix, TeeItUp's throttled empties, both with status 200;
 * - they meet no other engine, and the statistics count only what they met. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "integration/sim_process.h"
#include "support/unit.h"

#define TEEITUP "/phx-api-be-east-1b.kenna.io/v2/tee-times?date=2026-12-05&facilityIds=20001"
#define QUICK18 "/teetimes/searchmatrix?teedate=20261205"

static char body[1 << 19];
static size_t body_len;

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    (void)ctx;
    assert_true(body_len + size * count < sizeof(body));
    memcpy(body + body_len, data, size * count);
    body_len += size * count;
    return size * count;
}

static long get(const struct sim *sim, const char *path, const char *alias)
{
    char url[512], header[160];
    long status = 0;
    CURL *curl = curl_easy_init();
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%ld%s", sim->port, path);
    (void)snprintf(header, sizeof(header), "x-be-alias: %s", alias);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    body_len = 0;
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    body[body_len] = '\0';
    return status;
}

/* The slug of the fleet's n-th club, from the links of its catalogue: "https://SLUG.…". */
static void slug_of(int number, const char *kinds, char slug[96])
{
    const char *const args[] = { kinds, "--courses=2", "--catalogue", NULL };
    char *csv = NULL;
    assert_int_equal(sim_run(args, &csv), 0);
    const char *link = csv;
    for (int i = 0; i < number; i++) {
        link = strstr(link + 1, "https://");
        assert_non_null(link);
    }
    assert_int_equal(sscanf(link, "https://%95[^.]", slug), 1);
    free(csv);
}

static void test_own_faults(void **state)
{
    (void)state;
    static const struct {
        const char *option, *name;
        bool table, times;
    } cases[] = {
        { "--no-table=0", "none", true, true },
        { "--no-table=100", "no-table", false, true },
        { "--throttled-empty=100", "throttled-empty", true, false },
    };
    char alias[96], host[96], path[256], counted[64];
    slug_of(1, "--kind=teeitup,quick18", alias);
    slug_of(2, "--kind=teeitup,quick18", host);
    (void)snprintf(path, sizeof(path), "/%s.quick18.com%s", host, QUICK18);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *const args[] = { "--kind=teeitup,quick18", "--courses=2", cases[i].option,
                                     NULL };
        struct sim sim = sim_start(args);
        assert_int_equal(get(&sim, path, alias), 200);
        assert_int_equal(strstr(body, "<table class=\"matrixTable\"") != NULL, cases[i].table);
        assert_int_equal(get(&sim, TEEITUP, alias), 200);
        assert_int_equal(strstr(body, "\"dayInfo\"") != NULL, cases[i].times);
        assert_int_equal(get(&sim, "/_sim/stats", alias), 200);
        (void)snprintf(counted, sizeof(counted), "\"%s\": 1", cases[i].name);
        if (cases[i].table && cases[i].times)
            (void)snprintf(counted, sizeof(counted), "\"no-table\": 0");
        assert_non_null(strstr(body, counted));
        sim_stop(&sim);
    }
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_own_faults) };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
