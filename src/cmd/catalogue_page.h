/*
 * catalogue_page.h: the manual page teesheet-catalogue(5), made from the tables of columns and
 * of engines, so that it says what the program reads.
 */
#ifndef TS_CMD_CATALOGUE_PAGE_H
#define TS_CMD_CATALOGUE_PAGE_H

#include <stdio.h>

/* As mdoc(7) source. */
void catalogue_page_write(FILE *out);

#endif
