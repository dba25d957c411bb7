/* runs.c: `teesheet runs`, past sweeps and their verdicts. */
#include "store/runs.h"

#include <stdio.h>

#include "base/day.h"
#include "cmd/cmd.h"
#include "cmd/reader.h"
#include "cmd/rows.h"
#include "domain/exits.h"

#define CELL_BYTES 64
#define MIB        (1024.0 * 1024.0)

struct runs_options {
    struct reader_options reader;
    int64_t limit;
};

static const struct opt runs_opts[] = {
    READER_OPT_STORE,
    READER_OPT_SCHEMA,
    { .name = "limit",
      .key = 'n',
      .value_name = "N",
      .type = OPT_COUNT,
      .offset = offsetof(struct runs_options, limit),
      .min = 1,
      .max = 1000000,
      .default_text = "20",
      .group = "What is shown",
      .help = "the newest N sweeps" },
    READER_OPT_FORMAT,
};

static const char *const examples[] = { "teesheet runs --limit 5",
                                        "The last five sweeps, the newest first.",
                                        "teesheet runs --format json | jq '.[0].verdict'",
                                        "How the last sweep ended.", NULL };

static const struct opt_command runs_command = {
    .name = "runs",
    .about = "list past sweeps and their verdicts",
    .text = "One line per sweep, the newest first. Times are UTC. A sweep without an end is "
            "running, or was killed; what it had committed is kept.\n",
    .opts = runs_opts,
    .opts_count = TS_COUNT_OF(runs_opts),
    .examples = examples,
    .exits = "0 done\n1 wrong usage\n2 the store cannot be opened or read\n",
};

enum {
    ID,
    STARTED,
    FINISHED,
    TOOK,
    HOST,
    SCOPE,
    OPTIONS,
    VERDICT,
    PLANNED,
    OBSERVED,
    OPEN,
    TEE_TIMES,
    REQUESTS,
    RETRIES,
    BYTES,
    BATCHES,
    FAILED,
    PEAK,
    MEMORY,
    BY_OUTCOME,
    WORST,
    COLUMNS
};

static const struct view_column columns[COLUMNS] = {
    [ID] = { "id", "id", VIEW_RIGHT, true },
    [STARTED] = { "started_at", "started", VIEW_LEFT, false },
    [FINISHED] = { "finished_at", NULL, VIEW_LEFT, false },
    [TOOK] = { "duration_s", "took", VIEW_RIGHT, true },
    [HOST] = { "host", NULL, VIEW_LEFT, false },
    [SCOPE] = { "scope", "scope", VIEW_LEFT, false },
    [OPTIONS] = { "options", NULL, VIEW_LEFT, false },
    [VERDICT] = { "verdict", "verdict", VIEW_LEFT, false },
    [PLANNED] = { "planned", NULL, VIEW_RIGHT, true },
    [OBSERVED] = { "observed", "observed", VIEW_RIGHT, true },
    [OPEN] = { "open", NULL, VIEW_RIGHT, true },
    [TEE_TIMES] = { "tee_times", "tee times", VIEW_RIGHT, true },
    [REQUESTS] = { "requests", "requests", VIEW_RIGHT, true },
    [RETRIES] = { "retries", NULL, VIEW_RIGHT, true },
    [BYTES] = { "bytes", NULL, VIEW_RIGHT, true },
    [BATCHES] = { "batches", "batches", VIEW_RIGHT, true },
    [FAILED] = { "failed_batches", NULL, VIEW_RIGHT, true },
    [PEAK] = { "peak_rss_bytes", "peak RSS", VIEW_RIGHT, true },
    [MEMORY] = { "memory_limit_bytes", NULL, VIEW_RIGHT, true },
    [BY_OUTCOME] = { "by_outcome", NULL, VIEW_LEFT, false },
    [WORST] = { "worst", "worst", VIEW_LEFT, false },
};

static const uint8_t may_drop[] = { PEAK, BATCHES, REQUESTS };

struct listing {
    struct rows rows;
    enum view_format format;
};

struct line {
    struct str cells[COLUMNS];
    struct buf texts[COLUMNS];
    char storage[COLUMNS][CELL_BYTES];
};

static struct buf *cell(struct line *line, int column)
{
    return &line->texts[column];
}

static void put_counts(struct line *line, const struct run_row *run)
{
    const int64_t counts[COLUMNS] = {
        [PLANNED] = run->planned,
        [OBSERVED] = run->observed,
        [OPEN] = run->open,
        [TEE_TIMES] = run->tee_times,
        [REQUESTS] = run->requests,
        [RETRIES] = run->retries,
        [BYTES] = run->bytes,
        [BATCHES] = run->batches,
        [FAILED] = run->failed_batches,
        [PEAK] = run->peak_rss_bytes,
        [MEMORY] = run->memory_limit_bytes,
    };
    buf_put_i64(cell(line, ID), run->id);
    for (int i = PLANNED; i <= MEMORY && run->finished_at > 0; i++)
        buf_put_i64(cell(line, i), counts[i]);
}

static void put_for_programs(struct line *line, const struct run_row *run)
{
    put_counts(line, run);
    instant_format(run->started_at, cell(line, STARTED));
    if (run->finished_at > 0) {
        instant_format(run->finished_at, cell(line, FINISHED));
        buf_put_i64(cell(line, TOOK), run->finished_at - run->started_at);
    }
}

static void put_for_people(struct line *line, const struct run_row *run)
{
    char started[CELL_BYTES];
    struct buf text = buf_over(started, sizeof(started));
    instant_format(run->started_at, &text);
    buf_printf(cell(line, STARTED), "%.10s %.5s", started, started + 11);
    buf_put_i64(cell(line, ID), run->id);
    if (run->finished_at == 0)
        return;
    buf_put_duration(cell(line, TOOK), (run->finished_at - run->started_at) * 1000000);
    buf_put_count(cell(line, OBSERVED), (uint64_t)run->observed);
    buf_putc(cell(line, OBSERVED), '/');
    buf_put_count(cell(line, OBSERVED), (uint64_t)run->planned);
    buf_put_count(cell(line, TEE_TIMES), (uint64_t)run->tee_times);
    buf_put_count(cell(line, REQUESTS), (uint64_t)run->requests);
    buf_put_count(cell(line, BATCHES), (uint64_t)run->batches);
    buf_printf(cell(line, PEAK), "%.1f of %.0f MiB", (double)run->peak_rss_bytes / MIB,
               (double)run->memory_limit_bytes / MIB);
}

static bool on_run(void *ctx, const struct run_row *run)
{
    struct listing *listing = ctx;
    struct line line = { 0 };
    for (int i = 0; i < COLUMNS; i++)
        line.texts[i] = buf_over(line.storage[i], CELL_BYTES);
    if (listing->format == VIEW_TABLE)
        put_for_people(&line, run);
    else
        put_for_programs(&line, run);
    for (int i = 0; i < COLUMNS; i++)
        line.cells[i] =
            line.texts[i].len > 0 ? buf_view(&line.texts[i]) : (struct str){ NULL, 0 };
    line.cells[HOST] = run->host;
    line.cells[SCOPE] = run->scope;
    line.cells[OPTIONS] = run->options;
    line.cells[BY_OUTCOME] = run->by_outcome;
    line.cells[WORST] = run->worst;
    line.cells[VERDICT] = run->verdict;
    if (run->finished_at == 0 && listing->format == VIEW_TABLE)
        line.cells[VERDICT] = STR("no end");
    rows_put(&listing->rows, line.cells);
    return true;
}

static ts_err list(struct store *store, const struct runs_options *options,
                   struct error *reterr)
{
    struct listing listing = { .format = (enum view_format)options->reader.format };
    struct view_column shown[COLUMNS];
    memcpy(shown, columns, sizeof(columns));
    shown[STARTED].is_number = listing.format == VIEW_TABLE; /* half a date is none */
    struct rows_config config = {
        .columns = shown,
        .columns_count = COLUMNS,
        .format = listing.format,
        .json_columns = (uint64_t)1 << OPTIONS | (uint64_t)1 << BY_OUTCOME,
        .may_drop = may_drop,
        .may_drop_count = TS_COUNT_OF(may_drop),
    };
    ts_err err = rows_init(&listing.rows, &config, reterr);
    if (!err)
        err = run_list(store, (uint32_t)options->limit, on_run, &listing, reterr);
    if (!err)
        err = rows_finish(&listing.rows, reterr);
    if (!err && listing.rows.count == 0 && listing.format == VIEW_TABLE)
        (void)fputs("no sweeps yet\n", stderr);
    rows_done(&listing.rows);
    return err;
}

static int run_runs(int argc, char **argv)
{
    struct runs_options options;
    struct store *store;
    bool from_argv[TS_COUNT_OF(runs_opts)];
    struct error error;
    opt_parse(&runs_command, argc, argv, &options, NULL, from_argv);
    ts_err err = reader_open(&options.reader, from_argv[0], &store, &error);
    if (!err) {
        err = list(store, &options, &error);
        store_close(store);
    }
    return cmd_exit("runs", err, &error, EXIT_GOOD);
}

const struct command cmd_runs = { &runs_command, run_runs };
