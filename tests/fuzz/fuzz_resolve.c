/*
 * fuzz_resolve.c: the look-ups of booking links on any replies.
 *
 * The first byte chooses engine and status; the rest are the bodies of the replies, apart by
 * NUL. What comes out are courses whose texts end, and whose attributes are JSON that the
 * engine takes as a row's.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "catalogue/catalogue.h"
#include "engine/resolve.h"
#include "support/fuzz.h"

struct play {
    struct arena arena;
    struct course link;
    const struct course *links[1];
    struct tee_sheet sheet;
    struct engine_task task;
    struct resolution resolution;
    char attributes[4096], scratch[ENGINE_SCRATCH_BYTES];
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
};

/* What links of the engines tell. */
static const struct {
    const char *engine, *attributes;
} links[] = {
    { "teeitup", "{\"alias\": \"oak\", \"facility_ids\": [55]}" },
    { "cps", "{\"subdomain\": \"oak\"}" },
    { "teesnap", "{\"subdomain\": \"oak\"}" },
    { "golfback", "{\"courseId\": \"11111111-aaaa-4bbb-8ccc-000000000001\"}" },
    { "membersports", "{\"golf_club_id\": 11}" },
    { "chronogolf", "{\"club_slug\": \"oak\"}" },
    { "chronogolf", "{\"club_id\": 10}" },
    { "foreup", "{\"facility_id\": 101}" },
};

static uint32_t begin(struct play *play, unsigned choice)
{
    uint32_t index = (uint32_t)engine_find(str_of(links[choice].engine));
    if (arena_init(&play->arena, 8192) ||
        catalogue_pack_attributes(index, str_of(links[choice].attributes), play->attributes,
                                  sizeof(play->attributes)))
        abort();
    play->link.attributes = play->attributes;
    play->links[0] = &play->link;
    play->sheet.detail = "";
    play->task = (struct engine_task){ .engine = engines[index],
                                       .courses = play->links,
                                       .sheets = &play->sheet,
                                       .courses_count = 1,
                                       .play_date = 20792, /* 2026-12-05 */
                                       .arena = &play->arena,
                                       .key = "key",
                                       .tenant = play->tenant };
    play->resolution.task = &play->task;
    return index;
}

static struct str next_body(struct str *rest)
{
    const char *nul = rest->len > 0 ? memchr(rest->ptr, '\0', rest->len) : NULL;
    struct str body = { rest->ptr, nul ? (size_t)(nul - rest->ptr) : rest->len };
    size_t used = body.len + (nul != NULL);
    *rest = (struct str){ rest->ptr + used, rest->len - used };
    return body;
}

static void converse(struct play *play, uint16_t status, struct str bodies)
{
    const struct engine_resolver *resolver = play->task.engine->resolver;
    enum resolve_verdict verdict = RESOLVE_NEXT;
    for (int i = 0; i < RESOLVE_REQUESTS_MAX && verdict == RESOLVE_NEXT; i++) {
        struct buf scratch = buf_over(play->scratch, sizeof(play->scratch));
        struct http_request request = { 0 };
        struct http_reply reply = { .status = status, .retry_after_us = -1 };
        if (resolver->request(&play->resolution, &scratch, &request))
            abort();
        assert(strncmp(request.url, "https://", 8) == 0 && !strpbrk(request.url, " \r\n\""));
        play->task.asked = request.stage;
        reply.body = next_body(&bodies);
        verdict = resolver->parse(&play->resolution, &reply);
    }
    assert(verdict != RESOLVE_FAILED || play->resolution.detail[0]);
    assert(verdict != RESOLVE_DONE || play->resolution.courses_count > 0);
}

static void check_course(const struct resolve_course *course, uint32_t engine)
{
    char packed[4096];
    struct json json = json_over(str_of(course->attributes_json));
    assert(json_finish(&json) == JSON_OK);
    assert(!catalogue_pack_attributes(engine, str_of(course->attributes_json), packed,
                                      sizeof(packed)));
    assert(strlen(course->name) < RESOLVE_TEXT_BYTES);
    assert(strlen(course->club) < RESOLVE_TEXT_BYTES);
    assert(strlen(course->city) < RESOLVE_TEXT_BYTES);
    assert(strlen(course->timezone) < RESOLVE_TEXT_BYTES);
    assert(course->window_days >= -1 && course->window_days <= COURSE_WINDOW_MAX_DAYS);
    assert(course->opens_minute >= -1 && course->opens_minute < 24 * 60);
    assert(course->holes >= 0 && course->holes < 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t statuses[] = { 200, 200, 404, 401 };
    static struct play play;
    if (size == 0)
        return 0;
    memset(&play, 0, sizeof(play));
    uint32_t engine = begin(&play, data[0] % TS_COUNT_OF(links));
    struct str bodies = { (const char *)data + 1, size - 1 };
    converse(&play, statuses[data[0] / TS_COUNT_OF(links) % 4], bodies);
    for (uint32_t i = 0; i < play.resolution.courses_count; i++)
        check_course(&play.resolution.courses[i], engine);
    arena_done(&play.arena);
    return 0;
}
