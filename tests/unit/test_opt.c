/* test_opt.c exercises base/opt:
 *   values of each type, their limits, and what the refusal says; secrets stay hidden;
 *   who wins: argv, TEESHEET_<NAME>, the other variable, the default; empty variables;
 *   lists, repeated and comma-separated; positional arguments, "--";
 *   no abbreviations, unknown options with the nearest name, missing and superfluous values;
 *   help: groups, width, limits; the manual page through mandoc -T lint.
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/opt.h"
#include "support/mandoc.h"

struct options {
    bool loud;
    const char *store;
    struct opt_list regions;
    int64_t batch_size;
    uint64_t memory;
    int64_t timeout;
    int32_t from;
    int64_t now;
    int progress;
};

static const char *const progress_choices[] = { "auto", "bar", "lines", NULL };

#define AT(field) .offset = offsetof(struct options, field)

static const struct opt table[] = {
    { .name = "loud", .key = 'l', .type = OPT_FLAG, AT(loud), .help = "Say more." },
    { .name = "store",
      .key = 's',
      .env_also = "TEST_DATABASE_URL",
      .value_name = "URL",
      .type = OPT_TEXT,
      AT(store),
      .default_text = "sqlite:",
      .help = "Where to." },
    { .name = "region",
      .value_name = "R",
      .type = OPT_LIST,
      AT(regions),
      .help = "Only these regions. A second sentence, e.g. this one, is long enough that it "
              "has to be wrapped over several lines.",
      .group = "What" },
    { .name = "batch-size",
      .env_also = "TEST_UPSERT_BATCH_SIZE",
      .value_name = "N",
      .type = OPT_COUNT,
      AT(batch_size),
      .min = 1,
      .max = 10000,
      .default_text = "100",
      .help = "Tee sheets of a batch." },
    { .name = "memory",
      .value_name = "SIZE",
      .type = OPT_BYTES,
      AT(memory),
      .min = 8 << 20,
      .max = (int64_t)4 << 30,
      .default_text = "64M",
      .help = "The bound.",
      .group = "Bounds" },
    { .name = "timeout",
      .value_name = "DURATION",
      .type = OPT_DURATION,
      AT(timeout),
      .min = 100000,
      .max = 600000000,
      .default_text = "30s",
      .help = "Per request." },
    { .name = "from", .value_name = "DATE", .type = OPT_DATE, AT(from), .help = ".First day." },
    { .name = "now", .value_name = "INSTANT", .type = OPT_INSTANT, AT(now), .help = "A \\ b." },
    { .name = "progress",
      .value_name = "HOW",
      .type = OPT_CHOICE,
      AT(progress),
      .choices = progress_choices,
      .default_text = "auto",
      .help = "How to show progress." },
    { .name = "token",
      .value_name = "TEXT",
      .type = OPT_COUNT,
      .secret = true,
      .min = 0,
      .max = 9,
      AT(batch_size),
      .help = "A secret." },
};

static const char *const examples[] = { "teesheet try --region MB", "Tries one region.", NULL };

static const struct opt_command command = {
    .name = "try",
    .about = "tries things",
    .text = "A paragraph.\n\n  kept   as it is\n  'and so. on\n\nAnother one. With two "
            "sentences.\n",
    .arguments = "[FILE]",
    .opts = table,
    .opts_count = TS_COUNT_OF(table),
    .examples = examples,
    .exits = "0 good\n1 wrong usage. Or nothing\n",
};

static void parse(struct options *options, struct opt_list *arguments, bool *given,
                  const char *const *words)
{
    static char storage[16][80];
    char *argv[17] = { storage[0] };
    int argc = 0;
    (void)snprintf(storage[argc++], 80, "try");
    for (; words[argc - 1]; argc++) {
        (void)snprintf(storage[argc], 80, "%s", words[argc - 1]);
        argv[argc] = storage[argc];
    }
    opt_parse(&command, argc, argv, options, arguments, given);
}

#define PARSE(options, arguments, given, ...)                                                  \
    parse(options, arguments, given, (const char *const[]){ __VA_ARGS__, NULL })

/* Runs the parse in a child; its exit code, and all that it printed in `said`. */
static int parse_apart(char *said, size_t cap, const char *const *words)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        struct options options;
        struct opt_list arguments;
        parse(&options, &arguments, NULL, words);
        _exit(99);
    }
    (void)close(ends[1]);
    size_t len = 0;
    ssize_t count;
    while (len + 1 < cap && (count = read(ends[0], said + len, cap - 1 - len)) > 0)
        len += (size_t)count;
    said[len] = '\0';
    (void)close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void assert_refused(const char *word, const char *second, const char *expected)
{
    char said[8192];
    int code = parse_apart(said, sizeof(said), (const char *const[]){ word, second, NULL });
    assert_string_equal(said, expected);
    assert_int_equal(code, 1);
}

static const struct opt *named(const char *name)
{
    for (size_t i = 0; i < TS_COUNT_OF(table); i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    fail_msg("no option %s", name);
    return NULL;
}

static void test_values(void **state)
{
    (void)state;
    struct options options;
    memset(&options, 0xEE, sizeof(options));
    PARSE(&options, NULL, NULL, "-l", "--store=x", "--batch-size", "10000", "--memory=8M",
          "--timeout", "2.5s", "--from=2026-12-05", "--now=2026-12-05T06:00:00Z",
          "--progress=lines");
    assert_true(options.loud);
    assert_string_equal(options.store, "x");
    assert_int_equal(options.regions.count, 0);
    assert_int_equal(options.memory, 8 << 20);
    assert_int_equal(options.timeout, 2500000);
    assert_int_equal(options.from, 20792);
    assert_int_equal(options.now, INT64_C(20792) * 86400 + 6 * 3600);
    assert_int_equal(options.progress, 2);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *text;
    } cases[] = {
        { "batch-size", "0", "--batch-size: \"0\" is out of range 1..10000" },
        { "batch-size", "10001", "--batch-size: \"10001\" is out of range 1..10000" },
        { "batch-size", "1x", "--batch-size: \"1x\" is not a whole number" },
        { "batch-size", "", "--batch-size: \"\" is not a whole number" },
        { "memory", "7M", "--memory: \"7M\" is out of range 8M..4G" },
        { "memory", "x", "--memory: \"x\" is not a size (like 64M, 512K, 1G)" },
        { "timeout", "1ms", "--timeout: \"1ms\" is out of range 100ms..10m" },
        { "timeout", "5",
          "--timeout: \"5\" is not a duration (like 250ms, 2.5s, 20m, 6h, 14d)" },
        { "from", "2026-02-30", "--from: \"2026-02-30\" is not a date (like 2026-12-05)" },
        { "now", "today", "--now: \"today\" is not an instant (like 2026-12-05T06:00:00Z)" },
        { "progress", "a\nb", "--progress: \"a?b\" is none of auto, bar, lines" },
        { "region", " , ", "--region: \" , \" names nothing" },
        { "token", "hunter2", "--token: the value is not a whole number" },
        { "loud", "maybe",
          "--loud: \"maybe\" is neither 1, true, yes, on nor 0, false, no, off" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        struct options options = { 0 };
        struct error error = { 0 };
        ts_err err = opt_set(named(cases[i].name), cases[i].value, &options, &error);
        assert_int_equal(err, TS_ERR_USAGE);
        assert_string_equal(error.text, cases[i].text);
    }
}

static void test_precedence(void **state)
{
    (void)state;
    struct options options;
    bool given[TS_COUNT_OF(table)];
    PARSE(&options, NULL, given, "-l");
    assert_string_equal(options.store, "sqlite:");
    assert_int_equal(options.batch_size, 0); /* "token" shares the field and has no default */
    assert_true(given[0]);
    assert_false(given[1]);

    setenv("TEST_DATABASE_URL", "also", 1);
    PARSE(&options, NULL, NULL, "-l");
    assert_string_equal(options.store, "also");
    setenv("TEESHEET_STORE", "own", 1);
    setenv("TEESHEET_REGION", "a,b", 1);
    setenv("TEESHEET_LOUD", "yes", 1);
    PARSE(&options, NULL, NULL, "--region", "c");
    assert_string_equal(options.store, "own");
    assert_int_equal(options.regions.count, 1);
    assert_true(options.loud);
    PARSE(&options, NULL, given, "-s", "argv");
    assert_string_equal(options.store, "argv");
    assert_true(given[1]);
    assert_int_equal(options.regions.count, 2);
    setenv("TEESHEET_STORE", "", 1);
    PARSE(&options, NULL, NULL, "-l");
    assert_string_equal(options.store, "also");

    setenv("TEESHEET_MEMORY", "1M", 1);
    assert_refused("-l", NULL,
                   "teesheet: try: TEESHEET_MEMORY: \"1M\" is out of range 8M..4G\n");
    unsetenv("TEESHEET_MEMORY");
    setenv("TEST_UPSERT_BATCH_SIZE", "0", 1);
    assert_refused("-l", NULL,
                   "teesheet: try: TEST_UPSERT_BATCH_SIZE: \"0\" is out of range 1..10000\n");
    unsetenv("TEST_UPSERT_BATCH_SIZE");
    unsetenv("TEST_DATABASE_URL");
    unsetenv("TEESHEET_STORE");
    unsetenv("TEESHEET_REGION");
    unsetenv("TEESHEET_LOUD");
}

static void test_lists_and_arguments(void **state)
{
    (void)state;
    struct options options;
    struct opt_list arguments;
    PARSE(&options, &arguments, NULL, "one", "--region=MB, SK", "two", "--region", "ON", "--",
          "--loud");
    assert_int_equal(options.regions.count, 3);
    assert_true(str_equal(options.regions.items[1], STR("SK")));
    assert_true(str_equal(options.regions.items[2], STR("ON")));
    assert_int_equal(arguments.count, 3);
    assert_true(str_equal(arguments.items[0], STR("one")));
    assert_true(str_equal(arguments.items[2], STR("--loud")));
    assert_false(options.loud);
}

static void test_list_full(void **state)
{
    (void)state;
    struct options options = { 0 };
    struct error error;
    for (int i = 0; i < OPT_LIST_MAX; i++)
        assert_int_equal(opt_set(named("region"), "r", &options, &error), TS_ERR_OK);
    assert_int_equal(opt_set(named("region"), "r", &options, &error), TS_ERR_USAGE);
    assert_string_equal(error.text, "--region: more than 64 values");
}

static void test_wrong_words(void **state)
{
    (void)state;
    assert_refused("--batch-size", "0",
                   "teesheet: try: --batch-size: \"0\" is out of range 1..10000\n");
    assert_refused("--batch", "5",
                   "teesheet: try: unknown option --batch, did you mean --batch-size?\n");
    assert_refused("--stroe=x", NULL,
                   "teesheet: try: unknown option --stroe, did you mean --store?\n");
    assert_refused("--hel", NULL,
                   "teesheet: try: unknown option --hel, did you mean --help?\n");
    assert_refused("--zzzzzz", NULL, "teesheet: try: unknown option --zzzzzz (see --help)\n");
    assert_refused("-lx", NULL, "teesheet: try: unknown option -x (see --help)\n");
    assert_refused("--store", NULL, "teesheet: try: --store needs a value\n");
    assert_refused("-ls", NULL, "teesheet: try: -ls needs a value\n");
    assert_refused("--loud=yes", NULL, "teesheet: try: --loud takes no value\n");
    assert_refused("--=x", NULL, "teesheet: try: unknown option -- (see --help)\n");
}

static void test_value_like_an_option(void **state)
{
    (void)state;
    struct options options;
    PARSE(&options, NULL, NULL, "--store", "--loud", "-l");
    assert_string_equal(options.store, "--loud");
    assert_true(options.loud);
}

static void write_text(void (*write)(FILE *out), char *text, size_t cap)
{
    FILE *out = fmemopen(text, cap, "w");
    assert_non_null(out);
    write(out);
    assert_int_equal(fclose(out), 0);
}

static void write_narrow_help(FILE *out)
{
    opt_write_help(&command, 60, out);
}

static void write_man(FILE *out)
{
    opt_write_man(&command, out);
}

static void test_help(void **state)
{
    (void)state;
    char text[8192];
    write_text(write_narrow_help, text, sizeof(text));
    assert_non_null(strstr(text, "Usage: teesheet try [OPTION...] [FILE]\n"));
    assert_non_null(strstr(text, "\nWhat:\n      --region=R"));
    assert_non_null(strstr(text, "\nBounds:\n      --memory=SIZE"));
    assert_non_null(strstr(text, "\n  kept   as it is\n"));
    assert_non_null(strstr(text, "8M..4G"));
    assert_non_null(strstr(text, "lines;"));
    assert_non_null(strstr(text, "TEST_UPSERT_BATCH_SIZE"));
    assert_non_null(strstr(text, "\nExit status:\n  0 good\n"));
    for (char *line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strchr(line, '\n') - line <= 60);

    char said[8192];
    const char *const words[] = { "--help", NULL };
    assert_int_equal(parse_apart(said, sizeof(said), words), 0);
    assert_non_null(strstr(said, "--batch-size=N"));
    const char *const letter[] = { "-h", NULL };
    assert_int_equal(parse_apart(said, sizeof(said), letter), 0);
    assert_non_null(strstr(said, "--batch-size=N"));
    const char *const version[] = { "--version", NULL };
    assert_int_equal(parse_apart(said, sizeof(said), version), 0);
    assert_string_equal(said, "teesheet " TEESHEET_VERSION "\n");
}

static void test_man(void **state)
{
    (void)state;
    char text[8192];
    setenv("SOURCE_DATE_EPOCH", "0", 1);
    write_text(write_man, text, sizeof(text));
    unsetenv("SOURCE_DATE_EPOCH");
    assert_non_null(strstr(text, ".Dd January 1, 1970\n.Dt TEESHEET-TRY 1\n"));
    assert_non_null(strstr(text, ".It Fl s , Fl -store Ns = Ns Ar \\&URL\n"));
    assert_non_null(strstr(text, "\\&.First day.\n"));
    assert_non_null(strstr(text, "A \\e b.\n"));
    assert_non_null(strstr(text, "Another one.\nWith two sentences.\n"));

    int code = mandoc_lint(text);
    if (code == -1) {
        print_message("skipped: mandoc is not installed\n");
        skip();
    }
    assert_int_equal(code, 0);
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const names[] = { "collect", "search", "status" };
    assert_string_equal(opt_nearest(STR("colect"), names, 3), "collect");
    assert_string_equal(opt_nearest(STR("sta"), names, 3), "status");
    assert_string_equal(opt_nearest(STR("serach"), names, 3), "search");
    assert_null(opt_nearest(STR("zebra"), names, 3));
    assert_null(opt_nearest(STR(""), names, 3));
    assert_null(opt_nearest(STR("s"), names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_lists_and_arguments),
        cmocka_unit_test(test_list_full),
        cmocka_unit_test(test_wrong_words),
        cmocka_unit_test(test_value_like_an_option),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_man),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
