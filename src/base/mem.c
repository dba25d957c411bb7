/* mem.c: counted allocation, and what the kernel says about this process's memory. */
#include "base/mem.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic uint64_t allocations;

static void count_one(void)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
}

void *mem_alloc(size_t count, size_t size)
{
    count_one();
    return calloc(count ? count : 1, size ? size : 1);
}

void *mem_grow(void *ptr, size_t count, size_t size)
{
    count_one();
    return reallocarray(ptr, count ? count : 1, size ? size : 1);
}

char *mem_strdup(const char *text)
{
    count_one();
    return strdup(text);
}

void mem_free(void *ptr)
{
    free(ptr);
}

uint64_t mem_allocations(void)
{
    return atomic_load_explicit(&allocations, memory_order_relaxed);
}

static size_t status_bytes(const char *label)
{
    char text[4096];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t len = read(fd, text, sizeof(text) - 1);
    (void)close(fd);
    if (len <= 0)
        return 0;
    text[len] = '\0';
    const char *at = strstr(text, label);
    if (!at)
        return 0;
    size_t kib = 0;
    for (at += strlen(label); *at == ' ' || *at == '\t'; at++)
        continue;
    for (; *at >= '0' && *at <= '9'; at++)
        kib = kib * 10 + (size_t)(*at - '0');
    return kib * 1024;
}

size_t mem_rss_bytes(void)
{
    return status_bytes("VmRSS:");
}

size_t mem_peak_rss_bytes(void)
{
    return status_bytes("VmHWM:");
}
