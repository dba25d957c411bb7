/* read_harness.c: command lines, terminals and a folder for test_cmd_read. */
#include "read_harness.h"

#include <ftw.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "support/unit.h"

#define SECONDS 30

char read_folder[40] = "/tmp/test_cmd_read.XXXXXX";
char read_where[600];
struct outcome_of_run read_said;

bool read_begin(void)
{
    (void)setenv("LC_ALL", "C", 1);
    return mkdtemp(read_folder) != NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int read_end(void)
{
    outcome_of_run_free(&read_said);
    return nftw(read_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A command line on the store under test. */
struct command_line {
    char storage[1200];
    char *argv[40];
};

/* Words are apart by single blanks. */
static void split_words(struct command_line *line, const char *words)
{
    struct buf text = buf_over(line->storage, sizeof(line->storage));
    bool names_store = strstr(words, "--store") != NULL;
    buf_printf(&text, TS_BINARY_DIR "/teesheet %s%s%s", words, names_store ? "" : " ",
               names_store ? "" : read_where);
    assert_false(text.overflow);
    memset(line->argv, 0, sizeof(line->argv));
    char *at = line->storage;
    for (size_t i = 0; at && i + 1 < TS_COUNT_OF(line->argv); i++) {
        line->argv[i] = at;
        at = strchr(at, ' ');
        if (at)
            *at++ = '\0';
    }
}

int read_run(const char *words)
{
    struct command_line line;
    split_words(&line, words);
    outcome_of_run_free(&read_said);
    read_said = process_run(read_folder, (const char *const *)line.argv, SECONDS);
    return read_said.exit_code;
}

void read_on_terminal(const char *words, unsigned short columns, char *screen, size_t cap)
{
    struct command_line line;
    int terminal;
    const struct winsize size = { .ws_row = 40, .ws_col = columns };
    split_words(&line, words);
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)execv(line.argv[0], line.argv);
        _exit(127);
    }
    size_t len = 0;
    ssize_t count;
    while (len + 1 < cap && (count = read(terminal, screen + len, cap - 1 - len)) > 0)
        len += (size_t)count;
    screen[len] = '\0';
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(close(terminal), 0);
    assert_int_equal(status, 0);
}

void read_expect(const char *text, const char *expected)
{
    if (!strstr(text, expected))
        fail_msg("\"%s\" is not in: %s", expected, text);
}
