/* table.c: one small writer per format behind one interface. */
#include "view/table.h"

#include <assert.h>
#include <errno.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/mem.h"
#include "view/text.h"

#define HELD_BYTES ((size_t)256 * 1024)
#define CELL_BYTES 1024
#define JSON_BYTES ((size_t)6 * CELL_BYTES + 16)
#define GAP        2
#define NARROWEST  6

struct held_row {
    struct held_row *next;
    struct str cells[];
};

struct view_table {
    const struct view_column *columns;
    uint32_t columns_count;
    enum view_format format;
    FILE *out;
    uint64_t rows;
    /* VIEW_TABLE only */
    struct arena arena;
    struct held_row *first, *last;
    bool streaming; /* the widths are settled and the headings are out */
    uint32_t widths[VIEW_COLUMNS_MAX];
    uint32_t terminal_columns; /* 0: not cut */
    const uint8_t *may_drop;
    uint32_t may_drop_count;
    uint64_t dropped; /* bit i: column i is left out */
    const char *ellipsis;
};

const char *const view_formats[] = { "table", "json", "csv", NULL };

ts_err view_table_new(const struct view_column *columns, uint32_t columns_count,
                      enum view_format format, FILE *out, struct view_table **ret_table,
                      struct error *reterr)
{
    assert(columns_count > 0 && columns_count <= VIEW_COLUMNS_MAX);
    struct view_table *table = mem_alloc(1, sizeof(*table));
    if (!table)
        goto fail;
    table->columns = columns;
    table->columns_count = columns_count;
    table->format = format;
    table->out = out;
    table->ellipsis = text_is_utf8() ? "\xE2\x80\xA6" : ".";
    if (format == VIEW_TABLE && arena_init(&table->arena, HELD_BYTES))
        goto fail;
    table->terminal_columns = text_terminal_columns(fileno(out));
    *ret_table = table;
    return TS_ERR_OK;
fail:
    view_table_free(table);
    return error_set(reterr, TS_ERR_NOMEM, "no memory for a table");
}

void view_table_free(struct view_table *table)
{
    if (!table)
        return;
    arena_done(&table->arena);
    mem_free(table);
}

void view_table_may_drop(struct view_table *table, const uint8_t *columns, uint32_t count)
{
    table->may_drop = columns;
    table->may_drop_count = count;
}

/* --- JSON --- */

static bool is_json_number(struct str text)
{
    struct json json = json_over(text);
    struct str number;
    return json_number(&json, &number) && json_finish(&json) == JSON_OK;
}

/* In pieces, so that no text is too long; none ends inside a character. */
static void put_json_text(FILE *out, struct str text)
{
    (void)fputc('"', out);
    while (text.len > 0) {
        struct str piece = { text.ptr, text.len < CELL_BYTES ? text.len : CELL_BYTES };
        while (piece.len < text.len && piece.len > CELL_BYTES - 4 &&
               ((unsigned char)text.ptr[piece.len] & 0xC0) == 0x80)
            piece.len--;
        char storage[JSON_BYTES];
        struct buf buf = buf_over(storage, sizeof(storage));
        json_put_string(&buf, piece);
        (void)fwrite(storage + 1, 1, buf.len - 2, out);
        text.ptr += piece.len;
        text.len -= piece.len;
    }
    (void)fputc('"', out);
}

static void json_row(const struct view_table *table, const struct str *cells)
{
    (void)fputs(table->rows == 0 ? "[\n " : ",\n ", table->out);
    for (uint32_t i = 0; i < table->columns_count; i++) {
        (void)fputs(i == 0 ? "{" : ",", table->out);
        put_json_text(table->out, str_of(table->columns[i].name));
        (void)fputc(':', table->out);
        if (!cells[i].ptr)
            (void)fputs("null", table->out);
        else if (table->columns[i].is_number && is_json_number(cells[i]))
            (void)fwrite(cells[i].ptr, 1, cells[i].len, table->out);
        else
            put_json_text(table->out, cells[i]);
    }
    (void)fputc('}', table->out);
}

/* --- CSV (RFC 4180, lines ended by a newline) --- */

static void csv_headings(const struct view_table *table)
{
    for (uint32_t i = 0; i < table->columns_count; i++) {
        (void)fputs(i == 0 ? "" : ",", table->out);
        csv_put_field(table->out, str_of(table->columns[i].name));
    }
    (void)fputc('\n', table->out);
}

static void csv_row(const struct view_table *table, const struct str *cells)
{
    if (table->rows == 0)
        csv_headings(table);
    for (uint32_t i = 0; i < table->columns_count; i++) {
        (void)fputs(i == 0 ? "" : ",", table->out);
        csv_put_field(table->out, cells[i]);
    }
    (void)fputc('\n', table->out);
}

/* --- columns for people --- */

static void put_blanks(FILE *out, uint32_t count)
{
    for (; count > 0; count--)
        (void)fputc(' ', out);
}

static void put_cell(const struct view_table *table, uint32_t index, struct str cell,
                     bool is_last)
{
    uint32_t wanted = table->widths[index];
    uint32_t width = text_width(cell);
    bool cut =
        table->terminal_columns > 0 && width > wanted && !table->columns[index].is_number;
    if (cut) {
        cell = text_cut(cell, wanted - 1);
        width = text_width(cell) + 1;
    }
    uint32_t blanks = width < wanted ? wanted - width : 0;
    if (table->columns[index].align == VIEW_RIGHT)
        put_blanks(table->out, blanks);
    (void)fwrite(cell.len > 0 ? cell.ptr : "", 1, cell.len, table->out);
    (void)fputs(cut ? table->ellipsis : "", table->out);
    if (table->columns[index].align == VIEW_LEFT && !is_last)
        put_blanks(table->out, blanks);
}

static bool is_shown(const struct view_table *table, uint32_t index)
{
    return table->columns[index].title && !(table->dropped >> index & 1);
}

static uint32_t last_shown(const struct view_table *table)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < table->columns_count; i++)
        last = is_shown(table, i) ? i : last;
    return last;
}

static void put_columns(const struct view_table *table, const struct str *cells)
{
    uint32_t last = last_shown(table);
    bool any = false;
    for (uint32_t i = 0; i <= last; i++) {
        if (!is_shown(table, i))
            continue;
        put_blanks(table->out, any ? GAP : 0);
        put_cell(table, i, cells[i], i == last);
        any = true;
    }
    (void)fputc('\n', table->out);
}

static bool can_shrink(const struct view_table *table, uint32_t index)
{
    const struct view_column *column = &table->columns[index];
    return is_shown(table, index) && !column->is_number && column->align == VIEW_LEFT &&
           table->widths[index] > NARROWEST;
}

/* As it is, or with each text as narrow as it can be. */
static uint32_t total_width(const struct view_table *table, bool narrowest)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < table->columns_count; i++) {
        uint32_t width = narrowest && can_shrink(table, i) ? NARROWEST : table->widths[i];
        if (is_shown(table, i))
            total += width + (total > 0 ? GAP : 0);
    }
    return total;
}

static void drop_columns(struct view_table *table)
{
    for (uint32_t i = 0; i < table->may_drop_count; i++) {
        if (total_width(table, true) <= table->terminal_columns)
            return;
        table->dropped |= (uint64_t)1 << table->may_drop[i];
    }
}

/* The widest text gives way first. */
static void fit_widths(struct view_table *table)
{
    if (table->terminal_columns > 0)
        drop_columns(table);
    while (table->terminal_columns > 0 && total_width(table, false) > table->terminal_columns) {
        uint32_t widest = VIEW_COLUMNS_MAX;
        for (uint32_t i = 0; i < table->columns_count; i++) {
            bool is_wider =
                widest == VIEW_COLUMNS_MAX || table->widths[i] > table->widths[widest];
            if (is_wider && can_shrink(table, i))
                widest = i;
        }
        if (widest == VIEW_COLUMNS_MAX)
            return;
        table->widths[widest]--;
    }
}

static void start_streaming(struct view_table *table)
{
    struct str titles[VIEW_COLUMNS_MAX] = { { 0 } };
    for (uint32_t i = 0; i < table->columns_count; i++) {
        titles[i] = str_of(table->columns[i].title);
        uint32_t width = text_width(titles[i]);
        table->widths[i] = width > table->widths[i] ? width : table->widths[i];
    }
    fit_widths(table);
    put_columns(table, titles);
    for (const struct held_row *row = table->first; row; row = row->next)
        put_columns(table, row->cells);
    table->streaming = true;
}

/* False: the arena is full, and nothing was added. */
static bool hold_row(struct view_table *table, const struct str *cells)
{
    size_t mark = arena_mark(&table->arena);
    struct held_row *row =
        arena_alloc(&table->arena, 1, sizeof(*row) + table->columns_count * sizeof(struct str));
    for (uint32_t i = 0; row && i < table->columns_count; i++) {
        row->cells[i].ptr = arena_strdup(&table->arena, cells[i]);
        row->cells[i].len = cells[i].len;
        if (!row->cells[i].ptr)
            row = NULL;
    }
    if (!row) {
        arena_rewind(&table->arena, mark);
        return false;
    }
    row->next = NULL;
    *(table->last ? &table->last->next : &table->first) = row;
    table->last = row;
    for (uint32_t i = 0; i < table->columns_count; i++) {
        uint32_t width = text_width(row->cells[i]);
        table->widths[i] = width > table->widths[i] ? width : table->widths[i];
    }
    return true;
}

static void table_row(struct view_table *table, const struct str *cells)
{
    char storage[VIEW_COLUMNS_MAX * CELL_BYTES / 4];
    struct str clean[VIEW_COLUMNS_MAX] = { { 0 } };
    size_t used = 0;
    for (uint32_t i = 0; i < table->columns_count; i++) {
        struct buf cell = buf_over(storage + used, CELL_BYTES / 4);
        text_put_clean(&cell, cells[i]);
        clean[i] = buf_view(&cell);
        used += cell.len + 1;
    }
    if (!table->streaming && hold_row(table, clean))
        return;
    if (!table->streaming)
        start_streaming(table);
    put_columns(table, clean);
}

/* --- the interface --- */

void view_table_row(struct view_table *table, const struct str *cells)
{
    switch (table->format) {
    case VIEW_TABLE:
        table_row(table, cells);
        break;
    case VIEW_JSON:
        json_row(table, cells);
        break;
    case VIEW_CSV:
        csv_row(table, cells);
        break;
    }
    table->rows++;
}

static void put_end(struct view_table *table)
{
    switch (table->format) {
    case VIEW_TABLE:
        if (!table->streaming && table->rows > 0)
            start_streaming(table);
        break;
    case VIEW_JSON:
        (void)fputs(table->rows == 0 ? "[]\n" : "\n]\n", table->out);
        break;
    case VIEW_CSV:
        if (table->rows == 0)
            csv_headings(table);
        break;
    }
}

ts_err view_table_finish(struct view_table *table, struct error *reterr)
{
    put_end(table);
    errno = 0;
    if (fflush(table->out) == 0 && !ferror(table->out))
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "cannot write the result: %s",
                     errno ? strerror(errno) : "the output was closed");
}
