/*
 * html_memory.h: the heap that libxml2 gets, counted. Private to base/html.
 */
#ifndef TS_BASE_HTML_MEMORY_H
#define TS_BASE_HTML_MEMORY_H

#include <stdint.h>

/* Makes libxml2 use the functions of html_memory.c; before its first use, once. */
void html_memory_install(void);

#endif
