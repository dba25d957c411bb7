/* asked.c: the header lines of recordings. */
#include "e2e/asked.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/process.h"
#include "support/unit.h"

#define HEADER "{\"teesheet_exchange\":1,"

/* The text after `key` in a header, up to the next quote. */
static void copy_text(const char *header, const char *key, char *text, size_t cap)
{
    const char *at = strstr(header, key);
    assert_non_null(at);
    at += strlen(key);
    const char *courses = strstr(at, "&courseIds=");
    size_t len = strcspn(at, "\"");
    if (courses && (size_t)(courses - at) < len)
        len = (size_t)(courses - at);
    assert_true(len < cap);
    memcpy(text, at, len);
    text[len] = '\0';
}

static void read_file(const char *path, struct asked *asked)
{
    char *text = read_whole_file(path);
    for (const char *at = text; (at = strstr(at, HEADER)); at += strlen(HEADER)) {
        char total[20];
        size_t i = asked->count++;
        assert_true(i < ASKED_MAX);
        copy_text(at, "\"engine\":\"", asked->requests[i].engine,
                  sizeof(asked->requests[i].engine));
        copy_text(at, "\"asked\":\"", asked->requests[i].url, ASKED_BYTES);
        copy_text(at, "\"total\":\"", total, sizeof(total));
        asked->requests[i].total = strtoll(total, NULL, 10);
    }
    free(text);
}

void asked_read(const char *dir, struct asked *ret_asked)
{
    DIR *entries = opendir(dir);
    assert_non_null(entries);
    ret_asked->count = 0;
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[600];
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        if (strstr(entry->d_name, ".exchanges"))
            read_file(path, ret_asked);
    }
    (void)closedir(entries);
}

static bool is_meant(const struct asked *asked, size_t i, const char *engine, const char *part)
{
    return strcmp(asked->requests[i].engine, engine) == 0 &&
           (!part || strstr(asked->requests[i].url, part));
}

long long asked_count(const struct asked *asked, const char *engine, const char *part)
{
    long long count = 0;
    for (size_t i = 0; i < asked->count; i++)
        count += is_meant(asked, i, engine, part);
    return count;
}

/* How often the i-th URL was asked before. */
static long long earlier(const struct asked *asked, size_t i)
{
    long long count = 0;
    for (size_t k = 0; k < i; k++)
        count += strcmp(asked->requests[k].url, asked->requests[i].url) == 0;
    return count;
}

long long asked_distinct(const struct asked *asked, const char *engine, const char *part)
{
    long long count = 0;
    for (size_t i = 0; i < asked->count; i++)
        count += is_meant(asked, i, engine, part) && earlier(asked, i) == 0;
    return count;
}

long long asked_most(const struct asked *asked, const char *engine, const char *part)
{
    long long most = 0;
    for (size_t i = 0; i < asked->count; i++)
        if (is_meant(asked, i, engine, part) && earlier(asked, i) + 1 > most)
            most = earlier(asked, i) + 1;
    return most;
}
