/*
 * fixture.h: a conversation with an engine as a file of tests/fixtures (see its README).
 */
#ifndef TS_TESTS_CONFORM_FIXTURE_H
#define TS_TESTS_CONFORM_FIXTURE_H

#include "base/day.h"
#include "engine/engine.h"

#define FIXTURE_REPLIES_MAX 40

struct fixture_reply {
    struct http_reply http; /* its body stands in an allocation of exactly its length */
    char *body;             /* owned */
    char *ask, *ask_body;   /* owned, or NULL: not checked */
};

struct fixture {
    char path[512];
    const struct engine *engine;
    int32_t date;
    struct zone *zone; /* of all courses, owned; NULL: none said */
    uint32_t courses_count, replies_count, expects_count;
    struct course courses[ENGINE_TASK_COURSES_MAX];
    char attributes[ENGINE_TASK_COURSES_MAX][1024];
    struct fixture_reply replies[FIXTURE_REPLIES_MAX];
    char *expects[ENGINE_TASK_COURSES_MAX]; /* owned: outcome and tee times, as rendered */
    uint32_t skipped, restarts;
    char skipped_field[40];
};

/* Reads a case file; ends the test where it is malformed. */
struct fixture *fixture_new(const char *path, const struct engine *engine);
void fixture_free(struct fixture *fixture);

/* Replaces a reply's body by a copy of text. */
void fixture_set_body(struct fixture_reply *reply, struct str text);

/* A course from "holes=18 club_id=11 …". */
void fixture_course(const struct engine *engine, struct str text, char *storage, size_t cap,
                    struct course *ret_course);

/* Calls `play` for every case of every engine's folder; returns how many there were. */
uint32_t fixture_each(void (*play)(struct fixture *fixture));

#endif
