/*
 * html.h: reading HTML by events, without a tree.
 *
 * libxml2's push parser behind it repairs what is broken; it knows nothing of what a page
 * should hold. Its memory is counted, and given back after each parse: a page that takes more
 * than HTML_MEMORY_MAX_BYTES, or nests deeper than HTML_DEPTH_MAX, is given up. Texts are
 * UTF-8, entities decoded, tags and attribute names in small letters; all views are valid
 * during the event only. One text of the page may come in several events. Any thread, one at a
 * time.
 */
#ifndef TS_BASE_HTML_H
#define TS_BASE_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

#define HTML_MEMORY_MAX_BYTES (4u * 1024 * 1024)
#define HTML_DEPTH_MAX        512 /* an end tag is compared with all that are open */

/* The attributes of the tag that has just started: pairs of name and value (NULL: none), ended
 * by a NULL name; NULL when the tag has none. */
struct html_attributes {
    const unsigned char *const *pairs;
};

struct html_events {
    void (*start)(void *ctx, struct str tag, const struct html_attributes *attributes);
    void (*end)(void *ctx, struct str tag); /* also of tags that the page did not close */
    void (*text)(void *ctx, struct str text);
};

/* Reads a whole page. TS_ERR_NOMEM: it was given up; what was read of it has been reported. */
TS_MUST_USE ts_err html_parse(struct str page, const struct html_events *events, void *ctx);

/* An attribute's value; empty when it is missing or has none. */
struct str html_attribute(const struct html_attributes *attributes, const char *name);

/* Whether the attribute `class` holds this word. */
bool html_has_class(const struct html_attributes *attributes, struct str word);

/* What libxml2 holds now, and the most that it ever held. */
uint64_t html_memory_bytes(void);
uint64_t html_memory_peak_bytes(void);

#endif
