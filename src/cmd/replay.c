/* replay.c: `teesheet replay`: recorded exchanges are parsed again into a store. */
#include "host/replay.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/store_options.h"
#include "domain/exits.h"

struct replay_options {
    struct store_options store;
    const char *courses;
};

static const struct opt replay_opts[] = {
    STORE_OPTION_URL(offsetof(struct replay_options, store), STORE_OPTION_TARGET, NULL),
    STORE_OPTION_SCHEMA(offsetof(struct replay_options, store), NULL),
    { .name = "courses",
      .key = 'c',
      .value_name = "FILE",
      .type = OPT_TEXT,
      .offset = offsetof(struct replay_options, courses),
      .help = "catalogue, CSV or JSON Lines; without it the store's own catalogue" },
};

static const char *const examples[] = {
    "teesheet replay exchanges --store sqlite:proof.db --courses courses.csv",
    "Parses what `collect --record exchanges` kept into a new store, to compare it.",
    "teesheet replay exchanges --store sqlite:teesheet.db",
    "Fills in what an older parser could not read; newer looks stay as they are.", NULL
};

static const struct opt_command replay_command = {
    .name = "replay",
    .about = "parse recorded exchanges again into a store",
    .text = "Holds the conversations that `teesheet collect --record DIR` kept once more, "
            "without asking any host, and stores each tee sheet as of the instant of its "
            "recorded reply. A conversation that lacks an exchange changes nothing.\n",
    .arguments = "DIR",
    .opts = replay_opts,
    .opts_count = TS_COUNT_OF(replay_opts),
    .examples = examples,
    .exits = "0 all of it was replayed\n1 wrong usage\n"
             "2 the recording or the store cannot be opened, read or written\n"
             "3 tee sheets were left out\n",
};

static void tell(const struct replay_report *report)
{
    (void)printf("%" PRIu64 " exchanges of %" PRIu64 " conversations:\n", report->exchanges,
                 report->conversations);
    for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++) {
        if (report->by_outcome[i] > 0)
            (void)printf("%10" PRIu64 " tee sheets %s\n", report->by_outcome[i],
                         outcome_name((enum outcome)i));
    }
    (void)printf("%10" PRIu64 " tee times: %" PRIu64 " inserted, %" PRIu64 " updated, %" PRIu64
                 " closed, %" PRIu64 " reopened, %" PRIu64 " unchanged\n",
                 report->tee_times, report->inserted, report->updated, report->closed,
                 report->reopened, report->unchanged);
    if (report->stale > 0)
        (void)printf("%10" PRIu64 " tee sheets older than the store's\n", report->stale);
    if (report->held > 0)
        (void)printf("%10" PRIu64 " tee sheets held until a second look\n", report->held);
    if (report->left_out > 0)
        (void)printf("%10" PRIu64 " tee sheets left out: an exchange lacks\n",
                     report->left_out);
    if (report->unknown > 0)
        (void)printf("%10" PRIu64 " tee sheets left out: not in the catalogue\n",
                     report->unknown);
    if (report->cut_files > 0)
        (void)printf("%10" PRIu32 " files that are cut short, read up to there\n",
                     report->cut_files);
}

static ts_err replay(const struct replay_options *options, const struct opt_list *arguments,
                     bool store_from_argv, struct replay_report *ret_report,
                     struct error *reterr)
{
    char url[STORE_URL_BYTES];
    if (arguments->count != 1)
        return error_set(reterr, TS_ERR_USAGE, "say which folder: teesheet replay DIR");
    struct replay_config config = { .dir = arguments->items[0].ptr, /* of argv */
                                    .courses_path = options->courses,
                                    .store_from_argv = store_from_argv };
    ts_err err = store_options_read(&options->store, url, &config.store, reterr);
    if (!err)
        err = replay_run(&config, ret_report, reterr);
    if (err)
        return err;
    tell(ret_report);
    return fflush(stdout) == 0 ? TS_ERR_OK
                               : error_set(reterr, TS_ERR_IO, "cannot write to stdout");
}

static int run_replay(int argc, char **argv)
{
    struct replay_options options;
    struct opt_list arguments = { .count = 0 };
    bool from_argv[TS_COUNT_OF(replay_opts)];
    struct replay_report report;
    struct error error;
    opt_parse(&replay_command, argc, argv, &options, &arguments, from_argv);
    log_setup(LOG_TEXT, LOG_WARNING);
    ts_err err = replay(&options, &arguments, from_argv[0], &report, &error);
    int whole = err || report.left_out + report.unknown == 0 ? EXIT_GOOD : EXIT_WORSE;
    return cmd_exit("replay", err, &error, whole);
}

const struct command cmd_replay = { &replay_command, run_replay };
