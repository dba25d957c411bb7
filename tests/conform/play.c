/* play.c: fixtures from code. */
#include "conform/play.h"

#include "base/mem.h"
#include "support/unit.h"

struct play *play_new(const char *engine)
{
    struct play *play = mem_alloc(1, sizeof(*play));
    assert_non_null(play);
    play->conversation = conversation_new(64u * 1024);
    play->fixture = mem_alloc(1, sizeof(*play->fixture));
    assert_non_null(play->fixture);
    play->fixture->engine = engines[engine_find(str_of(engine))];
    assert_true(day_parse(STR("2026-12-05"), &play->fixture->date));
    return play;
}

void play_free(struct play *play)
{
    conversation_free(play->conversation);
    fixture_free(play->fixture);
    mem_free(play);
}

void play_course(struct play *play, const char *row)
{
    struct fixture *fixture = play->fixture;
    uint32_t i = fixture->courses_count++;
    fixture_course(fixture->engine, str_of(row), fixture->attributes[i],
                   sizeof(fixture->attributes[i]), &fixture->courses[i]);
}

void play_reply(struct play *play, struct str body)
{
    struct fixture_reply *reply = &play->fixture->replies[play->fixture->replies_count++];
    reply->http.status = 200;
    fixture_set_body(reply, body);
}
