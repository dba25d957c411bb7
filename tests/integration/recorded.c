/* recorded.c: loading recordings and playing them through an adapter. */
#include "integration/recorded.h"

#include <stdio.h>

#include "base/day.h"
#include "base/mem.h"
#include "support/unit.h"

#define FOLDER     TS_SOURCE_DIR "/../shared/recordings/"
#define REPLY_MAX  (256u * 1024)
#define RENDER_MAX 8192

struct recorded {
    struct fixture *fixture;
    struct conversation *conversation;
    char body[REPLY_MAX], text[RENDER_MAX];
};

int recorded_set_up(void **state)
{
    struct recorded *recorded = mem_alloc(1, sizeof(*recorded));
    assert_non_null(recorded);
    recorded->fixture = mem_alloc(1, sizeof(*recorded->fixture));
    assert_non_null(recorded->fixture);
    recorded->conversation = conversation_new(64u * 1024);
    *state = recorded;
    return 0;
}

int recorded_tear_down(void **state)
{
    struct recorded *recorded = *state;
    conversation_free(recorded->conversation);
    fixture_free(recorded->fixture);
    mem_free(recorded);
    return 0;
}

void recorded_begin(struct recorded *recorded, const char *engine)
{
    int index = engine_find(str_of(engine));
    assert_true(index >= 0);
    fixture_free(recorded->fixture);
    recorded->fixture = mem_alloc(1, sizeof(*recorded->fixture));
    assert_non_null(recorded->fixture);
    recorded->fixture->engine = engines[index];
}

const struct conversation *recorded_conversation(const struct recorded *recorded)
{
    return recorded->conversation;
}

struct str recorded_load(struct recorded *recorded, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof(path), FOLDER "%s", name);
    FILE *file = fopen(path, "re");
    if (!file) {
        print_message("    skipped: no recording %s\n", path);
        skip();
    }
    size_t len = fread(recorded->body, 1, sizeof(recorded->body), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(recorded->body));
    return (struct str){ recorded->body, len };
}

void recorded_reply(struct recorded *recorded, uint16_t status, struct str body)
{
    struct fixture *fixture = recorded->fixture;
    struct fixture_reply *reply = &fixture->replies[fixture->replies_count++];
    reply->http.status = status;
    reply->http.retry_after_us = -1;
    fixture_set_body(reply, body);
}

void recorded_course(struct recorded *recorded, const char *row)
{
    struct fixture *fixture = recorded->fixture;
    uint32_t i = fixture->courses_count++;
    fixture_course(fixture->engine, str_of(row), fixture->attributes[i],
                   sizeof(fixture->attributes[i]), &fixture->courses[i]);
}

void recorded_zone(struct recorded *recorded, const char *name)
{
    assert_int_equal(zone_new(str_of(name), &recorded->fixture->zone, NULL), TS_ERR_OK);
}

void recorded_play(struct recorded *recorded, const char *date)
{
    struct fixture *fixture = recorded->fixture;
    assert_true(day_parse(str_of(date), &fixture->date));
    recorded->conversation->checks_requests = true;
    conversation_play(recorded->conversation, fixture);
    assert_int_equal(recorded->conversation->replies_used, fixture->replies_count);
    assert_int_equal(recorded->conversation->skipped_rows, 0);
}

const char *recorded_render_refs(struct recorded *recorded, uint32_t sheet)
{
    struct buf text = buf_over(recorded->text, sizeof(recorded->text));
    conversation_render(&recorded->conversation->sheets[sheet], &text);
    assert_false(text.overflow);
    return text.ptr;
}

const char *recorded_render(struct recorded *recorded, uint32_t sheet)
{
    struct tee_sheet *seen = &recorded->conversation->sheets[sheet];
    uint32_t refs = 0;
    for (uint32_t i = 0; i < seen->tee_times_count; i++) {
        refs += seen->tee_times[i].engine_ref[0] != '\0';
        seen->tee_times[i].engine_ref = "";
    }
    assert_true(refs == 0 || refs == seen->tee_times_count);
    return recorded_render_refs(recorded, sheet);
}
