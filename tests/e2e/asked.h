/*
 * asked.h: what a sweep asked, read off its recording (`collect --record DIR`).
 */
#ifndef TS_TESTS_E2E_ASKED_H
#define TS_TESTS_E2E_ASKED_H

#include <stdbool.h>
#include <stddef.h>

#define ASKED_BYTES 400
#define ASKED_MAX   4000

struct asked {
    size_t count;
    struct {
        char engine[16];
        char url[ASKED_BYTES]; /* "GET https://…", up to a list's courseIds */
        long long total;       /* the reply's header `total` */
    } requests[ASKED_MAX];
};

/* Reads all *.exchanges of the folder. */
void asked_read(const char *dir, struct asked *ret_asked);

/* The engine's requests whose URLs hold `part` (NULL: all); and how many differ. */
long long asked_count(const struct asked *asked, const char *engine, const char *part);
long long asked_distinct(const struct asked *asked, const char *engine, const char *part);

/* How often the most frequent of them was asked. */
long long asked_most(const struct asked *asked, const char *engine, const char *part);

#endif
