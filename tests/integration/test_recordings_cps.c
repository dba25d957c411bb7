/*
 * test_recordings_cps.c: the recorded replies of ../shared/recordings/cps, which are not part
 * of the project, through the adapter. Where the folder is missing each test says so and is
 * skipped. Tokens and keys were not recorded: those replies are written here.
 *
 * Exercised: six courses in one list, routed to their rows (Bergen); a cart beside the green
 * fee, party ranges (Rancho Bernardo); nothing open, twice (Harbor Links); the courses' look-up
 * and a registered transaction (Fossil Trace); the configuration of a v5 tenant, which has no
 * key; the quoted refusals and the bare old v4 answer. The expected times were read off the
 * recordings by hand.
 */
#include "integration/recorded.h"
#include "support/unit.h"

#define WEBSITE " websiteId=11111111-2222-4333-8444-555555555555"

static int set_up(void **state)
{
    int failed = recorded_set_up(state);
    recorded_begin(*state, "cps");
    return failed;
}

static void add_recorded(struct recorded *recording, uint16_t status, const char *name)
{
    recorded_reply(recording, status, recorded_load(recording, name));
}

static void add_token(struct recorded *recording)
{
    recorded_reply(recording, 200, STR("{\"access_token\": \"t\", \"expires_in\": 600}"));
}

static void add_start(struct recorded *recording)
{
    add_token(recording);
    add_recorded(recording, 200, "cps/fossiltrace-register-transaction.json");
}

static void test_bergen_has_six_courses(void **state)
{
#define ALL ", players 1,2,3,4, "
    static const char orchard[] =
        "open\n"
        "15:10 9 holes from 1" ALL "55.00 walking, ref 1070027, rate Non Resident Registered "
        "WE 9 Holes\n"
        "15:40 9 holes from 1" ALL "55.00 walking, ref 1070030\n";
    static const char rockleigh[] =
        "open\n"
        "06:30 9 holes from 1" ALL "25.00 walking, ref 978093, routing Rockleigh Blue 9, rate "
        "Blue Course WE\n"
        "06:40 9 holes from 1" ALL "25.00 walking, ref 978094, routing Rockleigh Blue 9, rate "
        "Blue Course WE\n"
        "16:20 18 holes from 1" ALL "55.00 walking, ref 1002014, routing Rockleigh R/W 18, "
        "rate Non Resident Registered Twilight WE\n"
        "16:30 18 holes from 1" ALL "55.00 walking, ref 1002015, routing Rockleigh R/W 18\n";
    static const char darlington[] =
        "open\n"
        "16:30 18 holes from 1" ALL "55.00 walking, ref 1040831, rate Non Resident Registered "
        "Twilight WE\n"
        "16:40 18 holes from 1" ALL "55.00 walking, ref 1040832\n";
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=bergen courseIds=9" WEBSITE);
    recorded_course(recording, "subdomain=bergen courseIds=12,10" WEBSITE);
    recorded_course(recording, "subdomain=bergen courseIds=4" WEBSITE);
    recorded_course(recording, "subdomain=bergen courseIds=2,13" WEBSITE);
    recorded_course(recording, "subdomain=bergen courseIds=1" WEBSITE);
    add_start(recording);
    add_recorded(recording, 200, "cps/bergen-v5-multicourse-trimmed.json");
    recorded_play(recording, "2026-09-12");
    assert_string_equal(recorded_render_refs(recording, 0), orchard);
    assert_string_equal(recorded_render_refs(recording, 1), rockleigh);
    assert_string_equal(recorded_render_refs(recording, 2), darlington);
    assert_int_equal(recorded_conversation(recording)->sheets[3].tee_times_count, 4);
    assert_string_equal(recorded_render_refs(recording, 4), "none_open\n");
}

static void test_rancho_bernardo(void **state)
{
    static const char expected[] =
        "open\n"
        "07:21 18 holes from 1, players 1, 95.00 walking, cart 15.00, ref 5932777, rate SC "
        "Resident M-Th\n"
        "15:09 18 holes from 1, players 1, 55.00 walking, cart 15.00, ref 5932829, rate "
        "Twilight M-Th\n"
        "18:00 18 holes from 1, players 2,3,4, 40.00 walking, ref 6698755, rate Super Twilight "
        "M-Th\n";
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=rancho courseIds=2" WEBSITE);
    add_start(recording);
    add_recorded(recording, 200, "cps/ranchobernardo-v5-3slots-trimmed.json");
    recorded_play(recording, "2026-03-12");
    assert_string_equal(recorded_render_refs(recording, 0), expected);
}

static void test_harbor_links_has_none(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=harbor");
    add_token(recording);
    add_recorded(recording, 200, "cps/fossiltrace-online-courses.json");
    add_recorded(recording, 200, "cps/fossiltrace-register-transaction.json");
    add_recorded(recording, 200, "cps/harborlinks-v5-no-teetimes.json");
    add_recorded(recording, 200, "cps/harborlinks-v5-no-teetimes.json");
    recorded_play(recording, "2026-07-16");
    assert_string_equal(recorded_render_refs(recording, 0), "none_open\n");
}

static void test_fossil_trace_ids(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=fossil");
    add_token(recording);
    add_recorded(recording, 200, "cps/fossiltrace-online-courses.json");
    recorded_play(recording, "2026-03-12");
    const char *url = conversation_request(recorded_conversation(recording)).url;
    assert_true(str_contains_nocase(str_of(url), STR("/RegisterTransactionId")));
    add_recorded(recording, 200, "cps/fossiltrace-register-transaction.json");
    recorded_play(recording, "2026-03-12");
    struct http_request request = conversation_request(recorded_conversation(recording));
    assert_true(str_contains_nocase(str_of(request.url), STR("&courseIds=1,3,2&")));
    bool has_website = false;
    for (uint32_t i = 0; i < request.headers_count; i++)
        if (strcmp(request.headers[i], "x-websiteid: b6c22f3a-944a-46e9-020e-08da90168fb2") ==
            0)
            has_website = true;
    assert_true(has_website);
}

static void test_v5_configuration_has_no_key(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=fossil courseIds=1 api=v4" WEBSITE);
    add_recorded(recording, 200, "cps/fossiltrace-home-configuration.json");
    recorded_play(recording, "2026-03-12");
    assert_string_equal(recorded_render_refs(recording, 0), "misconfigured\n");
}

static void test_not_released(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=boston courseIds=1" WEBSITE);
    add_start(recording);
    add_recorded(recording, 400, "cps/quoted-400-date-not-released.json");
    recorded_play(recording, "2026-03-12");
    assert_string_equal(recorded_render_refs(recording, 0), "not_released\n");
}

static void test_invalid_transaction(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=boston courseIds=2" WEBSITE);
    add_start(recording);
    add_recorded(recording, 400, "cps/quoted-400-invalid-transaction-id.json");
    add_recorded(recording, 200, "cps/fossiltrace-register-transaction.json");
    add_recorded(recording, 200, "cps/ranchobernardo-v5-3slots-trimmed.json");
    recorded_play(recording, "2026-03-12");
    assert_int_equal(recorded_conversation(recording)->sheets[0].tee_times_count, 3);
}

static void test_old_v4(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "subdomain=old courseIds=1 api=v4" WEBSITE);
    recorded_reply(recording, 200, STR("{\"apiKey\": \"k\"}"));
    add_recorded(recording, 200, "cps/quoted-v4-no-teetimes-bare.json");
    add_recorded(recording, 200, "cps/fossiltrace-online-courses.json");
    add_recorded(recording, 200, "cps/quoted-v4-no-teetimes-bare.json");
    recorded_play(recording, "2026-03-12");
    assert_string_equal(recorded_render_refs(recording, 0), "none_open\n");
}

int main(void)
{
#define RECORDING(test) cmocka_unit_test_setup_teardown(test, set_up, recorded_tear_down)
    const struct CMUnitTest tests[] = {
        RECORDING(test_bergen_has_six_courses),      RECORDING(test_rancho_bernardo),
        RECORDING(test_harbor_links_has_none),       RECORDING(test_fossil_trace_ids),
        RECORDING(test_v5_configuration_has_no_key), RECORDING(test_not_released),
        RECORDING(test_invalid_transaction),         RECORDING(test_old_v4),
    };
    return cmocka_run_group_tests_name("recordings of cps", tests, NULL, NULL);
}
