/*
 * test_answers.c: the table of docs/engines/answers.md.
 *
 * Exercised: each row's cases are there, and expect the row's outcome; each engine that has a
 * page has rows, and each the cases that all engines have. What the cases come to is
 * test_conform's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conform/fixture.h"
#include "support/process.h"
#include "support/unit.h"

#define TABLE TS_SOURCE_DIR "/docs/engines/answers.md"

struct row {
    struct str engine, outcome, cases;
};

/* "| engine | answer | outcome | case, case |" */
static bool read_row(struct str line, struct row *ret_row)
{
    struct str answer;
    if (!str_has_prefix(line, STR("| ")))
        return false;
    line = (struct str){ line.ptr + 2, line.len - 2 };
    if (!str_split(&line, '|', &ret_row->engine) || !str_split(&line, '|', &answer) ||
        !str_split(&line, '|', &ret_row->outcome) || !str_split(&line, '|', &ret_row->cases))
        return false;
    ret_row->engine = str_trim(ret_row->engine);
    ret_row->outcome = str_trim(ret_row->outcome);
    return engine_find(ret_row->engine) >= 0;
}

static char *load_case(struct str engine, struct str name)
{
    char path[400];
    (void)snprintf(path, sizeof(path), "%s/tests/fixtures/%.*s/%.*s.case", TS_SOURCE_DIR,
                   STR_ARGS(engine), STR_ARGS(name));
    if (access(path, R_OK) != 0)
        fail_msg("no %s", path);
    return read_whole_file(path);
}

static void check_row(const struct row *row)
{
    struct str rest = row->cases, name;
    while (str_split(&rest, ',', &name)) {
        char expected[60];
        char *text = load_case(row->engine, str_trim(name));
        (void)snprintf(expected, sizeof(expected), "\nexpect: %.*s\n", STR_ARGS(row->outcome));
        if (!str_contains_nocase(str_of(text), str_of(expected)))
            fail_msg("%.*s/%.*s does not expect %.*s", STR_ARGS(row->engine),
                     STR_ARGS(str_trim(name)), STR_ARGS(row->outcome));
        free(text);
    }
}

static bool has_page(const struct engine *engine)
{
    char path[400];
    (void)snprintf(path, sizeof(path), "%s/docs/engines/%s.md", TS_SOURCE_DIR, engine->name);
    return access(path, R_OK) == 0;
}

static void test_each_answer_has_its_cases(void **state)
{
    char *table = read_whole_file(TABLE);
    struct str rest = str_of(table), line;
    uint32_t rows[32] = { 0 };
    (void)state;
    assert_true(engines_count <= TS_COUNT_OF(rows));
    while (str_split(&rest, '\n', &line)) {
        struct row row;
        if (!read_row(line, &row))
            continue;
        check_row(&row);
        rows[engine_find(row.engine)]++;
    }
    for (uint32_t i = 0; i < engines_count; i++)
        if (rows[i] == 0 && has_page(engines[i]))
            fail_msg("%s has no row in %s", engines[i]->name, TABLE);
    free(table);
}

static void test_all_engines_have_the_common_cases(void **state)
{
    static const char *const names[] = { "challenge", "throttled", "empty_body", "malformed" };
    (void)state;
    for (uint32_t i = 0; i < engines_count; i++)
        for (size_t k = 0; k < TS_COUNT_OF(names); k++)
            free(load_case(str_of(engines[i]->name), str_of(names[k])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_answer_has_its_cases),
        cmocka_unit_test(test_all_engines_have_the_common_cases),
    };
    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
