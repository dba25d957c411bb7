/*
 * store_state.h: what a store holds, looked at beside the program, quickly: thousands of times.
 */
#ifndef TS_TESTS_FAULT_STORE_STATE_H
#define TS_TESTS_FAULT_STORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each observed tee sheet with all its open tee times in one line, in order. */
struct store_state {
    char text[512 * 1024];
    unsigned sheets;  /* lines */
    unsigned courses; /* active ones of the catalogue */
    bool exists;      /* there are tables */
};

struct store_eye {
    bool is_sqlite;
    char path[300];
    void *session; /* PostgreSQL's */
};

void store_eye_open(struct store_eye *eye, const char *store_url);
void store_eye_close(struct store_eye *eye);

/* Deletes the store. */
void store_eye_empty(const struct store_eye *eye);

/* NULL, or what is wrong with the store itself: its integrity check, half a tee sheet. */
const char *store_eye_look(const struct store_eye *eye, struct store_state *ret_state);

/* The same number for the same bytes, so that what a run makes of them need not be tried twice.
 * 0: they are many, or a journal is left beside them. */
uint64_t store_eye_print(const struct store_eye *eye);

/* Every line of `part` is one of `whole`. */
bool store_state_is_part(const struct store_state *part, const struct store_state *whole);

#endif
