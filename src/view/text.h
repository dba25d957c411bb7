/*
 * text.h: text as it stands on a screen: UTF-8, columns, nothing that drives a terminal.
 *
 * Widths are the usual ones (combining marks 0, East Asian wide and emoji 2, else 1) and do not
 * depend on the process's locale. Invalid bytes count and show as one '?'. Any thread.
 */
#ifndef TS_VIEW_TEXT_H
#define TS_VIEW_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Whether the environment's locale (LC_ALL, else LC_CTYPE, else LANG) is a UTF-8 one. */
bool text_is_utf8(void);

/* The columns that cleaned text takes. */
uint32_t text_width(struct str text);

/* The longest prefix that is not wider than `columns`; whole characters. */
struct str text_cut(struct str text, uint32_t columns);

/* Appends text without control and direction-changing characters; what does not fit is left
 * out by whole characters, and the buf does not overflow. */
void text_put_clean(struct buf *out, struct str text);

/* The columns of the terminal at fd; 0: fd is no terminal. */
uint32_t text_terminal_columns(int fd);

#endif
