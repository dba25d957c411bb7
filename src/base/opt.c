/* opt.c: command lines, by argp, with the environment and the defaults behind them. */
#include "base/opt.h"

#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/opt_table.h"

#define KEY_LONG    256 /* + index: an option without a letter */
#define KEY_HELP    2000
#define KEY_VERSION 2001
#define WIDTH_MIN   40
#define WIDTH_MAX   100
#define EXIT_USAGE  1
#define EXIT_MEMORY 2 /* could not start */

struct parse {
    const struct opt_command *command;
    void *options;
    struct opt_list *arguments;
    bool given[OPT_MAX];
};

void opt_put_program(const struct opt_command *command, const char *separator, struct buf *out)
{
    if (!str_has_prefix(str_of(command->name), STR("teesheet")))
        buf_printf(out, "teesheet%s", separator);
    buf_puts(out, command->name);
}

void opt_put_env_name(const struct opt *opt, struct buf *out)
{
    buf_puts(out, "TEESHEET_");
    for (const char *at = opt->name; *at; at++) {
        bool lower = *at >= 'a' && *at <= 'z';
        buf_putc(out, *at == '-' ? '_' : lower ? (char)(*at - 'a' + 'A') : *at);
    }
}

static _Noreturn TS_PRINTF(2, 3) void refuse(const struct opt_command *command,
                                             const char *format, ...)
{
    char program[OPT_NAME_BYTES];
    struct buf name = buf_over(program, sizeof(program));
    opt_put_program(command, ": ", &name);
    (void)fprintf(stderr, "%s: ", program);
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(EXIT_USAGE);
}

static uint32_t distance(struct str a, struct str b)
{
    uint32_t row[64];
    if (b.len >= TS_COUNT_OF(row))
        return UINT32_MAX;
    for (uint32_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 0; i < a.len; i++) {
        uint32_t diagonal = row[0];
        row[0] = (uint32_t)i + 1;
        for (size_t j = 0; j < b.len; j++) {
            uint32_t best = diagonal + (a.ptr[i] != b.ptr[j]);
            diagonal = row[j + 1];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j + 1] = row[j + 1] + 1 < best ? row[j + 1] + 1 : best;
        }
    }
    return row[b.len];
}

const char *opt_nearest(struct str word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        struct str candidate = str_of(candidates[i]);
        uint32_t steps = distance(word, candidate);
        if (word.len > 1 && str_has_prefix(candidate, word))
            steps = 0;
        if (steps < least) {
            least = steps;
            nearest = candidates[i];
        }
    }
    bool is_near = least <= 2 && least < word.len;
    return is_near ? nearest : NULL;
}

static _Noreturn void refuse_unknown(const struct opt_command *command, struct str name)
{
    const char *names[OPT_MAX + 2];
    size_t count = 0;
    for (; count < command->opts_count; count++)
        names[count] = command->opts[count].name;
    names[count++] = "help";
    names[count++] = "version";
    const char *nearest = opt_nearest(name, names, count);
    if (nearest)
        refuse(command, "unknown option --%.*s, did you mean --%s?", STR_ARGS(name), nearest);
    refuse(command, "unknown option --%.*s (see --help)", STR_ARGS(name));
}

static const struct opt *find_long(const struct opt_command *command, struct str name)
{
    for (uint32_t i = 0; i < command->opts_count; i++) {
        if (str_equal(str_of(command->opts[i].name), name))
            return &command->opts[i];
    }
    return NULL;
}

static const struct opt *find_letter(const struct opt_command *command, char letter)
{
    for (uint32_t i = 0; i < command->opts_count; i++) {
        if (command->opts[i].key == letter && letter != '\0')
            return &command->opts[i];
    }
    return NULL;
}

/* Both return whether the option's value is the next word. */
static bool check_long(const struct opt_command *command, struct str word)
{
    struct str rest = word;
    struct str name;
    bool has_name = str_split(&rest, '=', &name);
    bool has_value = has_name && name.len < word.len;
    bool builtin = str_equal(name, STR("help")) || str_equal(name, STR("version"));
    const struct opt *opt = find_long(command, name);
    if (!opt && !builtin)
        refuse_unknown(command, name);
    bool takes_value = opt && opt->type != OPT_FLAG;
    if (has_value && !takes_value)
        refuse(command, "--%.*s takes no value", STR_ARGS(name));
    return takes_value && !has_value;
}

static bool check_letters(const struct opt_command *command, const char *letters)
{
    for (; *letters; letters++) {
        const struct opt *opt = find_letter(command, *letters);
        if (!opt && *letters != 'h')
            refuse(command, "unknown option -%c (see --help)", *letters);
        if (opt && opt->type != OPT_FLAG)
            return letters[1] == '\0';
    }
    return false;
}

/* argp would take "--batch" for "--batch-size", and it words its errors in its own way: so all
 * words are checked against the table before argp sees them. */
static void check_words(const struct opt_command *command, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        struct str word = str_of(argv[i]);
        bool value_follows = false;
        if (str_has_prefix(word, STR("--")))
            value_follows = check_long(command, str_of(argv[i] + 2));
        else if (word.len > 1 && word.ptr[0] == '-')
            value_follows = check_letters(command, argv[i] + 1);
        if (value_follows && ++i == argc)
            refuse(command, "%s needs a value", argv[i - 1]);
    }
}

uint32_t opt_help_width(void)
{
    struct winsize size;
    int64_t width = 80;
    const char *columns = getenv("COLUMNS");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    else if (columns)
        (void)!str_to_i64(str_of(columns), 1, 10000, &width);
    if (width > WIDTH_MAX)
        return WIDTH_MAX;
    return width < WIDTH_MIN ? WIDTH_MIN : (uint32_t)width;
}

static _Noreturn void print_version(const struct opt_command *command)
{
    struct str name = str_of(command->name);
    bool own_program = str_has_prefix(name, STR("teesheet"));
    (void)printf("%s %s\n", own_program ? command->name : "teesheet", TEESHEET_VERSION);
    exit(fflush(stdout) == 0 ? 0 : EXIT_USAGE);
}

static void add_argument(const struct parse *parse, const char *argument)
{
    if (!parse->arguments || !parse->command->arguments)
        refuse(parse->command, "unexpected argument \"%s\" (see --help)", argument);
    if (parse->arguments->count == OPT_LIST_MAX)
        refuse(parse->command, "more than %d arguments", OPT_LIST_MAX);
    parse->arguments->items[parse->arguments->count++] = str_of(argument);
}

static void take(const struct parse *parse, const struct opt *opt, const char *label,
                 const char *value)
{
    struct error error = { 0 };
    if (opt_value_set(opt, label, value, parse->options, &error))
        refuse(parse->command, "%s", error.text);
}

static void take_argv(struct parse *parse, int key, const char *value)
{
    const struct opt_command *command = parse->command;
    const struct opt *opt =
        key < KEY_LONG ? find_letter(command, (char)key) : &command->opts[key - KEY_LONG];
    size_t index = (size_t)(opt - command->opts);
    if (!parse->given[index])
        opt_value_clear(opt, parse->options);
    parse->given[index] = true;
    char label[OPT_NAME_BYTES];
    (void)snprintf(label, sizeof(label), "--%s", opt->name);
    take(parse, opt, label, value ? value : "true");
}

static _Noreturn void print_help(const struct opt_command *command)
{
    opt_write_help(command, opt_help_width(), stdout);
    exit(fflush(stdout) == 0 ? 0 : EXIT_USAGE);
}

static error_t on_key(int key, char *value, struct argp_state *state)
{
    struct parse *parse = state->input;
    bool is_option = (key > 0 && key <= 0xFF) || (key >= KEY_LONG && key < KEY_LONG + OPT_MAX);
    if (key == KEY_HELP || (key == 'h' && !find_letter(parse->command, 'h')))
        print_help(parse->command);
    if (key == KEY_VERSION)
        print_version(parse->command);
    if (key == ARGP_KEY_ARG)
        add_argument(parse, value);
    else if (is_option)
        take_argv(parse, key, value);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static void run_argp(struct parse *parse, int argc, char **argv)
{
    const struct opt_command *command = parse->command;
    struct argp_option table[OPT_MAX + 4] = { 0 };
    uint32_t count = 0;
    for (; count < command->opts_count; count++) {
        const struct opt *opt = &command->opts[count];
        table[count].name = opt->name;
        table[count].key = opt->key ? opt->key : KEY_LONG + (int)count;
        table[count].arg = opt->type == OPT_FLAG ? NULL : "VALUE";
    }
    if (!find_letter(command, 'h'))
        table[count++] = (struct argp_option){ .key = 'h' };
    table[count++] = (struct argp_option){ .name = "help", .key = KEY_HELP };
    table[count++] = (struct argp_option){ .name = "version", .key = KEY_VERSION };
    const struct argp argp = { .options = table, .parser = on_key };
    error_t err =
        argp_parse(&argp, argc, argv, ARGP_NO_HELP | ARGP_NO_ERRS | ARGP_NO_EXIT, NULL, parse);
    if (err == ENOMEM) {
        (void)fputs("teesheet: out of memory\n", stderr);
        exit(EXIT_MEMORY);
    }
    assert(err == 0); /* check_words has refused what argp would */
}

/* An empty variable counts as unset: a compose file passes those on. */
static const char *environment(const char *name)
{
    const char *value = name ? getenv(name) : NULL;
    return value && *value ? value : NULL;
}

static void take_elsewhere(const struct parse *parse, const struct opt *opt)
{
    char own[OPT_NAME_BYTES];
    struct buf own_name = buf_over(own, sizeof(own));
    opt_put_env_name(opt, &own_name);
    opt_value_clear(opt, parse->options);
    if (environment(own))
        take(parse, opt, own, environment(own));
    else if (environment(opt->env_also))
        take(parse, opt, opt->env_also, environment(opt->env_also));
    else if (opt->default_text)
        take(parse, opt, opt->name, opt->default_text);
}

void opt_parse(const struct opt_command *command, int argc, char **argv, void *options,
               struct opt_list *arguments, bool *from_argv)
{
    assert(command->opts_count <= OPT_MAX);
    struct parse parse = { .command = command, .options = options, .arguments = arguments };
    if (arguments)
        arguments->count = 0;
    check_words(command, argc, argv);
    run_argp(&parse, argc, argv);
    for (uint32_t i = 0; i < command->opts_count; i++) {
        if (!parse.given[i])
            take_elsewhere(&parse, &command->opts[i]);
        if (from_argv)
            from_argv[i] = parse.given[i];
    }
}
