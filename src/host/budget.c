/* budget.c: the arithmetic of --memory, and the cgroup's limit. */
#include "host/budget.h"

#include <fcntl.h>
#include <unistd.h>

#define BATCH_BYTES_PER_SHEET  ((uint64_t)16 << 10)
#define CONNECTION_TLS_BYTES   ((uint64_t)100 << 10)
#define CONNECTION_PLAIN_BYTES ((uint64_t)32 << 10)
#define CGROUP_SHARE_PERCENT   75

uint64_t budget_total(const struct budget *budget)
{
    return budget->base_bytes + budget->catalogue_bytes + 2 * budget->batch_bytes +
           budget->conversations * (budget->task_bytes + budget->connection_bytes) +
           budget->pool_bytes;
}

/* Room for a tee sheet that fills a task arena, and for texts that a batch shares less. */
static uint64_t smallest_batch_bytes(void)
{
    return BUDGET_TASK_ARENA_BYTES + BUDGET_TASK_ARENA_BYTES / 2;
}

ts_err budget_split(const struct budget_config *config, struct budget *ret_budget,
                    struct error *reterr)
{
    struct budget budget = {
        .limit_bytes = config->limit_bytes,
        .base_bytes = config->base_bytes,
        .catalogue_bytes = config->catalogue_bytes,
        .batch_bytes = config->batch_size * BATCH_BYTES_PER_SHEET,
        .task_bytes = BUDGET_TASK_ARENA_BYTES,
        .pool_bytes = config->concurrency * config->largest_reply_bytes,
        .connection_bytes = config->tls ? CONNECTION_TLS_BYTES : CONNECTION_PLAIN_BYTES,
        .conversations = config->concurrency,
    };
    if (budget.batch_bytes < smallest_batch_bytes())
        budget.batch_bytes = smallest_batch_bytes();
    struct budget least = budget;
    least.conversations = 1;
    least.pool_bytes = config->largest_reply_bytes;
    if (budget_total(&least) > config->limit_bytes) {
        char limit[32];
        struct buf text = buf_over(limit, sizeof(limit));
        buf_put_size(&text, config->limit_bytes);
        /* One more than just enough: the next start's base is not the same to the page. */
        uint64_t mebibytes = ((budget_total(&least) + (1u << 20) - 1) >> 20) + 1;
        return error_set(reterr, TS_ERR_CONFIG,
                         "%s of memory are too small for this sweep: use --memory %lluM or more"
                         " (or a smaller --batch-size)",
                         limit, (unsigned long long)mebibytes);
    }
    while (budget_total(&budget) > budget.limit_bytes &&
           budget.pool_bytes > config->largest_reply_bytes)
        budget.pool_bytes -= config->largest_reply_bytes;
    while (budget_total(&budget) > budget.limit_bytes)
        budget.conversations--;
    *ret_budget = budget;
    return TS_ERR_OK;
}

void budget_format(const struct budget *budget, struct buf *out)
{
    buf_puts(out, "memory plan: ");
    buf_put_size(out, budget_total(budget));
    buf_puts(out, " of ");
    buf_put_size(out, budget->limit_bytes);
    buf_puts(out, " = base ");
    buf_put_size(out, budget->base_bytes);
    buf_puts(out, " + catalogue ");
    buf_put_size(out, budget->catalogue_bytes);
    buf_puts(out, " + 2 batches of ");
    buf_put_size(out, budget->batch_bytes);
    buf_printf(out, " + %u tasks of ", budget->conversations);
    buf_put_size(out, budget->task_bytes);
    buf_puts(out, " + replies ");
    buf_put_size(out, budget->pool_bytes);
    buf_printf(out, " + %u connections of ", budget->conversations);
    buf_put_size(out, budget->connection_bytes);
}

static bool read_file(const char *path, char *text, size_t cap)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, text, cap - 1);
    (void)close(fd);
    if (len <= 0)
        return false;
    text[len] = '\0';
    return true;
}

/* The limit in the file BASE/GROUP/NAME, or UINT64_MAX ("max", none, unreadable). */
static uint64_t limit_in(const char *base, struct str group, const char *name)
{
    char path[512], text[64];
    struct buf buf = buf_over(path, sizeof(path));
    buf_puts(&buf, base);
    buf_put(&buf, group);
    buf_putc(&buf, '/');
    buf_puts(&buf, name);
    int64_t limit;
    if (buf.overflow || !read_file(path, text, sizeof(text)) ||
        !str_to_i64(str_trim(str_of(text)), 1, INT64_MAX, &limit))
        return UINT64_MAX;
    return (uint64_t)limit;
}

/* A limit holds for all groups below it: walks from our group up to the root. */
static uint64_t lowest_limit(const char *base, struct str group, const char *name)
{
    uint64_t lowest = UINT64_MAX;
    for (;;) {
        uint64_t limit = limit_in(base, group, name);
        if (limit < lowest)
            lowest = limit;
        if (group.len <= 1)
            return lowest;
        while (group.len > 0 && group.ptr[group.len - 1] != '/')
            group.len--;
        if (group.len > 0)
            group.len--;
    }
}

/* Lines of /proc/self/cgroup: "0::/path" (v2), "N:memory:/path" (v1). */
static uint64_t limit_of_line(struct str line)
{
    struct str id, controllers;
    if (!str_split(&line, ':', &id) || !str_split(&line, ':', &controllers))
        return UINT64_MAX;
    if (str_equal(id, STR("0")) && controllers.len == 0)
        return lowest_limit("/sys/fs/cgroup", line, "memory.max");
    struct str controller;
    while (str_split(&controllers, ',', &controller)) {
        if (str_equal(controller, STR("memory")))
            return lowest_limit("/sys/fs/cgroup/memory", line, "memory.limit_in_bytes");
    }
    return UINT64_MAX;
}

uint64_t budget_default_limit(void)
{
    char text[4096];
    uint64_t limit = BUDGET_DEFAULT_BYTES;
    if (!read_file("/proc/self/cgroup", text, sizeof(text)))
        return limit;
    struct str rest = str_of(text), line;
    while (str_split(&rest, '\n', &line)) {
        uint64_t group_limit = limit_of_line(line);
        if (group_limit / 100 * CGROUP_SHARE_PERCENT < limit)
            limit = group_limit / 100 * CGROUP_SHARE_PERCENT;
    }
    return limit;
}
