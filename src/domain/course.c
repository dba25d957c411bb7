/* course.c: the packed engine attributes of a course. */
#include "domain/course.h"

struct str course_attribute(const struct course *course, unsigned index)
{
    const char *at = course->attributes;
    for (; index; index--)
        at += strlen(at) + 1;
    return str_of(at);
}
