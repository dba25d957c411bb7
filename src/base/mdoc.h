/*
 * mdoc.h: texts as mdoc(7) source, the language of manual pages. Knows nothing of options.
 *
 * Writes to a stdio stream; its errors are found by the caller's fflush.
 */
#ifndef TS_BASE_MDOC_H
#define TS_BASE_MDOC_H

#include <stdio.h>

#include "base/str.h"

/* The first lines: today's date (SOURCE_DATE_EPOCH's, if set), NAME in capitals, section. */
void mdoc_put_head(FILE *out, struct str name, int section);

/* Running text: filled, and each sentence begins a line, as mdoc wants it. */
void mdoc_put_prose(FILE *out, struct str text);

/* A word as a macro's argument: never a macro itself. */
void mdoc_put_argument(FILE *out, struct str word);

/* A line that stays as it is, for inside a literal display. */
void mdoc_put_literal(FILE *out, struct str line);

/* Paragraphs apart by empty lines; lines that begin with a blank are kept as they are. */
void mdoc_put_text(FILE *out, const char *text);

#endif
