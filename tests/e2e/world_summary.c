/* world_summary.c: numbers out of a JSON summary. */
#include "e2e/world_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#if defined(__has_feature)
#define TS_HAS_FEATURE(feature) __has_feature(feature)
#else
#define TS_HAS_FEATURE(feature) 0
#endif

long long world_summary_number(const char *summary, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "\"%s\":", name);
    const char *at = strstr(summary, key);
    if (!at)
        fail_msg("no %s in %s", key, summary);
    return strtoll(at + strlen(key), NULL, 10);
}

bool world_is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                           \
    TS_HAS_FEATURE(address_sanitizer) || TS_HAS_FEATURE(thread_sanitizer)
    return true;
#else
    return false;
#endif
}
