/*
 * sweep.h: one `teesheet collect`, from the catalogue to the exit code: opens what the pipeline
 * needs, runs it, and tells how it went. The program part: it logs.
 */
#ifndef TS_HOST_SWEEP_H
#define TS_HOST_SWEEP_H

#include "base/str.h"
#include "host/verdict.h"
#include "plan/plan.h"
#include "store/store.h"
#include "view/progress.h"
#include "view/summary.h"

/* All that the command line decides. Texts and arrays are the caller's, outliving the sweep. */
struct sweep_config {
    const char *courses_path; /* NULL: the store's catalogue */
    struct store_config store;
    bool store_from_argv;
    const struct str *regions, *engine_names;
    const int64_t *course_ids;
    uint32_t regions_count, engine_names_count, course_ids_count;
    const char *scope;        /* of the filters: "all", "region AZ"; names the lease */
    bool share;               /* hosts are leased: other collectors work on the same store */
    int64_t lease_s;          /* how long the leases of hosts last */
    const char *options_json; /* for the runs table */
    int32_t from_date;        /* 0: today */
    uint32_t days;            /* 0: the whole window */
    struct plan_ages ages;
    const struct plan_pace *pace;   /* per engine */
    const char *const *engine_urls; /* per engine */
    const char *const *engine_keys; /* per engine, from the environment */
    uint32_t concurrency, batch_size, retries;
    int64_t batch_age_us, timeout_us, deadline_us /* 0: none */, shutdown_us, patience_us;
    int64_t keep_days;
    uint64_t memory_bytes; /* 0: by default and cgroup */
    const char *user_agent, *ping_url, *set_aside_path;
    enum fail_on fail_on;
    enum progress_mode progress;
    enum summary_format summary_format;
    const char *summary_path;             /* NULL: stdout */
    const char *trace_path;               /* NULL: none */
    bool names_contact;                   /* the user agent tells how its user can be reached */
    const char *record_dir, *samples_dir; /* NULL: none */
    const char *metrics_path;             /* NULL: none */
    bool strict, dry_run, quiet;
};

/* Returns the exit code (domain/exits.h). */
int sweep_run(const struct sweep_config *config);

#endif
