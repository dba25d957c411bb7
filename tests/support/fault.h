/*
 * fault.h: the C library's allocation and file calls, made to fail on demand.
 *
 * fault.c, linked into a test executable, takes the place of malloc and its family and of
 * write, pwrite, fsync, fdatasync, open, openat, ftruncate and rename for the whole process:
 * the shared libraries' calls come here too. While armed it counts them by kind, counts
 * allocations by who asked for them, keeps a list of those that live, and fails the n-th call
 * of one kind, once (transient) or from there on (persistent). Disarmed it only passes on. Any
 * thread may call.
 *
 * Not reached: what the C library does inside of itself without these names (fopen's open,
 * fwrite's write), and descriptors that are no regular file (an eventfd cannot be full).
 */
#ifndef TS_TESTS_SUPPORT_FAULT_H
#define TS_TESTS_SUPPORT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
    FAULT_ALLOC, /* no memory */
    FAULT_WRITE, /* write, pwrite: input/output error once, disk full for good */
    FAULT_SYNC,  /* fsync, fdatasync: input/output error */
    FAULT_OPEN,  /* open, openat: too many open files */
    FAULT_MOVE,  /* ftruncate, rename: input/output error */
    FAULT_KINDS
};

/* Whose call it was. */
enum fault_origin {
    FAULT_OURS,
    FAULT_LIBCURL,
    FAULT_SQLITE,
    FAULT_LIBPQ,
    FAULT_OTHER, /* the C library for itself, OpenSSL, zlib … */
    FAULT_ORIGINS
};

struct fault_plan {
    enum fault_kind kind;
    uint64_t nth; /* the first call is 1; 0: none fails */
    bool persistent;
};

/* May lie in memory shared with another process, which then can read it whatever happens. */
struct fault_report {
    uint64_t calls[FAULT_KINDS];
    uint64_t allocations[FAULT_ORIGINS];
    int64_t live[FAULT_ORIGINS];   /* allocated while armed and not freed */
    uint64_t failed;               /* calls that were made to fail */
    enum fault_origin failed_of;   /* the first of them: whose */
    uintptr_t failed_at;           /* … and where: an address in the program or library */
    uintptr_t leak[FAULT_ORIGINS]; /* who asked for one that still lives */
};

extern const char *const fault_kind_names[FAULT_KINDS];
extern const char *const fault_origin_names[FAULT_ORIGINS];

/* Counting starts, into *report, which outlives it. */
void fault_arm(const struct fault_plan *plan, struct fault_report *report);

/* Counting ends; live and leak are filled in. */
void fault_disarm(void);

#endif
