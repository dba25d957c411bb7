/* status_matrix.c: one row per course, one short cell per date. */
#include "cmd/status_matrix.h"

#include "base/buf.h"
#include "cmd/say.h"
#include "plan/window.h"
#include "view/text.h"

#define CELL_BYTES   32
#define CELL_COLUMNS 9 /* "123 45m", and the gap */
#define NAME_COLUMNS 24
#define NEXT_COLUMNS 18 /* "opens Sat 06:00", and the gap */

/* A dash stands for "none open". */
static const char *const shown[OUTCOME_COUNT] = {
    [OUTCOME_NONE] = "?",           [OUTCOME_OPEN] = "",
    [OUTCOME_NONE_OPEN] = "-",      [OUTCOME_SOLD_OUT] = "sold",
    [OUTCOME_NOT_RELEASED] = "nr",  [OUTCOME_CLOSED] = "closed",
    [OUTCOME_THROTTLED] = "!thr",   [OUTCOME_BLOCKED] = "!blk",
    [OUTCOME_UNREACHABLE] = "!net", [OUTCOME_UNREADABLE] = "!bad",
    [OUTCOME_TOO_LARGE] = "!big",   [OUTCOME_MISCONFIGURED] = "!cfg",
    [OUTCOME_SKIPPED] = "!skip",
};

static const char legend[] =
    "12 3m: 12 open, looked 3 minutes ago    -: none open    sold: sold out\n"
    "nr: not released    closed: no online sheet    ?: never looked at\n"
    ".: not open for booking yet    *: held, waits for a second look\n"
    "could not look: !blk blocked, !thr throttled, !net unreachable, !bad unreadable,\n"
    "  !big too large, !cfg misconfigured, !skip skipped\n";

const char *matrix_legend(void)
{
    return legend;
}

/* Behind the course and its days. */
static uint32_t next_column(const struct matrix *matrix)
{
    return matrix->days + 1;
}

uint32_t matrix_days(const struct known *known, uint32_t columns)
{
    if (columns == 0)
        return MATRIX_DAYS;
    uint32_t name = 0;
    for (uint32_t i = 0; i < known->count; i++) {
        uint32_t width = text_width(str_of(known->courses[i].name));
        name = width > name ? width : name;
    }
    name = name > NAME_COLUMNS ? NAME_COLUMNS : name;
    uint32_t taken = name + NEXT_COLUMNS;
    uint32_t days = columns > taken ? (columns - taken) / CELL_COLUMNS : 0;
    days = days > MATRIX_DAYS ? MATRIX_DAYS : days;
    return days > 0 ? days : 1;
}

ts_err matrix_init(struct matrix *matrix, struct error *reterr)
{
    matrix->utf8 = text_is_utf8();
    matrix->columns[0] = (struct view_column){ .name = "course", .title = "course" };
    for (uint32_t i = 0; i < matrix->days; i++) {
        struct buf title = buf_over(matrix->titles[i], sizeof(matrix->titles[i]));
        say_day(&title, matrix->from + (int32_t)i);
        /* A number is never cut. */
        matrix->columns[1 + i] = (struct view_column){ .name = matrix->titles[i],
                                                       .title = matrix->titles[i],
                                                       .is_number = true };
        matrix->titles[i][6] = '\0'; /* "Sat 05" */
    }
    matrix->columns[next_column(matrix)] =
        (struct view_column){ .name = "next", .title = "next date", .is_number = true };
    struct rows_config config = { .columns = matrix->columns,
                                  .columns_count = matrix->days + 2,
                                  .format = VIEW_TABLE };
    return rows_init(&matrix->rows, &config, reterr);
}

static void start_course(struct matrix *matrix, const struct known_course *course)
{
    matrix->course = course;
    matrix->cells[0] = str_of(course->name);
    struct window window = window_of(&course->window, course->zone, matrix->now);
    for (uint32_t i = 0; i < matrix->days; i++) {
        int32_t date = matrix->from + (int32_t)i;
        bool open = date >= window.first && date <= window.last;
        bool later = date > window.last;
        matrix->cells[1 + i] = later ? STR(".") : open ? STR("?") : STR("");
    }
    struct buf next = buf_over(matrix->storage[next_column(matrix)], CELL_BYTES);
    buf_puts(&next, course->active ? "opens " : "inactive");
    if (course->active)
        say_opening(&next, course->zone,
                    window_next_opening(&course->window, course->zone, matrix->now),
                    matrix->now);
    matrix->cells[next_column(matrix)] = buf_view(&next);
}

static void end_course(struct matrix *matrix)
{
    if (matrix->course)
        rows_put(&matrix->rows, matrix->cells);
    matrix->course = NULL;
}

void matrix_put(struct matrix *matrix, const struct status_cell *cell)
{
    const struct known_course *course = known_find(matrix->known, cell->course_id);
    if (!course)
        return; /* imported since we looked */
    if (course != matrix->course) {
        end_course(matrix);
        start_course(matrix, course);
    }
    int64_t index = (int64_t)cell->play_date - matrix->from;
    if (cell->play_date == 0 || index < 0 || index >= matrix->days)
        return;
    struct buf text = buf_over(matrix->storage[1 + index], CELL_BYTES);
    if (cell->outcome == OUTCOME_OPEN)
        buf_put_u64(&text, cell->tee_time_count);
    else if (cell->outcome == OUTCOME_NONE_OPEN && matrix->utf8)
        buf_puts(&text, "\xE2\x80\x93");
    else
        buf_puts(&text, shown[cell->outcome]);
    buf_putc(&text, ' ');
    say_age_short(&text, matrix->now - cell->checked_at);
    buf_puts(&text, cell->held ? "*" : "");
    matrix->cells[1 + index] = buf_view(&text);
}

ts_err matrix_finish(struct matrix *matrix, struct error *reterr)
{
    end_course(matrix);
    return rows_finish(&matrix->rows, reterr);
}
