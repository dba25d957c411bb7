/*
 * test_store.c: exercises what stores share and no database is needed for: URLs (unknown
 * scheme, password on the command line, default place), the store that discards, the guard on
 * both sides of each bound, distances.
 */
#include <stdlib.h>

#include "batch/batch.h"
#include "store/leases.h"
#include "store/runs.h"
#include "store/search.h"
#include "store/store.h"
#include "support/unit.h"

static void urls_are_checked(void **state)
{
    (void)state;
    static const char *const unknown[] = { "mysql://me:hush@host/db", "teesheet.db", "" };
    struct store *store = NULL;
    for (size_t i = 0; i < TS_COUNT_OF(unknown); i++) {
        struct store_config config = { .url = unknown[i], .stop_fd = -1 };
        struct error error = { 0 };
        assert_int_equal(store_open(&config, true, &store, &error), TS_ERR_USAGE);
        assert_non_null(strstr(error.text, "sqlite:PATH"));
        assert_null(strstr(error.text, "hush"));
    }
}

static void a_password_on_the_command_line_is_refused(void **state)
{
    (void)state;
    static const char *const loud[] = { "postgresql://me:hush@host/db",
                                        "postgres://me:hu%40sh@host:6543",
                                        "postgresql://me:hu@sh@host",
                                        "postgresql://me@host/db?password=hush" };
    struct store *store = NULL;
    for (size_t i = 0; i < TS_COUNT_OF(loud); i++) {
        struct store_config config = { .url = loud[i], .stop_fd = -1 };
        struct error error = { 0 };
        assert_int_equal(store_open(&config, true, &store, &error), TS_ERR_USAGE);
        assert_non_null(strstr(error.text, "must not hold a password"));
        assert_null(strstr(error.text, "hu"));
    }
}

static void the_default_is_in_the_data_folder(void **state)
{
    (void)state;
    char storage[100];
    assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
    assert_int_equal(setenv("HOME", "/home/me", 1), 0);
    assert_int_equal(store_default_url(storage, sizeof(storage), NULL), TS_ERR_OK);
    assert_string_equal(storage, "sqlite:/data/teesheet/teesheet.db");
    assert_int_equal(setenv("XDG_DATA_HOME", "relative", 1), 0);
    assert_int_equal(store_default_url(storage, sizeof(storage), NULL), TS_ERR_OK);
    assert_string_equal(storage, "sqlite:/home/me/.local/share/teesheet/teesheet.db");
    assert_int_equal(store_default_url(storage, 10, NULL), TS_ERR_CONFIG);
    assert_int_equal(unsetenv("HOME"), 0);
    struct error error = { 0 };
    assert_int_equal(store_default_url(storage, sizeof(storage), &error), TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "--store"));
}

static void none_discards(void **state)
{
    (void)state;
    struct store_config config = { .url = "none", .stop_fd = -1 };
    struct store *store = NULL;
    assert_int_equal(store_open(&config, true, &store, NULL), TS_ERR_OK);
    struct batch *batch = NULL;
    assert_int_equal(batch_new(&batch, 2, 4096), TS_ERR_OK);
    struct tee_sheet sheet = { .course_id = 1,
                               .play_date = 20600,
                               .outcome = OUTCOME_NONE_OPEN,
                               .detail = "",
                               .currency = "CAD",
                               .checked_at = 1000 };
    assert_int_equal(batch_add(batch, &sheet, 1), TS_ERR_OK);
    struct store_held held[2];
    struct store_receipt receipt = { .held = held, .inserted = 9 };
    assert_int_equal(store_upsert(store, batch, 1, &receipt, NULL), TS_ERR_OK);
    assert_int_equal(receipt.tee_sheets, 1);
    assert_int_equal(receipt.inserted + receipt.held_count, 0);
    assert_ptr_equal(receipt.held, held);
    const struct run_start start = { 1000, STR("box"), STR("all"), STR("{}") };
    int64_t run_id = 9;
    assert_int_equal(run_begin(store, &start, &run_id, NULL), TS_ERR_OK);
    assert_int_equal(run_id, 0);
    const struct lease lease = { "sweep:all", "me", 60 };
    struct lease_state took;
    bool ours = false;
    assert_int_equal(lease_take(store, &lease, &took, NULL), TS_ERR_OK);
    assert_true(took.ours);
    assert_int_equal(lease_renew(store, &lease, &ours, NULL), TS_ERR_OK);
    assert_true(ours);
    store_close(store);
    store_close(NULL);
    batch_free(batch);
}

static void the_guard_holds_what_would_empty(void **state)
{
    (void)state;
    struct tee_sheet sheet = { .checked_at = 100000, .tee_times_count = 5, .digest = 77 };
    assert_false(store_guard_holds(&sheet, 8, 5, 100000, 0)); /* 62.5 % */
    assert_true(store_guard_holds(&sheet, 8, 6, 100000, 0));  /* 75 % */
    assert_false(store_guard_holds(&sheet, 7, 6, 100000, 0)); /* too few */
    assert_false(store_guard_holds(&sheet, 100, 65, 100000, 0));
    assert_true(store_guard_holds(&sheet, 100, 66, 100000, 0));
    assert_false(store_guard_holds(&sheet, 3, 3, 100000, 0)); /* others took their place */
    sheet.tee_times_count = 0;
    assert_true(store_guard_holds(&sheet, 1, 1, 100000, 0));
    assert_false(store_guard_holds(&sheet, 0, 0, 100000, 0));
    /* Six hours, and one second more. */
    assert_true(store_guard_holds(&sheet, 9, 9, 100000 - 21600, 0));
    assert_false(store_guard_holds(&sheet, 9, 9, 100000 - 21601, 0));
    /* Only a second look can agree, and only with the look that was held. */
    assert_true(store_guard_holds(&sheet, 9, 9, 100000, 77));
    sheet.second_look = true;
    assert_false(store_guard_holds(&sheet, 9, 9, 100000, 77));
    assert_true(store_guard_holds(&sheet, 9, 9, 100000, 78));
    assert_true(store_guard_holds(&sheet, 9, 9, 100000, 0));
    sheet.unread_rows = 1; /* what is gone may be the row that could not be read */
    assert_true(store_guard_holds(&sheet, 9, 1, 100000, 77));
    assert_false(store_guard_holds(&sheet, 9, 0, 100000, 0));
    assert_false(store_guard_holds(&sheet, 9, 1, 100000 - 21601, 0));
}

static void distances_are_great_circles(void **state)
{
    (void)state;
    /* One degree of a great circle on a sphere of 6,371.0088 km is 111.195 km. */
    assert_true(search_distance_km(52, -106, 53, -106) > 111.19 &&
                search_distance_km(52, -106, 53, -106) < 111.20);
    assert_true(search_distance_km(0, 179.5, 0, -179.5) < 111.20);
    assert_true(search_distance_km(52, -106, 52, -106) < 0.000001);
    assert_true(search_distance_km(0, 0, 0, 180) > 20015 &&
                search_distance_km(0, 0, 0, 180) < 20016);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_checked),
        cmocka_unit_test(a_password_on_the_command_line_is_refused),
        cmocka_unit_test(the_default_is_in_the_data_folder),
        cmocka_unit_test(none_discards),
        cmocka_unit_test(the_guard_holds_what_would_empty),
        cmocka_unit_test(distances_are_great_circles),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
