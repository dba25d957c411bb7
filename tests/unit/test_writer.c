/*
 * test_writer.c exercises host/writer with a store of the test's own:
 *   a batch goes over, is sorted, and comes back with its receipt; passing failures are retried
 * until they pass or the patience ends, with reconnection; lasting failures end at once; a
 * poisoned tee sheet is found by halving and set aside while the rest commits; held ones of
 * split parts add up; hurrying ends a wait.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/writer.h"
#include "support/unit.h"

#define SHEETS 10

/* A store that does as it is told. */
struct told_store {
    struct store store;
    int failures; /* so many upserts fail first */
    ts_err failure;
    int64_t poisoned; /* a course id that is refused; 0: none */
    int upserts, reconnects, committed_sheets;
    bool was_sorted;
    uint32_t holds; /* how many of each part are held */
};

static ts_err told_upsert(struct store *store, const struct batch *batch, int64_t run_id,
                          struct store_receipt *ret_receipt, struct error *reterr)
{
    struct told_store *told = (struct told_store *)store;
    assert_int_equal(run_id, 77);
    told->upserts++;
    if (told->failures-- > 0)
        return error_set(reterr, told->failure, "told to fail");
    for (uint32_t i = 0; i < batch->sheets_count; i++) {
        if (batch->sheets[i].course_id == told->poisoned)
            return error_set(reterr, TS_ERR_DATA, "poison");
        if (i > 0 && tee_sheet_compare(&batch->sheets[i - 1], &batch->sheets[i]) > 0)
            told->was_sorted = false;
    }
    told->committed_sheets += (int)batch->sheets_count;
    ret_receipt->tee_sheets = batch->sheets_count;
    ret_receipt->inserted = 2 * batch->sheets_count;
    for (uint32_t i = 0; i < told->holds; i++)
        ret_receipt->held[ret_receipt->held_count++] =
            (struct store_held){ .course_index = batch->sheets[i].course_index };
    return TS_ERR_OK;
}

static ts_err told_reconnect(struct store *store, struct error *reterr)
{
    (void)reterr;
    ((struct told_store *)store)->reconnects++;
    return TS_ERR_OK;
}

static const struct store_ops told_ops = { .upsert = told_upsert, .reconnect = told_reconnect };

struct fixture {
    struct told_store told;
    struct loop *loop;
    struct writer *writer;
    struct batch *batch;
};

static void add_sheet(struct batch *batch, int64_t course_id)
{
    struct tee_sheet sheet = { .course_id = course_id,
                               .course_index = (uint32_t)course_id,
                               .play_date = 20000,
                               .outcome = OUTCOME_NONE_OPEN,
                               .detail = "",
                               .currency = "USD" };
    assert_int_equal(batch_add(batch, &sheet, 1), TS_ERR_OK);
}

static void setup(struct fixture *fixture, int64_t patience_us, FILE *set_aside)
{
    *fixture =
        (struct fixture){ .told = { .store = { .ops = &told_ops }, .was_sorted = true } };
    struct error error = { 0 };
    assert_int_equal(loop_new(&fixture->loop, 8, &error), TS_ERR_OK);
    struct writer_config config = { .store = &fixture->told.store,
                                    .loop = fixture->loop,
                                    .run_id = 77,
                                    .patience_us = patience_us,
                                    .sheets_max = SHEETS,
                                    .stop_fd = -1,
                                    .set_aside = set_aside };
    assert_int_equal(writer_new(&config, &fixture->writer, &error), TS_ERR_OK);
    assert_int_equal(batch_new(&fixture->batch, SHEETS, 65536), TS_ERR_OK);
    for (int64_t id = SHEETS; id >= 1; id--)
        add_sheet(fixture->batch, id);
}

static void teardown(struct fixture *fixture)
{
    writer_free(fixture->writer);
    batch_free(fixture->batch);
    loop_free(fixture->loop);
}

static struct writer_result write_it(struct fixture *fixture)
{
    struct writer_result result;
    assert_true(writer_is_idle(fixture->writer));
    writer_give(fixture->writer, fixture->batch);
    assert_false(writer_is_idle(fixture->writer));
    while (!writer_take(fixture->writer, &result))
        assert_int_equal(loop_turn(fixture->loop, CLOCK_SECOND_US), TS_ERR_OK);
    assert_true(writer_is_idle(fixture->writer));
    assert_ptr_equal(result.batch, fixture->batch);
    return result;
}

static void commits_and_gives_back(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0, NULL);
    struct writer_result result = write_it(&fixture);
    assert_int_equal(result.err, TS_ERR_OK);
    assert_int_equal(result.receipt.tee_sheets, SHEETS);
    assert_int_equal(result.receipt.inserted, 2 * SHEETS);
    assert_true(fixture.told.was_sorted);
    struct writer_notice notice;
    assert_false(writer_next_notice(fixture.writer, &notice));
    teardown(&fixture);
}

static void retries_what_can_pass(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 60 * CLOCK_SECOND_US, NULL);
    fixture.told.failures = 2;
    fixture.told.failure = TS_ERR_CONNECTION;
    struct writer_result result = write_it(&fixture);
    assert_int_equal(result.err, TS_ERR_OK);
    assert_int_equal(fixture.told.upserts, 3);
    assert_int_equal(fixture.told.committed_sheets, SHEETS); /* nothing was cleared meanwhile */
    assert_int_equal(result.receipt.tee_sheets, SHEETS);
    assert_int_equal(fixture.told.reconnects, 2);
    struct writer_notice notice;
    for (uint32_t i = 1; i <= 2; i++) {
        assert_true(writer_next_notice(fixture.writer, &notice));
        assert_int_equal(notice.kind, WRITER_RETRYING);
        assert_int_equal(notice.attempt, i);
        assert_string_equal(notice.error.text, "told to fail");
    }
    assert_true(writer_next_notice(fixture.writer, &notice));
    assert_int_equal(notice.kind, WRITER_RECOVERED);
    teardown(&fixture);
}

static void a_passing_failure_keeps_the_connection(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 60 * CLOCK_SECOND_US, NULL);
    fixture.told.failures = 1;
    fixture.told.failure = TS_ERR_TRANSIENT;
    assert_int_equal(write_it(&fixture).err, TS_ERR_OK);
    assert_int_equal(fixture.told.reconnects, 0);
    teardown(&fixture);
}

static void patience_ends(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, CLOCK_SECOND_US, NULL);
    fixture.told.failures = 1000;
    fixture.told.failure = TS_ERR_BUSY;
    int64_t before = clock_monotonic_us();
    struct writer_result result = write_it(&fixture);
    assert_int_equal(result.err, TS_ERR_BUSY);
    assert_int_equal(fixture.told.committed_sheets, 0);
    assert_true(clock_monotonic_us() - before < 3 * CLOCK_SECOND_US);
    teardown(&fixture);
}

static void a_lasting_failure_ends_at_once(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 60 * CLOCK_SECOND_US, NULL);
    fixture.told.failures = 1;
    fixture.told.failure = TS_ERR_PERMISSION;
    struct writer_result result = write_it(&fixture);
    assert_int_equal(result.err, TS_ERR_PERMISSION);
    assert_string_equal(result.error.text, "told to fail");
    assert_int_equal(fixture.told.upserts, 1);
    teardown(&fixture);
}

static void sets_the_poisoned_one_aside(void **state)
{
    (void)state;
    for (int64_t poisoned = 1; poisoned <= SHEETS; poisoned++) {
        char *text = NULL;
        size_t len = 0;
        FILE *set_aside = open_memstream(&text, &len);
        assert_non_null(set_aside);
        struct fixture fixture;
        setup(&fixture, 0, set_aside);
        fixture.told.poisoned = poisoned;
        struct writer_result result = write_it(&fixture);
        assert_int_equal(result.err, TS_ERR_OK);
        assert_int_equal(result.set_aside, 1);
        assert_int_equal(fixture.told.committed_sheets, SHEETS - 1);
        assert_int_equal(result.receipt.tee_sheets, SHEETS - 1);
        struct writer_notice notice;
        assert_true(writer_next_notice(fixture.writer, &notice));
        assert_int_equal(notice.kind, WRITER_SET_ASIDE);
        assert_int_equal(notice.course_id, poisoned);
        teardown(&fixture);
        assert_int_equal(fclose(set_aside), 0);
        char expected[40];
        struct buf buf = buf_over(expected, sizeof(expected));
        buf_printf(&buf, "{\"course_id\":%d,", (int)poisoned);
        assert_memory_equal(text, expected, buf.len);
        assert_non_null(strstr(text, "\"reason\":\"poison\""));
        assert_non_null(strstr(text, "\"play_date\":\"2024-10-04\""));
        free(text);
    }
}

static void held_ones_of_parts_add_up(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0, NULL);
    fixture.told.poisoned = 1; /* parts: [2] [3..5] [6..10] */
    fixture.told.holds = 1;
    struct writer_result result = write_it(&fixture);
    assert_int_equal(result.receipt.held_count, 3);
    assert_int_equal(result.receipt.held[0].course_index, 2);
    assert_int_equal(result.receipt.held[1].course_index, 3);
    assert_int_equal(result.receipt.held[2].course_index, 6);
    teardown(&fixture);
}

static void *hurry_soon(void *ctx)
{
    (void)usleep(300000);
    writer_hurry(ctx);
    return NULL;
}

static void hurrying_ends_a_wait(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 600 * CLOCK_SECOND_US, NULL);
    fixture.told.failures = 1000;
    fixture.told.failure = TS_ERR_CONNECTION;
    pthread_t thread;
    int64_t before = clock_monotonic_us();
    assert_int_equal(pthread_create(&thread, NULL, hurry_soon, fixture.writer), 0);
    struct writer_result result = write_it(&fixture);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(result.err, TS_ERR_STOPPED);
    assert_true(clock_monotonic_us() - before < 3 * CLOCK_SECOND_US);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_and_gives_back),
        cmocka_unit_test(retries_what_can_pass),
        cmocka_unit_test(a_passing_failure_keeps_the_connection),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(a_lasting_failure_ends_at_once),
        cmocka_unit_test(sets_the_poisoned_one_aside),
        cmocka_unit_test(held_ones_of_parts_add_up),
        cmocka_unit_test(hurrying_ends_a_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
