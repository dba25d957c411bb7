/* rows.c: one JSON array, or what view/table.c makes of the rows. */
#include "cmd/rows.h"

#include <errno.h>

#include "base/buf.h"
#include "base/json.h"

#define PIECE_BYTES 512 /* each may become \u0000, six times as long */

ts_err rows_init(struct rows *rows, const struct rows_config *config, struct error *reterr)
{
    *rows = (struct rows){ .columns = config->columns,
                           .columns_count = config->columns_count,
                           .json_columns = config->json_columns };
    if (config->format == VIEW_JSON)
        return TS_ERR_OK;
    ts_err err = view_table_new(config->columns, config->columns_count, config->format, stdout,
                                &rows->table, reterr);
    if (!err)
        view_table_may_drop(rows->table, config->may_drop, config->may_drop_count);
    return err;
}

/* In pieces, so that no text is too long; none ends inside a character. */
static void put_json_text(struct str text)
{
    char storage[6 * PIECE_BYTES + 3];
    (void)fputc('"', stdout);
    while (text.len > 0) {
        size_t len = text.len < PIECE_BYTES ? text.len : PIECE_BYTES;
        while (len < text.len && len > PIECE_BYTES - 4 && (text.ptr[len] & 0xC0) == 0x80)
            len--;
        struct buf piece = buf_over(storage, sizeof(storage));
        json_put_string(&piece, (struct str){ text.ptr, len });
        (void)fwrite(storage + 1, 1, piece.len - 2, stdout);
        text = (struct str){ text.ptr + len, text.len - len };
    }
    (void)fputc('"', stdout);
}

static void put_json_cell(const struct rows *rows, uint32_t index, struct str cell)
{
    bool as_is = rows->columns[index].is_number || (rows->json_columns >> index & 1);
    (void)printf("%s\"%s\":", index == 0 ? "{" : ",", rows->columns[index].name);
    if (!cell.ptr || (as_is && cell.len == 0))
        (void)fputs("null", stdout);
    else if (as_is)
        (void)fwrite(cell.ptr, 1, cell.len, stdout);
    else
        put_json_text(cell);
}

void rows_put(struct rows *rows, const struct str *cells)
{
    rows->count++;
    if (rows->table) {
        view_table_row(rows->table, cells);
        return;
    }
    (void)fputs(rows->count == 1 ? "[\n " : ",\n ", stdout);
    for (uint32_t i = 0; i < rows->columns_count; i++)
        put_json_cell(rows, i, cells[i]);
    (void)fputc('}', stdout);
}

ts_err rows_finish(struct rows *rows, struct error *reterr)
{
    if (rows->table)
        return view_table_finish(rows->table, reterr);
    (void)fputs(rows->count == 0 ? "[]\n" : "\n]\n", stdout);
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "cannot write the result: %s",
                     errno ? strerror(errno) : "the output was closed");
}

void rows_done(struct rows *rows)
{
    view_table_free(rows->table);
}
