/*
 * campaign.h: one job, repeated in child processes with its n-th call failed, n = 1, 2, 3 …
 *
 * Each run is a fork of this process, which has done the job undisturbed once: the libraries'
 * one-time memory is there, each run starts alike, and a crash or a hang is an exit code.
 */
#ifndef TS_TESTS_FAULT_CAMPAIGN_H
#define TS_TESTS_FAULT_CAMPAIGN_H

#include "support/fault.h"

struct campaign_run {
    const struct fault_plan *plan;
    const struct fault_report *report;
    int exit_code; /* 128 + signal; 142: it hung */
    bool ended;    /* returned from the job, so that report->live counts */
    const char *said;
};

struct campaign {
    const char *name;
    int (*job)(void *ctx, bool disturbed); /* in the child; returns an exit code */
    void (*prepare)(void *ctx);
    /* NULL or what is wrong with what the run left. */
    const char *(*judge)(void *ctx, const struct campaign_run *run);
    void *ctx;
    unsigned stride; /* in CI every so many n of a kind, fewer where its calls are few */
};

/* Does the job once here, undisturbed, then counts its calls of each kind in a child. */
void campaign_warm(const struct campaign *campaign);

/* Fails each kind's n-th call, transient and persistent. Prints what was done, and fails the
 * test if a run was judged wrong. Returns how many runs met a fault. */
uint64_t campaign_fight(const struct campaign *campaign);

/* One undisturbed run in a child: its exit code. */
int campaign_undisturbed(const struct campaign *campaign);

/* How many calls of a kind an undisturbed run makes. */
uint64_t campaign_count(const struct campaign *campaign, enum fault_kind kind);

#endif
