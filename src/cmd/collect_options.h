/*
 * collect_options.h: the options of `teesheet collect`, as typed; private to src/cmd/.
 */
#ifndef TS_CMD_COLLECT_OPTIONS_H
#define TS_CMD_COLLECT_OPTIONS_H

#include "cmd/store_options.h"

struct collect_options {
    struct store_options store;
    const char *courses, *set_aside, *max_age, *user_agent, *ping, *summary_file, *trace,
        *record, *samples, *metrics_file;
    struct opt_list regions, engines, course_ids, engine_urls, host_gaps, host_parallels;
    int32_t from;
    int64_t days, batch_size, concurrency, retries, keep;
    int64_t batch_age, lease, store_patience, deadline, timeout, shutdown_timeout;
    uint64_t memory;
    int64_t now;
    int fail_on, progress, log_format, summary;
    bool strict, quiet, share, dry_run, no_migrate, debug;
};

extern const struct opt_command collect_command;

/* Index of --store in collect_command.opts: to know whether it came from the command line. */
extern const unsigned collect_store_option;

#endif
