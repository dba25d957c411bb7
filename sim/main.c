/* main.c: teesheet-sim: writes what the fleet is, or serves it until a signal comes. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "options.h"

static int fail(const struct error *error)
{
    (void)fprintf(stderr, "teesheet-sim: %s\n", error->text);
    return error->code == TS_ERR_USAGE ? 1 : 2;
}

static int write_catalogue(const struct sim_options *options, const struct fleet *fleet)
{
    struct error error;
    FILE *out = stdout;
    if (options->catalogue_path)
        out = fopen(options->catalogue_path, "we");
    if (!out) {
        (void)fprintf(stderr, "teesheet-sim: '%s' could not be opened: %s\n",
                      options->catalogue_path, strerror(errno));
        return 2;
    }
    ts_err err = fleet_write_catalogue(fleet, &options->selection.courses, out, &error);
    if (out != stdout)
        (void)fclose(out);
    return err ? fail(&error) : 0;
}

static int write_truth(const struct sim_options *options, const struct fleet *fleet)
{
    struct error error;
    struct sim_world world = { fleet, options->server.churn_percent, clock_wall(),
                               options->server.key };
    ts_err err = options->action == SIM_TRUTH
                     ? truth_write_tee_times(&world, &options->selection, stdout, &error)
                     : truth_write_tee_sheets(&world, &options->selection, stdout, &error);
    return err ? fail(&error) : 0;
}

/* Under another name first, so that who waits for the file never reads half of it. */
static bool write_port_file(const char *path, uint16_t port)
{
    char storage[4096];
    struct buf temporary = buf_over(storage, sizeof(storage));
    buf_printf(&temporary, "%s.new", path);
    FILE *out = temporary.overflow ? NULL : fopen(storage, "we");
    if (!out)
        return false;
    (void)fprintf(out, "%u\n", port);
    return fclose(out) == 0 && rename(storage, path) == 0;
}

static void wait_for_end(const struct sim_options *options, struct server *server,
                         const sigset_t *signals)
{
    struct error error;
    int signal = 0;
    do {
        (void)sigwait(signals, &signal);
        if (options->stats_file && server_write_stats(server, options->stats_file, &error))
            (void)fail(&error);
    } while (signal == SIGUSR1);
}

static int serve(const struct sim_options *options, const struct fleet *fleet)
{
    struct error error;
    struct server *server = NULL;
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGUSR1);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    if (server_new(&options->server, fleet, &server, &error))
        return fail(&error);
    uint16_t port = server_port(server);
    (void)printf("teesheet-sim: listening on http://127.0.0.1:%u\n", port);
    (void)fflush(stdout);
    if (options->port_file && !write_port_file(options->port_file, port)) {
        (void)fprintf(stderr, "teesheet-sim: '%s' could not be written: %s\n",
                      options->port_file, strerror(errno));
        server_free(server);
        return 2;
    }
    wait_for_end(options, server, &signals);
    server_free(server);
    return 0;
}

int main(int argc, char **argv)
{
    struct sim_options options;
    struct error error;
    struct fleet *fleet = NULL;
    sim_options_parse(argc, argv, &options);
    if (options.now_given)
        clock_set_wall(options.now);
    if (fleet_new(&options.fleet, &fleet, &error))
        return fail(&error);
    int exit_code = 0;
    switch (options.action) {
    case SIM_SERVE:
        exit_code = serve(&options, fleet);
        break;
    case SIM_CATALOGUE:
        exit_code = write_catalogue(&options, fleet);
        break;
    case SIM_TRUTH:
    case SIM_TRUTH_SHEETS:
        exit_code = write_truth(&options, fleet);
        break;
    }
    fleet_free(fleet);
    return exit_code;
}
