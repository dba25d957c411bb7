/* status.c: `teesheet status`, what is known of each tee sheet, and how well. */
#include "store/status.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/reader.h"
#include "cmd/status_matrix.h"
#include "domain/exits.h"
#include "view/text.h"

#define CELL_BYTES 32

struct status_options {
    struct reader_options reader;
    struct opt_list courses, regions;
    int32_t from;
    int64_t days;
};

#define AT(member) .offset = offsetof(struct status_options, member)

static const struct opt status_opts[] = {
    READER_OPT_STORE,
    READER_OPT_SCHEMA,
    { .name = "course",
      .value_name = "COURSE[,COURSE...]",
      .type = OPT_LIST,
      AT(courses),
      .group = "What is shown",
      .help = "only these courses, inactive ones too: ids, or parts of names that only one "
              "course has" },
    { .name = "region",
      .env_also = "REGION_ID",
      .value_name = "R[,R...]",
      .type = OPT_LIST,
      AT(regions),
      .help = "only these regions (the catalogue's region or region_id)" },
    { .name = "from",
      .value_name = "DATE",
      .type = OPT_DATE,
      AT(from),
      .help = "first play date, YYYY-MM-DD (default: today at the courses)" },
    { .name = "days",
      .value_name = "N",
      .type = OPT_COUNT,
      AT(days),
      .min = 1,
      .max = MATRIX_DAYS_MAX,
      .help = "N dates (default: 14, or as many as fit the terminal; json and csv: all)" },
    READER_OPT_FORMAT,
    READER_OPT_NOW,
};

static const char *const examples[] = {
    "teesheet status --region SK", "One region: courses down, dates across.",
    "teesheet status --format csv > ledger.csv",
    "All that is known of every tee sheet of today and later, one a line.", NULL
};

static const struct opt_command status_command = {
    .name = "status",
    .about = "show what is known of each course and date, and how old it is",
    .text = "A row per course, a column per date. A cell says what the last look gave and how "
            "long ago it was; the last column says when the course's next date opens, in the "
            "course's local time. A look that failed never hides what is stored: the tee "
            "times of the last good look stay searchable.\n",
    .opts = status_opts,
    .opts_count = TS_COUNT_OF(status_opts),
    .examples = examples,
    .exits = "0 done\n1 wrong usage\n2 the store cannot be opened or read\n",
};

enum {
    COURSE_ID,
    COURSE_NAME,
    TIMEZONE,
    DATE,
    OUTCOME,
    DETAIL,
    HTTP_STATUS,
    ATTEMPTS,
    CHECKED_AT,
    OBSERVED,
    OBSERVED_AT,
    CHANGED_AT,
    TEE_TIMES,
    HELD,
    COLUMNS
};

static const struct view_column columns[COLUMNS] = {
    [COURSE_ID] = { "course_id", NULL, VIEW_RIGHT, true },
    [COURSE_NAME] = { "course_name", NULL, VIEW_LEFT, false },
    [TIMEZONE] = { "timezone", NULL, VIEW_LEFT, false },
    [DATE] = { "play_date", NULL, VIEW_LEFT, false },
    [OUTCOME] = { "outcome", NULL, VIEW_LEFT, false },
    [DETAIL] = { "detail", NULL, VIEW_LEFT, false },
    [HTTP_STATUS] = { "http_status", NULL, VIEW_RIGHT, true },
    [ATTEMPTS] = { "attempts", NULL, VIEW_RIGHT, true },
    [CHECKED_AT] = { "checked_at", NULL, VIEW_LEFT, false },
    [OBSERVED] = { "observed_outcome", NULL, VIEW_LEFT, false },
    [OBSERVED_AT] = { "observed_at", NULL, VIEW_LEFT, false },
    [CHANGED_AT] = { "changed_at", NULL, VIEW_LEFT, false },
    [TEE_TIMES] = { "tee_time_count", NULL, VIEW_RIGHT, true },
    [HELD] = { "held", NULL, VIEW_LEFT, true },
};

struct status_run {
    struct store *store;
    struct known known;
    int64_t course_ids[OPT_LIST_MAX];
    struct status_filter filter;
    int64_t now;
    struct matrix matrix;
    struct rows rows;
    uint64_t courses;
};

static void put_instant(struct buf *text, struct str *cell, int64_t instant)
{
    if (instant > 0) {
        instant_format(instant, text);
        *cell = buf_view(text);
    }
}

static void put_number(struct buf *text, struct str *cell, int64_t number)
{
    buf_put_i64(text, number);
    *cell = buf_view(text);
}

/* One tee sheet, for programs. */
static bool on_sheet(void *ctx, const struct status_cell *cell)
{
    struct status_run *run = ctx;
    struct str cells[COLUMNS] = { { NULL, 0 } };
    char storage[COLUMNS][CELL_BYTES];
    struct buf texts[COLUMNS];
    if (cell->play_date == 0)
        return true;
    for (int i = 0; i < COLUMNS; i++)
        texts[i] = buf_over(storage[i], CELL_BYTES);
    bool seen = cell->observed_at > 0;
    day_format(cell->play_date, &texts[DATE]);
    cells[DATE] = buf_view(&texts[DATE]);
    cells[COURSE_NAME] = cell->course_name;
    cells[TIMEZONE] = cell->timezone;
    cells[OUTCOME] = str_of(outcome_name(cell->outcome));
    cells[DETAIL] = cell->detail;
    cells[OBSERVED] =
        seen ? str_of(outcome_name(cell->observed_outcome)) : (struct str){ NULL, 0 };
    cells[HELD] = cell->held ? STR("true") : STR("false");
    put_number(&texts[COURSE_ID], &cells[COURSE_ID], cell->course_id);
    put_number(&texts[ATTEMPTS], &cells[ATTEMPTS], cell->attempts);
    if (cell->http_status > 0)
        put_number(&texts[HTTP_STATUS], &cells[HTTP_STATUS], cell->http_status);
    if (seen)
        put_number(&texts[TEE_TIMES], &cells[TEE_TIMES], cell->tee_time_count);
    put_instant(&texts[CHECKED_AT], &cells[CHECKED_AT], cell->checked_at);
    put_instant(&texts[OBSERVED_AT], &cells[OBSERVED_AT], cell->observed_at);
    put_instant(&texts[CHANGED_AT], &cells[CHANGED_AT], cell->changed_at);
    rows_put(&run->rows, cells);
    return true;
}

static ts_err list_sheets(struct status_run *run, enum view_format format, struct error *reterr)
{
    struct rows_config config = { .columns = columns,
                                  .columns_count = COLUMNS,
                                  .format = format };
    ts_err err = rows_init(&run->rows, &config, reterr);
    if (!err)
        err = status_scan(run->store, &run->filter, on_sheet, run, reterr);
    if (!err)
        err = rows_finish(&run->rows, reterr);
    rows_done(&run->rows);
    return err;
}

static bool on_cell(void *ctx, const struct status_cell *cell)
{
    struct status_run *run = ctx;
    run->courses++;
    matrix_put(&run->matrix, cell);
    return true;
}

static ts_err draw_matrix(struct status_run *run, struct error *reterr)
{
    struct matrix *matrix = &run->matrix;
    matrix->known = &run->known;
    matrix->now = run->now;
    matrix->from = run->filter.from;
    ts_err err = matrix_init(matrix, reterr);
    if (!err)
        err = status_scan(run->store, &run->filter, on_cell, run, reterr);
    if (!err)
        err = matrix_finish(matrix, reterr);
    rows_done(&matrix->rows);
    if (!err)
        (void)fputs(run->courses > 0 ? matrix_legend()
                                     : "no courses: `teesheet courses import` adds them\n",
                    stderr);
    return err;
}

/* The earliest of the courses' todays. */
static int32_t first_today(const struct status_run *run)
{
    int32_t first = INT32_MAX;
    for (uint32_t i = 0; i < run->known.zones_count; i++) {
        int32_t today;
        uint16_t minute;
        zone_local(run->known.zones[i], run->now, &today, &minute);
        first = today < first ? today : first;
    }
    return first < INT32_MAX ? first : (int32_t)(run->now / 86400);
}

static ts_err run_with_store(struct status_run *run, const struct status_options *options,
                             struct error *reterr)
{
    ts_err err = known_load(run->store, &run->known, reterr);
    if (!err)
        err = known_check_regions(&run->known, &options->regions, reterr);
    if (!err)
        err = known_resolve_all(&run->known, &options->courses, run->course_ids, reterr);
    if (err)
        return err;
    bool for_people = options->reader.format == VIEW_TABLE;
    uint32_t days = (uint32_t)options->days;
    if (days == 0 && for_people)
        days = matrix_days(&run->known, text_terminal_columns(STDOUT_FILENO));
    int32_t from = options->from != 0 ? options->from : first_today(run);
    run->filter = (struct status_filter){
        .courses = run->course_ids,
        .regions = options->regions.items,
        .courses_count = options->courses.count,
        .regions_count = options->regions.count,
        .from = from,
        .to = days > 0 ? from + (int32_t)days - 1 : 0,
    };
    run->matrix.days = days;
    return for_people ? draw_matrix(run, reterr)
                      : list_sheets(run, (enum view_format)options->reader.format, reterr);
}

static int run_status(int argc, char **argv)
{
    static struct status_options options;
    static struct status_run run;
    bool from_argv[TS_COUNT_OF(status_opts)];
    struct error error;
    opt_parse(&status_command, argc, argv, &options, NULL, from_argv);
    run.now = reader_now(&options.reader);
    ts_err err = reader_open(&options.reader, from_argv[0], &run.store, &error);
    if (!err) {
        err = run_with_store(&run, &options, &error);
        known_done(&run.known);
        store_close(run.store);
    }
    return cmd_exit("status", err, &error, EXIT_GOOD);
}

const struct command cmd_status = { &status_command, run_status };
