/* plan_fixture.c: makes plans and walks through them. */
#include "support/plan_fixture.h"

#include "support/unit.h"

#define ENGINES_MAX 32

void fixture_make(struct fixture *fixture, const char *rows, struct plan_config config)
{
    struct plan_pace pace[ENGINES_MAX];
    struct error error = { 0 };
    *fixture = (struct fixture){ .now = 1000 * SECOND, .catalogue = catalogue_of(rows) };
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i] = (struct plan_pace){ .gap_us = 2 * SECOND,
                                      .parallel = config.pace ? config.pace->parallel : 1 };
    config.catalogue = fixture->catalogue;
    config.now_wall = config.now_wall ? config.now_wall : NOW_WALL;
    config.pace = pace;
    config.conversations_max = 10;
    config.seed = config.seed ? config.seed : 7;
    if (plan_new(&config, &fixture->plan, &error))
        fail_msg("%s", error.text);
}

void fixture_unmake(struct fixture *fixture)
{
    plan_free(fixture->plan);
    catalogue_free(fixture->catalogue);
}

bool fixture_next(struct fixture *fixture, struct plan_task *ret_task)
{
    int64_t wait;
    while (!plan_next(fixture->plan, fixture->now, ret_task, &wait)) {
        if (plan_finished(fixture->plan))
            return false;
        assert_true(wait > 0);
        fixture->now += wait;
    }
    return true;
}

void fixture_finish(struct fixture *fixture, const struct plan_task *task, enum outcome outcome)
{
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    for (uint32_t i = 0; i < task->courses_count; i++)
        sheets[i] = (struct tee_sheet){ .outcome = outcome };
    plan_done(fixture->plan, task, sheets);
}
