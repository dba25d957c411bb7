/* campaign.c: forks, waits, counts, and says what was found. */
#include "fault/campaign.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/process.h"
#include "support/unit.h"

#define RUN_SECONDS 20
#define SHOWN       8
#define SAID_SHOWN  900
#define NTHS_MIN    12     /* of a kind */
#define DAY_STEP    7919   /* a prime: neighbouring days test distant calls */
#define MMAP_BYTES  131072 /* glibc's first threshold, kept: freeing would raise it */

struct shared {
    struct fault_report report;
    bool ended;
};

struct tally {
    uint64_t calls[FAULT_KINDS], allocations[FAULT_ORIGINS];
    uint64_t hit[FAULT_KINDS], tested[FAULT_KINDS];
    uint64_t exits[256], wrong;
};

static struct shared *shared;
static char said_path[64];

static void share(void)
{
    if (shared)
        return;
    shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    (void)snprintf(said_path, sizeof(said_path), "/tmp/teesheet-fault-%d", (int)getpid());
}

/* Without this cmocka, whose handlers a child inherits, makes a failed test of a crash, and of
 * that an ordinary exit code. */
static void crash_for_real(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        (void)signal(signals[i], SIG_DFL);
}

static void run_in_child(const struct campaign *campaign, const struct fault_plan *plan)
{
    int said = open(said_path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (said < 0 || dup2(said, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
        _exit(126);
    (void)close(said);
    crash_for_real();
    (void)alarm(RUN_SECONDS);
    fault_arm(plan, &shared->report);
    int exit_code = campaign->job(campaign->ctx, plan->nth > 0);
    fault_disarm();
    shared->ended = true;
    exit(exit_code); /* not _exit, which loses what tools/coverage counts */
}

static int run_once(const struct campaign *campaign, const struct fault_plan *plan)
{
    *shared = (struct shared){ 0 };
    (void)fflush(stdout);
    (void)fflush(stderr);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        run_in_child(campaign, plan);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int campaign_undisturbed(const struct campaign *campaign)
{
    return run_once(campaign, &(struct fault_plan){ .nth = 0 });
}

uint64_t campaign_count(const struct campaign *campaign, enum fault_kind kind)
{
    campaign->prepare(campaign->ctx);
    assert_int_equal(campaign_undisturbed(campaign), 0);
    return shared->report.calls[kind];
}

void campaign_warm(const struct campaign *campaign)
{
    share();
    (void)mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    campaign->prepare(campaign->ctx);
    (void)fflush(stdout);
    assert_true(dup2(nothing, STDOUT_FILENO) >= 0 && dup2(nothing, STDERR_FILENO) >= 0);
    int exit_code = campaign->job(campaign->ctx, false);
    (void)fflush(stdout);
    assert_true(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
    (void)close(out);
    (void)close(err);
    (void)close(nothing);
    assert_int_equal(exit_code, 0);
    /* A child's large buffers are new pages, as in the real program, not pages of this run to
     * be copied and zeroed each time. */
    (void)malloc_trim(0);
}

static const char *leaked(const struct campaign_run *run, char *text, size_t cap)
{
    for (int origin = 0; run->ended && origin < FAULT_OTHER; origin++) {
        if (run->report->live[origin] == 0)
            continue;
        (void)snprintf(text, cap, "leaked %lld of %s, one of them from %#llx",
                       (long long)run->report->live[origin], fault_origin_names[origin],
                       (unsigned long long)run->report->leak[origin]);
        return text;
    }
    return NULL;
}

static void tell_wrong(const struct campaign *campaign, const struct campaign_run *run,
                       const char *wrong)
{
    size_t len = strlen(run->said);
    print_message(
        "%s: %s %llu, %s, of %s at %#llx: exit code %d: %s; it said:\n%s\n", campaign->name,
        fault_kind_names[run->plan->kind], (unsigned long long)run->plan->nth,
        run->plan->persistent ? "persistent" : "transient",
        fault_origin_names[run->report->failed_of], (unsigned long long)run->report->failed_at,
        run->exit_code, wrong, run->said + (len > SAID_SHOWN ? len - SAID_SHOWN : 0));
}

static const char *judge_run(const struct campaign *campaign, const struct campaign_run *run)
{
    static char text[200];
    if (run->exit_code == 128 + SIGALRM)
        return "it hung";
    if (run->exit_code > 128)
        return "it crashed";
    const char *leak = leaked(run, text, sizeof(text));
    return leak ? leak : campaign->judge(campaign->ctx, run);
}

/* False: no call failed. */
static bool fail_one(const struct campaign *campaign, const struct fault_plan *plan,
                     struct tally *tally)
{
    campaign->prepare(campaign->ctx);
    struct campaign_run run = { .plan = plan, .report = &shared->report };
    run.exit_code = run_once(campaign, plan);
    run.ended = shared->ended;
    struct fault_report report = shared->report;
    run.report = &report;
    char *said = read_whole_file(said_path);
    run.said = said;
    tally->tested[plan->kind]++;
    tally->hit[plan->kind] += report.failed > 0;
    tally->exits[run.exit_code & 255]++;
    const char *wrong = judge_run(campaign, &run);
    if (wrong && tally->wrong++ < SHOWN)
        tell_wrong(campaign, &run, wrong);
    free(said);
    return report.failed > 0;
}

static void count_calls(const struct campaign *campaign, struct tally *tally)
{
    campaign->prepare(campaign->ctx);
    assert_int_equal(campaign_undisturbed(campaign), 0);
    assert_true(shared->ended);
    memcpy(tally->calls, shared->report.calls, sizeof(tally->calls));
    memcpy(tally->allocations, shared->report.allocations, sizeof(tally->allocations));
}

/* Every so many calls: TS_FAULT_STRIDE, 1 with TS_FAULT_ALL, else the campaign's. */
static uint64_t stride_of(const struct campaign *campaign, uint64_t calls)
{
    const char *all = getenv("TS_FAULT_ALL"), *given = getenv("TS_FAULT_STRIDE");
    if (given)
        return strtoull(given, NULL, 10);
    if (all && strcmp(all, "1") == 0)
        return 1;
    uint64_t of_few = 1 + calls / NTHS_MIN;
    return of_few < campaign->stride ? of_few : campaign->stride;
}

/* Another n each day, so that all have their turn. */
static uint64_t first_of(uint64_t stride)
{
    time_t day = time(NULL) / 86400;
    return 1 + (uint64_t)day * DAY_STEP % stride;
}

static void fight_kind(const struct campaign *campaign, enum fault_kind kind,
                       struct tally *tally)
{
    const char *only = getenv("TS_FAULT_N");
    bool one = only && !getenv("TS_FAULT_STRIDE");
    uint64_t stride = stride_of(campaign, tally->calls[kind]);
    uint64_t n = only ? strtoull(only, NULL, 10) : first_of(stride);
    /* A run that a busy machine's deadline cut short has fewer calls than there are. */
    for (bool more = true; more; n += stride) {
        struct fault_plan plan = { kind, n, false };
        more = fail_one(campaign, &plan, tally);
        plan.persistent = true;
        more |= fail_one(campaign, &plan, tally);
        more = (more || n <= tally->calls[kind]) && !one;
    }
}

static void report_tally(const struct campaign *campaign, const struct tally *tally)
{
    print_message("%s: allocations:", campaign->name);
    for (int i = 0; i < FAULT_ORIGINS; i++)
        print_message(" %llu %s%s", (unsigned long long)tally->allocations[i],
                      fault_origin_names[i], i + 1 < FAULT_ORIGINS ? "," : "\n");
    for (int i = 0; i < FAULT_KINDS; i++)
        print_message("  %s: %llu calls, %llu runs, %llu met a fault\n", fault_kind_names[i],
                      (unsigned long long)tally->calls[i], (unsigned long long)tally->tested[i],
                      (unsigned long long)tally->hit[i]);
    print_message("  exit codes:");
    for (int i = 0; i < 256; i++) {
        if (tally->exits[i])
            print_message(" %d: %llu,", i, (unsigned long long)tally->exits[i]);
    }
    print_message(" wrong: %llu\n", (unsigned long long)tally->wrong);
}

uint64_t campaign_fight(const struct campaign *campaign)
{
    struct tally tally = { 0 };
    uint64_t hit = 0;
    const char *kinds = getenv("TS_FAULT_KINDS");
    share();
    count_calls(campaign, &tally);
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        if (tally.calls[kind] > 0 && (!kinds || strstr(kinds, fault_kind_names[kind])))
            fight_kind(campaign, (enum fault_kind)kind, &tally);
        hit += tally.hit[kind];
    }
    report_tally(campaign, &tally);
    (void)unlink(said_path);
    if (tally.wrong > 0)
        fail_msg("%llu runs went wrong", (unsigned long long)tally.wrong);
    return hit;
}
