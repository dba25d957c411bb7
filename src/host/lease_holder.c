/* lease_holder.c: names of processes, and whether they live. */
#include "host/lease_holder.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define PROCESS_NAMESPACE "/proc/self/ns/pid"

struct holder {
    struct str host; /* may itself hold colons */
    int64_t pid, start, namespace;
};

void lease_holder_name(char name[LEASE_HOLDER_BYTES])
{
    char host[64] = "?";
    struct stat namespace = { 0 };
    (void)gethostname(host, sizeof(host) - 1);
    (void)stat(PROCESS_NAMESPACE, &namespace);
    (void)snprintf(name, LEASE_HOLDER_BYTES, "%s:%ld:%" PRId64 ":%ju", host, (long)getpid(),
                   clock_real_us(), (uintmax_t) namespace.st_ino);
}

/* Takes the number after the last colon off the text. */
static bool take_number(struct str *text, int64_t *ret_number)
{
    size_t colon = text->len;
    while (colon > 0 && text->ptr[colon - 1] != ':')
        colon--;
    struct str digits = { text->ptr + colon, text->len - colon };
    if (colon == 0 || !str_to_i64(digits, 1, INT64_MAX, ret_number))
        return false;
    text->len = colon - 1;
    return true;
}

static bool read_holder(const char *text, struct holder *holder)
{
    holder->host = str_of(text);
    return take_number(&holder->host, &holder->namespace) &&
           take_number(&holder->host, &holder->start) &&
           take_number(&holder->host, &holder->pid) && holder->pid <= INT32_MAX;
}

bool lease_holder_is_gone(const char *holder, const char *self)
{
    struct holder other, ours;
    if (!read_holder(holder, &other) || !read_holder(self, &ours))
        return false;
    if (!str_equal(other.host, ours.host) || other.namespace != ours.namespace)
        return false;
    if (other.pid == ours.pid) /* ours now: a number that was used before */
        return other.start != ours.start;
    return kill((pid_t)other.pid, 0) != 0 && errno == ESRCH;
}
