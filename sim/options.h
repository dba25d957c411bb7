/*
 * options.h: teesheet-sim's command line.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdint.h>

#include "fleet.h"
#include "server.h"
#include "truth.h"

enum sim_action { SIM_SERVE, SIM_CATALOGUE, SIM_TRUTH, SIM_TRUTH_SHEETS };

struct sim_options {
    enum sim_action action;
    const char *catalogue_path; /* NULL: stdout */
    const char *port_file, *stats_file;
    bool now_given;
    int64_t now; /* Unix seconds */
    struct fleet_options fleet;
    struct server_options server;
    struct truth_selection selection;
};

/* Wrong usage prints one line and exits 1; --help and --version exit 0. */
void sim_options_parse(int argc, char **argv, struct sim_options *ret_options);

#endif
