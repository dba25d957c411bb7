/* test_cmd.c exercises cmd/dispatch and every command that commands.def lists:
 *   each option shows in --help and in the manual page, with its default and other variable;
 *   names and letters are unique, defaults are values that the option takes, pages are clean
 *   in mandoc -T lint, help lines are not wider than asked;
 *   help, --help, --version, unknown commands and options, with their exit codes;
 *   completion of commands, options and choices, in bash and in zsh;
 *   `engines` as text and as JSON.
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "catalogue/catalogue.h"
#include "cmd/cmd.h"
#include "domain/exits.h"
#include "engine/engine.h"
#include "support/mandoc.h"

#define TEXT_BYTES 65536

static const struct command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "cmd/commands.def"
#undef COMMAND
};

struct said {
    int code;
    char out[TEXT_BYTES], err[TEXT_BYTES];
};

static void slurp(FILE *file, char *text)
{
    rewind(file);
    size_t len = fread(text, 1, TEXT_BYTES - 1, file);
    text[len] = '\0';
    (void)fclose(file);
}

/* Runs the program's dispatch in a child with these words after its name. */
static const struct said *run(const char *const *words)
{
    static struct said said;
    char storage[8][80] = { "teesheet" };
    char *argv[9] = { storage[0] };
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        (void)snprintf(storage[argc], sizeof(storage[argc]), "%s", words[argc - 1]);
        argv[argc] = storage[argc];
    }
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    assert_true(out && err);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(fileno(out), STDOUT_FILENO);
        (void)dup2(fileno(err), STDERR_FILENO);
        int code = cmd_dispatch(commands, TS_COUNT_OF(commands), argc, argv);
        (void)fflush(NULL);
        _exit(code);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    said.code = WEXITSTATUS(status);
    slurp(out, said.out);
    slurp(err, said.err);
    return &said;
}

#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static char *written(const struct opt_command *command, bool man)
{
    static char text[TEXT_BYTES];
    FILE *out = fmemopen(text, sizeof(text), "w");
    assert_non_null(out);
    if (man)
        opt_write_man(command, out);
    else
        opt_write_help(command, 80, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_shown(const struct opt_command *command, const char *text,
                         const char *needle)
{
    if (!strstr(text, needle))
        fail_msg("%s: \"%s\" is missing", command->name, needle);
}

/* Whether the words of help follow one another in text, however it was wrapped. */
static bool holds_words(const char *text, const char *words)
{
    for (const char *start = text; *start; start++) {
        const char *at = start;
        const char *word = words;
        while (*at && *word && (*at == *word || (*word == ' ' && *at == '\n'))) {
            bool blank = *word == ' ';
            at++;
            word++;
            while (blank && (*at == ' ' || *at == '\n'))
                at++;
        }
        if (!*word)
            return true;
    }
    return false;
}

static bool is_example(const struct opt_command *command, struct str line)
{
    for (const char *const *at = command->examples; at && at[0]; at += 2) {
        if (str_equal(str_trim(line), str_of(at[0])))
            return true;
    }
    return false;
}

/* All but the command lines of the examples, which are to be copied. */
static void assert_fits(const struct opt_command *command)
{
    const char *help = written(command, false);
    struct str rest = str_of(help), line;
    while (str_split(&rest, '\n', &line)) {
        if (line.len > 80 && !is_example(command, line))
            fail_msg("%s: %zu columns: %.*s", command->name, line.len, STR_ARGS(line));
    }
}

static void test_options_show(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++) {
        const struct opt_command *command = commands[i]->options;
        assert_fits(command);
        for (uint32_t j = 0; j < command->opts_count; j++) {
            const struct opt *opt = &command->opts[j];
            char needle[100];
            const char *help = written(command, false);
            (void)snprintf(needle, sizeof(needle), "--%s%s", opt->name,
                           opt->type == OPT_FLAG ? " " : "=");
            assert_shown(command, help, needle);
            if (!holds_words(help, opt->help))
                fail_msg("%s: help of --%s is not shown", command->name, opt->name);
            if (opt->env_also)
                assert_shown(command, help, opt->env_also);
            const char *man = written(command, true);
            (void)snprintf(needle, sizeof(needle), "Fl -%s%s", opt->name,
                           opt->type == OPT_FLAG ? "\n" : " Ns = ");
            assert_shown(command, man, needle);
            if (opt->env_also)
                assert_shown(command, man, opt->env_also);
        }
    }
}

static void assert_sound(const struct opt_command *command, uint32_t index)
{
    static max_align_t options[4096];
    const struct opt *opt = &command->opts[index];
    assert_true(opt->offset + sizeof(struct opt_list) < sizeof(options));
    for (uint32_t j = 0; j < index; j++) {
        assert_string_not_equal(opt->name, command->opts[j].name);
        assert_true(opt->key == '\0' || opt->key != command->opts[j].key);
    }
    assert_string_not_equal(opt->name, "help");
    assert_string_not_equal(opt->name, "version");
    assert_true(opt->type != OPT_CHOICE || (opt->choices && opt->choices[0]));
    assert_true(opt->help && *opt->help);
    struct error error = { 0 };
    if (opt->default_text && opt_set(opt, opt->default_text, options, &error))
        fail_msg("%s: default: %s", command->name, error.text);
}

static void test_tables_are_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++) {
        const struct opt_command *command = commands[i]->options;
        assert_true(command->about && *command->about && command->opts_count <= OPT_MAX);
        for (uint32_t j = 0; j < command->opts_count; j++)
            assert_sound(command, j);
        for (const char *const *at = command->examples; at && at[0]; at += 2)
            assert_non_null(at[1]);
        for (const char *at = command->exits; at && *at; at = strchr(at, '\n') + 1)
            assert_true(*at >= '0' && *at <= '5' && at[1] == ' ' && strchr(at, '\n'));
    }
}

static void test_pages_are_clean(void **state)
{
    (void)state;
    if (mandoc_lint(RUN("help", "--man")->out) == -1) {
        print_message("skipped: mandoc is not installed\n");
        skip();
    }
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++) {
        if (mandoc_lint(RUN("help", "--man", commands[i]->options->name)->out) != 0)
            fail_msg("%s: the manual page has faults", commands[i]->options->name);
    }
    assert_int_equal(mandoc_lint(RUN("help", "--man")->out), 0);
    assert_int_equal(mandoc_lint(RUN("help", "--man", "help")->out), 0);
    assert_int_equal(mandoc_lint(RUN("help", "--man", "catalogue")->out), 0);
}

static void test_program(void **state)
{
    (void)state;
    const struct said *said = RUN("--help");
    assert_int_equal(said->code, EXIT_GOOD);
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++)
        assert_non_null(strstr(said->out, commands[i]->options->about));
    said = RUN("--version");
    assert_int_equal(said->code, EXIT_GOOD);
    assert_string_equal(said->out, "teesheet " TEESHEET_VERSION "\n");
    said = run((const char *const[]){ NULL });
    assert_int_equal(said->code, EXIT_USAGE);
    assert_string_equal(said->out, "");
    assert_non_null(strstr(said->err, "Usage: teesheet"));
}

static void test_wrong_words(void **state)
{
    (void)state;
    const struct said *said = RUN("engins");
    assert_int_equal(said->code, EXIT_USAGE);
    assert_string_equal(said->err,
                        "teesheet: unknown command \"engins\", did you mean engines?\n");
    said = RUN("help", "zzz");
    assert_int_equal(said->code, EXIT_USAGE);
    assert_string_equal(said->err, "teesheet: unknown command \"zzz\" (see teesheet --help)\n");
    said = RUN("--versio");
    assert_int_equal(said->code, EXIT_USAGE);
    assert_string_equal(said->err,
                        "teesheet: unknown option --versio, did you mean --version?\n");
}

static void test_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++) {
        const char *name = commands[i]->options->name;
        char help[TEXT_BYTES];
        const struct said *said = RUN("help", name);
        assert_int_equal(said->code, EXIT_GOOD);
        (void)snprintf(help, sizeof(help), "%s", said->out);
        said = RUN(name, "--help");
        assert_int_equal(said->code, EXIT_GOOD);
        assert_string_equal(said->out, help);
    }
}

/* Completes the last word with the script, in bash. */
static void assert_completes(const char *line, const char *expected)
{
    FILE *script = fopen("test_cmd.bash", "we");
    assert_non_null(script);
    (void)fputs(RUN("help", "--completion=bash")->out, script);
    (void)fprintf(script,
                  "COMP_WORDS=(%s); ((COMP_CWORD = ${#COMP_WORDS[@]} - 1))\n"
                  "_teesheet; echo \"${COMPREPLY[*]}\" > test_cmd.out\n",
                  line);
    assert_int_equal(fclose(script), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("bash", "bash", "test_cmd.bash", (char *)NULL);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    char text[TEXT_BYTES];
    FILE *out = fopen("test_cmd.out", "re");
    assert_non_null(out);
    slurp(out, text);
    assert_string_equal(text, expected);
    (void)unlink("test_cmd.bash");
    (void)unlink("test_cmd.out");
}

static void test_completion(void **state)
{
    (void)state;
    assert_completes("teesheet engi", "engines\n");
    assert_completes("teesheet help engi", "engines\n");
    assert_completes("teesheet engines --fo", "--format\n");
    assert_completes("teesheet engines --format js", "json\n");
    assert_completes("teesheet store mi", "migrate\n");
}

static void write_zsh_function(const char *folder)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "%s/_teesheet", folder);
    FILE *function = fopen(path, "we");
    assert_non_null(function);
    (void)fputs(RUN("help", "--completion=zsh")->out, function);
    assert_int_equal(fclose(function), 0);
}

static void test_zsh_completion(void **state)
{
    (void)state;
    char folder[] = "/tmp/teesheet-zsh-XXXXXX";
    assert_non_null(mkdtemp(folder));
    write_zsh_function(folder);
    FILE *out = tmpfile();
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(fileno(out), STDOUT_FILENO);
        (void)execl(TS_SOURCE_DIR "/tests/support/complete.zsh", "complete.zsh", folder,
                    "teesheet engi", "teesheet help engi", "teesheet engines --fo",
                    "teesheet engines --format=js", "teesheet store mi",
                    "teesheet collect --region MB --regi", "teesheet collect -q --deb",
                    (char *)NULL);
        _exit(127);
    }
    int status;
    char text[TEXT_BYTES], path[80];
    assert_int_equal(waitpid(child, &status, 0), child);
    slurp(out, text);
    static const char *const left[] = { "_teesheet", "line", "" };
    for (size_t i = 0; i < TS_COUNT_OF(left); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, left[i]);
        (void)remove(path);
    }
    if (WEXITSTATUS(status) == 127) {
        print_message("skipped: zsh is not installed\n");
        skip();
    }
    assert_string_equal(text, "teesheet engines \nteesheet help engines \n"
                              "teesheet engines --format=\n"
                              "teesheet engines --format=json \nteesheet store migrate \n"
                              "teesheet collect --region MB --region=\n"
                              "teesheet collect -q --debug \n");
}

/* teesheet-catalogue(5) has every column and every attribute of every engine. */
static void test_catalogue_page(void **state)
{
    (void)state;
    char item[200];
    const struct said *said = RUN("help", "--man", "catalogue");
    assert_int_equal(said->code, EXIT_GOOD);
    for (uint32_t i = 0; i < catalogue_columns_count; i++) {
        (void)snprintf(item, sizeof(item), "\n.It Cm \\&%s\n", catalogue_columns[i].name);
        assert_non_null(strstr(said->out, item));
    }
    for (uint32_t i = 0; i < engines_count; i++) {
        (void)snprintf(item, sizeof(item), "\n.Ss %s\n", engines[i]->name);
        const char *section = strstr(said->out, item);
        assert_non_null(section);
        for (uint32_t j = 0; j < engines[i]->attrs_count; j++) {
            (void)snprintf(item, sizeof(item), "\n.It Cm \\&%s ", engines[i]->attrs[j].name);
            section = strstr(section, item);
            assert_non_null(section);
        }
    }
    said = RUN("help", "catalogue");
    assert_int_equal(said->code, EXIT_USAGE);
}

static void test_engines(void **state)
{
    (void)state;
    const struct said *said = RUN("engines");
    assert_int_equal(said->code, EXIT_GOOD);
    assert_non_null(strstr(said->out, "\n  verified    against "));
    said = RUN("engines", "--format=json");
    json_t *list = json_loads(said->out, 0, NULL);
    assert_non_null(list);
    const json_t *first = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "chronogolf");
    assert_true(json_array_size(json_object_get(first, "attributes")) > 0);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_show),    cmocka_unit_test(test_tables_are_sound),
        cmocka_unit_test(test_pages_are_clean), cmocka_unit_test(test_program),
        cmocka_unit_test(test_wrong_words),     cmocka_unit_test(test_help),
        cmocka_unit_test(test_completion),      cmocka_unit_test(test_zsh_completion),
        cmocka_unit_test(test_catalogue_page),  cmocka_unit_test(test_engines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
