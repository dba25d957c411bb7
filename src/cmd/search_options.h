/*
 * search_options.h: the options of `teesheet search`, as typed; private to src/cmd/.
 */
#ifndef TS_CMD_SEARCH_OPTIONS_H
#define TS_CMD_SEARCH_OPTIONS_H

#include "cmd/reader.h"

struct search_options {
    struct reader_options reader;
    const char *date, *after, *before, *max_price, *near, *within;
    struct opt_list regions, courses;
    int64_t players, holes, opened_within, limit;
    int sort; /* enum search_sort */
    bool quiet;
};

extern const struct opt_command search_command;

#endif
