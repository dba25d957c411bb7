/* dispatch.c: from the first word of the command line to its command; `help`. */
#include <stdio.h>

#include "base/buf.h"
#include "cmd/catalogue_page.h"
#include "cmd/cmd.h"
#include "domain/exits.h"

#define TEXT_BYTES   2000
#define COMMANDS_MAX 16
#define HELP_WIDTH   80

struct table {
    const struct command *const *commands;
    size_t count;
};

struct help_request {
    bool man;
    int completion;
};

enum shell { SHELL_NONE, SHELL_BASH, SHELL_ZSH };

static const char *const shells[] = { "none", "bash", "zsh", NULL };

static const struct opt help_opts[] = {
    { .name = "man",
      .type = OPT_FLAG,
      .offset = offsetof(struct help_request, man),
      .help = "print the manual page's source (mdoc), as in: teesheet help --man collect | "
              "mandoc -l; catalogue has a page of this kind only" },
    { .name = "completion",
      .value_name = "SHELL",
      .type = OPT_CHOICE,
      .offset = offsetof(struct help_request, completion),
      .choices = shells,
      .default_text = "none",
      .help = "print a completion script, as in: source <(teesheet help --completion bash)" },
};

static const struct opt_command help_options = {
    .name = "help",
    .about = "show what a command does and which options it has",
    .arguments = "[COMMAND]",
    .opts = help_opts,
    .opts_count = TS_COUNT_OF(help_opts),
};

/* The program as a whole, described like a command; its text lists the commands. */
static struct opt_command describe_program(struct table table, struct buf *text)
{
    buf_puts(text, "Commands:\n\n");
    for (size_t i = 0; i < table.count; i++)
        buf_printf(text, "  %-9s %s\n", table.commands[i]->options->name,
                   table.commands[i]->options->about);
    buf_printf(text, "  %-9s %s\n", help_options.name, help_options.about);
    buf_puts(text, "\n\"teesheet help COMMAND\" shows the options of one.\n");
    return (struct opt_command){
        .name = "teesheet",
        .about = "collects open golf tee times of many booking engines into a database",
        .text = text->ptr,
        .arguments = "COMMAND",
        .exits = CMD_EXITS("wrong usage, or a search that found nothing"),
    };
}

static const struct command *find_command(struct table table, struct str name)
{
    for (size_t i = 0; i < table.count; i++) {
        if (str_equal(str_of(table.commands[i]->options->name), name))
            return table.commands[i];
    }
    return NULL;
}

static int refuse_unknown(struct table table, struct str name)
{
    const char *names[COMMANDS_MAX + 1];
    size_t count = 0;
    for (; count < table.count && count < COMMANDS_MAX; count++)
        names[count] = table.commands[count]->options->name;
    names[count++] = help_options.name;
    const char *nearest = opt_nearest(name, names, count);
    if (nearest)
        (void)fprintf(stderr, "teesheet: unknown command \"%.*s\", did you mean %s?\n",
                      STR_ARGS(name), nearest);
    else
        (void)fprintf(stderr, "teesheet: unknown command \"%.*s\" (see teesheet --help)\n",
                      STR_ARGS(name));
    return EXIT_USAGE;
}

static void write_completion(struct table table, enum shell shell)
{
    const struct opt_command *all[COMMANDS_MAX + 1];
    size_t count = 0;
    for (; count < table.count && count < COMMANDS_MAX; count++)
        all[count] = table.commands[count]->options;
    all[count++] = &help_options;
    if (shell == SHELL_BASH)
        opt_write_bash_completion(all, count, stdout);
    else
        opt_write_zsh_completion(all, count, stdout);
}

/* What a word stands for; NULL: nothing. */
static const struct opt_command *find_options(struct table table, struct str name)
{
    const struct command *command = find_command(table, name);
    if (command)
        return command->options;
    return str_equal(name, str_of(help_options.name)) ? &help_options : NULL;
}

static int run_help(struct table table, const struct opt_command *program, int argc,
                    char **argv)
{
    struct help_request request;
    struct opt_list words;
    opt_parse(&help_options, argc, argv, &request, &words, NULL);
    struct str topic = words.count > 0 ? words.items[0] : STR("");
    const struct opt_command *wanted = topic.len > 0 ? find_options(table, topic) : program;
    if (request.completion != SHELL_NONE)
        write_completion(table, (enum shell)request.completion);
    else if (request.man && str_equal(topic, STR("catalogue")))
        catalogue_page_write(stdout);
    else if (!wanted)
        return refuse_unknown(table, topic);
    else if (request.man)
        opt_write_man(wanted, stdout);
    else
        opt_write_help(wanted, opt_help_width(), stdout);
    return fflush(stdout) == 0 ? EXIT_GOOD : EXIT_USAGE;
}

int cmd_dispatch(const struct command *const *commands, size_t count, int argc, char **argv)
{
    struct table table = { commands, count };
    char storage[TEXT_BYTES];
    struct buf text = buf_over(storage, sizeof(storage));
    const struct opt_command program = describe_program(table, &text);
    if (argc > 1 && argv[1][0] == '-')
        opt_parse(&program, argc, argv, NULL, NULL, NULL);
    if (argc < 2 || argv[1][0] == '-') {
        opt_write_help(&program, HELP_WIDTH, stderr);
        return EXIT_USAGE;
    }
    struct str name = str_of(argv[1]);
    if (str_equal(name, str_of(help_options.name)))
        return run_help(table, &program, argc - 1, argv + 1);
    const struct command *command = find_command(table, name);
    return command ? command->run(argc - 1, argv + 1) : refuse_unknown(table, name);
}
