/*
 * The booking links of the real catalogue, ../shared/catalogue/courses-bookable.csv, which
 * is not part of this project: runs where the folder lies beside it, and says so where it does
 * not.
 * - each `bookingUrl` of an engine's row gives ids of that row, and no others
 * - what it does not give is explained; links at other hosts are told apart and counted
 */
#include <stdio.h>
#include <unistd.h>

#include "catalogue/attributes.h"
#include "catalogue/catalogue.h"
#include "support/unit.h"

#define CATALOGUE   TS_SOURCE_DIR "/../shared/catalogue/courses-bookable.csv"
#define ENGINES_MAX 32

/* What became of an engine's links. */
struct count {
    unsigned links, complete; /* all the ids that the row has of the engine's identity */
    unsigned partial, none;   /* some or none of them, with a reason */
    unsigned elsewhere;       /* not a link of this row's engine */
    unsigned contrary;        /* another id than the row's */
};

static struct count counts[ENGINES_MAX];
static struct problems problems;
static struct attributes row_values, link_values;

/* The engine's n-th value in packed attributes. */
static const char *value_at(const char *packed, uint32_t index)
{
    while (index-- > 0)
        packed += strlen(packed) + 1;
    return packed;
}

static void compare(int engine, struct count *count, const char *url, const char *lacks)
{
    unsigned given = 0, missing = 0;
    for (uint32_t i = 0; i < engines[engine]->attrs_count; i++) {
        const char *wanted = value_at(row_values.packed, i);
        const char *got = value_at(link_values.packed, i);
        if (wanted[0] && got[0] && strcmp(wanted, got) != 0) {
            print_message("%s: %s is %s in the row, %s in the link\n", url,
                          engines[engine]->attrs[i].name, wanted, got);
            count->contrary++;
            return;
        }
        given += got[0] != '\0';
        missing += wanted[0] && !got[0];
    }
    if (missing > 0 && !lacks)
        fail_msg("%s: ids are missing and no reason is given", url);
    count->complete += missing == 0;
    count->partial += missing > 0 && given > 0;
    count->none += missing > 0 && given == 0;
}

static void take_row(void *ctx, const struct catalogue_row *row)
{
    (void)ctx;
    int engine = engine_find(row->engine);
    if (engine < 0)
        return;
    attributes_read(&row_values, engines[engine], row->attributes_json, &problems);
    struct str url = str_of(row_values.booking_url);
    struct count *count = &counts[engine];
    char storage[4096];
    struct buf json = buf_over(storage, sizeof(storage));
    const char *lacks = NULL;
    if (url.len == 0)
        return;
    count->links++;
    if (!engines[engine]->from_url(url, &json, &lacks)) {
        print_message("%s: not a link of %s\n", url.ptr, engines[engine]->name);
        count->elsewhere++;
        return;
    }
    memset(&problems, 0, sizeof(problems));
    attributes_read(&link_values, engines[engine], buf_view(&json), &problems);
    assert_int_equal(problems.count, 0);
    compare(engine, count, url.ptr, lacks);
}

static void links_give_their_rows_ids(void **state)
{
    (void)state;
    if (access(CATALOGUE, R_OK) != 0) {
        print_message("skipped: no %s here\n", CATALOGUE);
        skip();
    }
    struct catalogue_config config = { .path = CATALOGUE, .on_row = take_row };
    struct catalogue *catalogue = NULL;
    struct error error = { 0 };
    if (catalogue_load(&config, &catalogue, &error) != TS_ERR_OK)
        fail_msg("refused: %s", error.text);
    unsigned links = 0, elsewhere = 0, contrary = 0;
    for (uint32_t i = 0; i < engines_count; i++) {
        const struct count *count = &counts[i];
        print_message("%-12s %3u links: %3u all ids, %3u some, %2u none (with a reason), "
                      "%u elsewhere, %u contrary\n",
                      engines[i]->name, count->links, count->complete, count->partial,
                      count->none, count->elsewhere, count->contrary);
        links += count->links;
        elsewhere += count->elsewhere;
        contrary += count->contrary;
    }
    assert_int_equal(links, 425);
    assert_int_equal(elsewhere, 4); /* foreup rows: three own sites, one Chronogolf page */
    assert_int_equal(contrary, 0);
    catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(links_give_their_rows_ids) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
