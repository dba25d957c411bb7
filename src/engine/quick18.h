/*
 * quick18.h: Quick18 (Sagacity Golf): the matrix of a page, row by row. Private to the adapter.
 *
 * quick18_page.c reads the page's events, quick18_text.c the texts in its cells, quick18_row.c
 * makes tee times of a row.
 */
#ifndef TS_ENGINE_QUICK18_H
#define TS_ENGINE_QUICK18_H

#include "engine/adapter.h"
#include "engine/check.h"

#define QUICK18_COLUMNS_MAX 32
#define QUICK18_LINK_MAX    200

/* The attribute table's order. */
enum { QUICK18_SUBDOMAIN, QUICK18_DOMAIN, QUICK18_SUB_COURSE, QUICK18_ATTRIBUTES };

/* Text as a browser shows it: blanks and line ends as one blank, cut at its end. */
struct quick18_text {
    char bytes[ENGINE_TEXT_MAX + 1];
    uint32_t len;
};

/* A column of prices: what its header says. */
struct quick18_rate {
    struct quick18_text name;
    uint8_t holes; /* 0: unknown */
    uint8_t basis; /* enum price_basis */
    bool is_reduced;
};

struct quick18_offer {
    bool is_inactive; /* the page says that it is not on offer */
    struct quick18_text price;
    char link[QUICK18_LINK_MAX + 1];
    bool is_link_cut;
};

struct quick18_row {
    struct quick18_text course, players;
    uint32_t offers_count; /* the cells of the row, in the order of the rates */
    struct quick18_offer offers[QUICK18_COLUMNS_MAX];
};

/* What an offer's link says. */
struct quick18_link {
    struct str course_id, stamp, rate_id; /* digits */
    int32_t date;
    uint16_t minute;
};

struct quick18_page {
    bool has_table, has_body; /* a matrix, with a body */
    bool has_course_column, has_too_many_columns;
    uint32_t rates_count;
    struct quick18_rate rates[QUICK18_COLUMNS_MAX];
    struct quick18_text shown_date; /* of the search form */
};

/* Reads the page; calls on_row for each row of the matrix (the page's head is complete then).
 * TS_ERR_NOMEM: the page takes too much memory. TS_ERR_FULL: on_row returned false. */
TS_MUST_USE ts_err quick18_read_page(struct str body, struct quick18_page *ret_page,
                                     bool (*on_row)(void *ctx, const struct quick18_page *page,
                                                    const struct quick18_row *row),
                                     void *ctx);

void quick18_text_add(struct quick18_text *text, struct str more);
struct str quick18_text_view(const struct quick18_text *text);

/* A NUL-terminated copy without blanks at its ends; returns `into`. */
const char *quick18_text_copy(const struct quick18_text *text, char into[ENGINE_TEXT_MAX + 1]);

/* "1 or 2 players", "2 to 4 players" as a set of sizes; 0: not readable. */
uint8_t quick18_party(struct str text);

/* The hole count that a text names ("18 Holes with Cart"); 0: none, or several. */
uint8_t quick18_holes(struct str text);

/* "/teetimes/course/11/teetime/202612050728?psid=22&p=0", with or without an origin. */
bool quick18_read_link(struct str text, struct quick18_link *ret_link);

/* Whether a date as the form shows it, "7/14/2026" or "14/7/2026", can be this one. */
bool quick18_shows_date(struct str text, int32_t date);

/* What the page's rows came to. */
struct quick18_reading {
    struct engine_task *task;
    struct engine_result *result;
    uint32_t rows, lost;
    bool lost_for[ENGINE_TASK_COURSES_MAX], read_for[ENGINE_TASK_COURSES_MAX];
    bool has_offer; /* whose link is of the play date */
};

/* Adds what a row offers to the sheets that it is for; ctx is the reading. False: the arena is
 * full. */
bool quick18_take_row(void *ctx, const struct quick18_page *page,
                      const struct quick18_row *row);

void quick18_host_of(const struct course *course, struct buf *host);

#endif
