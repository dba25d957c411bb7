/* resolve.c: what the look-ups of all engines share. */
#include "engine/resolve.h"

#include "engine/adapter.h"

struct str resolve_attribute(const struct resolution *resolution, const char *name)
{
    const struct engine_task *task = resolution->task;
    int index = engine_attr_find(task->engine, str_of(name));
    return index < 0 ? (struct str){ NULL, 0 }
                     : course_attribute(task->courses[0], (unsigned)index);
}

enum resolve_verdict resolve_failed(struct resolution *resolution, const char *reason)
{
    struct buf out = buf_over(resolution->detail, sizeof(resolution->detail));
    buf_puts(&out, reason);
    return RESOLVE_FAILED;
}

enum resolve_verdict resolve_dropped(struct resolution *resolution, const char *reason)
{
    resolution->courses_count = 0;
    return resolve_failed(resolution, reason);
}

enum resolve_verdict resolve_refused(struct resolution *resolution,
                                     const struct http_reply *reply)
{
    return resolve_failed(resolution, engine_refusal(resolution->task, reply));
}

struct resolve_course *resolve_add(struct resolution *resolution)
{
    if (resolution->courses_count == RESOLVE_COURSES_MAX) {
        (void)resolve_failed(resolution, "more courses than a club may have here: the first "
                                         "ones only");
        return NULL;
    }
    struct resolve_course *course = &resolution->courses[resolution->courses_count++];
    memset(course, 0, sizeof(*course));
    course->window_days = course->opens_minute = -1;
    return course;
}

void resolve_set_window(struct resolve_course *course, int64_t days)
{
    if (days < 0)
        return;
    course->window_days = days < COURSE_WINDOW_MAX_DAYS ? (int)days : COURSE_WINDOW_MAX_DAYS;
}
