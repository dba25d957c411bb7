/* world.c: folders, the simulator, sweeps. */
#include "e2e/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "support/unit.h"

#define TEESHEET      TS_BINARY_DIR "/teesheet"
#define SIM           TS_BINARY_DIR "/teesheet-sim"
#define SWEEP_SECONDS 240
#define LARGE_SECONDS 1200 /* TS_LARGE=1 */

struct arguments {
    const char *list[PROCESS_ARGS_MAX];
    size_t count;
};

static void push(struct arguments *arguments, const char *text)
{
    assert_true(arguments->count < PROCESS_ARGS_MAX - 1);
    arguments->list[arguments->count++] = text;
}

static void push_all(struct arguments *arguments, const char *const *list)
{
    for (; list && *list; list++)
        push(arguments, *list);
}

const char *world_kind(const struct world *world)
{
    return world->engines ? world->engines : "mixed";
}

/* One origin for every engine; {host} tells the simulator's engines apart. */
static void name_engine_urls(struct world *world, int port)
{
    static const char *const names[] = { "chronogolf", "foreup",  "teeitup",      "cps",
                                         "quick18",    "teesnap", "membersports", "golfback" };
    size_t count = world->engines ? TS_COUNT_OF(names) : 1;
    struct buf buf = buf_over(world->engine_url, sizeof(world->engine_url));
    for (size_t i = 0; i < count; i++)
        buf_printf(&buf, "%s%s=http://127.0.0.1:%d%s", i ? "," : "", names[i], port,
                   world->engines ? "/{host}" : "");
    assert_false(buf.overflow);
}

static void make_catalogue(struct world *world)
{
    char option[200];
    (void)snprintf(option, sizeof(option), "--catalogue=%s", world->catalogue);
    const char *const argv[] = { SIM,    "--courses", world->courses,
                                 option, "--kind",    world_kind(world),
                                 NULL };
    struct outcome_of_run run = process_run(world->dir, argv, 30);
    if (run.exit_code != 0)
        fail_msg("teesheet-sim: %s", run.err);
    outcome_of_run_free(&run);
}

static void start_sim(struct world *world)
{
    char port_file[160];
    struct arguments arguments = { 0 };
    (void)snprintf(port_file, sizeof(port_file), "%s/port", world->dir);
    (void)unlink(port_file);
    push(&arguments, SIM);
    push(&arguments, "--courses");
    push(&arguments, world->courses);
    push(&arguments, "--now");
    push(&arguments, world->now);
    push(&arguments, "--port-file");
    push(&arguments, port_file);
    push(&arguments, "--kind");
    push(&arguments, world_kind(world));
    push_all(&arguments, world->sim_options);
    world->sim = process_start(world->dir, arguments.list);
    for (int i = 0; i < 1000 && access(port_file, R_OK) != 0; i++) {
        if (!process_is_running(&world->sim))
            fail_msg("teesheet-sim: %s", read_whole_file(world->sim.err));
        (void)usleep(10000);
    }
    char *port = NULL;
    for (int i = 0; i < 100; i++) {
        port = read_whole_file(port_file);
        if (strchr(port, '\n'))
            break;
        free(port);
        port = NULL;
        (void)usleep(10000);
    }
    assert_non_null(port);
    name_engine_urls(world, (int)strtol(port, NULL, 10));
    free(port);
}

static void stop_sim(struct world *world)
{
    (void)kill(world->sim.pid, SIGTERM);
    struct outcome_of_run run = process_wait(&world->sim, 30);
    outcome_of_run_free(&run);
}

void world_empty_store(const struct world *world)
{
    if (world->kind == WORLD_POSTGRES) {
        char output[400];
        assert_int_equal(pg_server_run(&world->postgres, "psql",
                                       "drop schema if exists teesheet cascade", output,
                                       sizeof(output)),
                         0);
        return;
    }
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        char path[160];
        (void)snprintf(path, sizeof(path), "%s/teesheet.db%s", world->dir, suffixes[i]);
        (void)unlink(path);
    }
}

static bool make_store(struct world *world)
{
    if (world->kind == WORLD_SQLITE) {
        (void)snprintf(world->store_url, sizeof(world->store_url), "sqlite:%s/teesheet.db",
                       world->dir);
        return true;
    }
    const char *option = world->postgres_option;
    if (!pg_server_begin(&world->postgres, option ? "" : "TS_PG_DIR", option))
        return false;
    char output[400];
    (void)pg_server_run(&world->postgres, "up", NULL, output, sizeof(output));
    world_empty_store(world);
    assert_int_equal(pg_server_run(&world->postgres, "url", NULL, world->store_url,
                                   sizeof(world->store_url)),
                     0);
    return true;
}

static bool begin(struct world *world, unsigned courses)
{
    (void)snprintf(world->dir, sizeof(world->dir), "/tmp/teesheet-e2e-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    (void)snprintf(world->courses, sizeof(world->courses), "%u", courses);
    (void)snprintf(world->catalogue, sizeof(world->catalogue), "%s/courses.csv", world->dir);
    if (!make_store(world)) {
        (void)rmdir(world->dir);
        return false;
    }
    make_catalogue(world);
    start_sim(world);
    return true;
}

bool world_begin(struct world *world, enum world_store kind, unsigned courses,
                 const char *const *sim_options)
{
    *world = (struct world){ .kind = kind, .sim_options = sim_options, .now = WORLD_NOW };
    return begin(world, courses);
}

bool world_begin_mixed(struct world *world, enum world_store kind, unsigned courses,
                       const char *const *sim_options)
{
    *world = (struct world){
        .kind = kind, .engines = "all", .sim_options = sim_options, .now = WORLD_NOW
    };
    (void)setenv("TEESHEET_MEMBERSPORTS_KEY", "test-key", 1);
    return begin(world, courses);
}

bool world_begin_networked(struct world *world, unsigned courses, const char *address)
{
    static const char *const everywhere[] = { "--address", "0.0.0.0", NULL };
    static char option[80];
    (void)snprintf(option, sizeof(option), "tls@%s", address);
    *world = (struct world){ .kind = WORLD_POSTGRES,
                             .engines = "all",
                             .sim_options = everywhere,
                             .now = WORLD_NOW,
                             .postgres_option = option };
    (void)setenv("TEESHEET_MEMBERSPORTS_KEY", "test-key", 1);
    return begin(world, courses);
}

void world_end(struct world *world)
{
    stop_sim(world);
    if (world->kind == WORLD_POSTGRES)
        pg_server_end(&world->postgres);
    const char *const argv[] = { "/bin/rm", "-rf", world->dir, NULL };
    struct outcome_of_run run = process_run("/tmp", argv, 30);
    outcome_of_run_free(&run);
}

void world_restart_sim(struct world *world, const char *const *sim_options)
{
    stop_sim(world);
    world->sim_options = sim_options;
    start_sim(world);
}

struct world world_twin(const struct world *world, const char *now,
                        const char *const *sim_options)
{
    struct world twin = *world;
    twin.now = now;
    twin.sim_options = sim_options;
    start_sim(&twin);
    return twin;
}

void world_end_twin(struct world *twin)
{
    stop_sim(twin);
}

struct process world_start_sweep(const struct world *world, const char *const *options)
{
    struct arguments arguments = { 0 };
    static const char *const usual[] = { TEESHEET,          "collect", "--host-gap", "0",
                                         "--host-parallel", "256",     NULL };
    push_all(&arguments, world->launchers);
    push_all(&arguments, usual);
    push(&arguments, "--now");
    push(&arguments, world->now);
    push(&arguments, "--courses");
    push(&arguments, world->catalogue);
    push(&arguments, "--engine-url");
    push(&arguments, world->engine_url);
    push(&arguments, "--store");
    push(&arguments, world->store_url);
    push_all(&arguments, options);
    return process_start(world->dir, arguments.list);
}

struct outcome_of_run world_sweep(const struct world *world, const char *const *options)
{
    struct process process = world_start_sweep(world, options);
    return process_wait(&process, getenv("TS_LARGE") ? LARGE_SECONDS : SWEEP_SECONDS);
}

void world_sweep_expect(const struct world *world, const char *const *options, int exit_code)
{
    struct outcome_of_run run = world_sweep(world, options);
    if (run.exit_code != exit_code)
        fail_msg("exit code %d, not %d; it said:\n%s\n%s", run.exit_code, exit_code, run.err,
                 run.out);
    outcome_of_run_free(&run);
}

bool world_wait_for(const struct process *sweep, const char *text, size_t times)
{
    for (int i = 0; i < 60000; i++) {
        char *err = read_whole_file(sweep->err);
        bool said = count_of(err, text) >= times;
        free(err);
        if (said || !process_is_running(sweep))
            return said;
        (void)usleep(1000);
    }
    return false;
}

long long world_summary_number(const char *summary, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "\"%s\":", name);
    const char *at = strstr(summary, key);
    if (!at)
        fail_msg("no %s in %s", key, summary);
    return strtoll(at + strlen(key), NULL, 10);
}
