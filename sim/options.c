/* options.c: one table of options, read by argp. */
#include "options.h"

#include <argp.h>
#include <stddef.h>
#include <stdlib.h>

const char *argp_program_version = "teesheet-sim " TEESHEET_VERSION;

enum key {
    KEY_COURSES = 0x100,
    KEY_KIND,
    KEY_KEY,
    KEY_SEED,
    KEY_WINDOW,
    KEY_SHORT_WINDOW,
    KEY_REFUSE_AGENTS,
    KEY_CHURN,
    KEY_NOW,
    KEY_CATALOGUE,
    KEY_TRUTH,
    KEY_TRUTH_SHEETS,
    KEY_COURSE_IDS,
    KEY_ADDRESS,
    KEY_PORT,
    KEY_PORT_FILE,
    KEY_STATS_FILE,
    KEY_LATENCY,
    KEY_JITTER,
    KEY_GZIP,
    KEY_LIMIT_RATE,
    KEY_RETRY_AFTER,
    KEY_HUGE_BODY,
    KEY_FAULT_REQUESTS,
    KEY_FAULT, /* the first fault's key; the others follow; the last one here */
};

static const struct argp_option own_options[] = {
    { NULL, 0, NULL, 0, "The fleet:", 1 },
    { "courses", KEY_COURSES, "N", 0, "catalogue rows (default 100)", 1 },
    { "kind", KEY_KIND, "KIND,…", 0,
      "mixed (default: all kinds of Chronogolf's clubs), v1 or v2 (some of them), names of "
      "engines, or all",
      1 },
    { "seed", KEY_SEED, "N", 0, "another world (default 1)", 1 },
    { "window", KEY_WINDOW, "DAYS", 0, "booking window, 0 to 90 days (default 90)", 1 },
    { "short-window", KEY_SHORT_WINDOW, "P", 0,
      "percent of clubs whose window is three days shorter than the catalogue says", 1 },
    { "refuse-agents", KEY_REFUSE_AGENTS, "P", 0,
      "percent of Teesnap's clubs that answer 403 to all but browsers (default 0)", 1 },
    { "churn", KEY_CHURN, "P", 0,
      "percent of tee sheets whose bookings change per hour of the clock (default 0)", 1 },
    { "now", KEY_NOW, "INSTANT", 0,
      "the clock starts at 2026-12-01T12:00:00Z, for example, instead of now", 1 },
    { NULL, 0, NULL, 0, "Instead of serving:", 2 },
    { "catalogue", KEY_CATALOGUE, "FILE", OPTION_ARG_OPTIONAL,
      "write the matching catalogue as CSV (default: to stdout) and exit", 2 },
    { "truth", KEY_TRUTH, "DATES", 0,
      "write the tee times that a perfect collector stores, as CSV, and exit; DATES are "
      "2026-12-05, A..B, or several",
      2 },
    { "truth-sheets", KEY_TRUTH_SHEETS, "DATES", 0,
      "the same for tee sheets: outcome and count", 2 },
    { "course-ids", KEY_COURSE_IDS, "ID,…", 0, "only these courses of the catalogue", 2 },
    { NULL, 0, NULL, 0, "The server:", 3 },
    { "key", KEY_KEY, "TEXT", 0,
      "application key that MemberSports asks for (default test-key)", 3 },
    { "address", KEY_ADDRESS, "IPV4", 0, "address (default 127.0.0.1: this machine only)", 3 },
    { "port", KEY_PORT, "N", 0, "port (default 0: any free one, printed)", 3 },
    { "port-file", KEY_PORT_FILE, "FILE", 0, "write the port to FILE", 3 },
    { "stats-file", KEY_STATS_FILE, "FILE", 0,
      "write statistics to FILE at the end and on SIGUSR1; GET /_sim/stats shows them too", 3 },
    { "latency", KEY_LATENCY, "MS", 0, "answer after this long", 3 },
    { "jitter", KEY_JITTER, "MS", 0, "and up to this much longer", 3 },
    { "gzip", KEY_GZIP, NULL, 0, "compress replies where the client accepts it", 3 },
    { "limit-rate", KEY_LIMIT_RATE, "R", 0,
      "answer 429 beyond R requests per second and host (token bucket)", 3 },
    { "retry-after", KEY_RETRY_AFTER, "S", 0, "seconds that a 429 asks for (default 1)", 3 },
    { "huge-body", KEY_HUGE_BODY, "BYTES", 0,
      "size of --huge replies (with --gzip: a decompression bomb); alone: all replies are huge",
      3 },
    { "fault-requests", KEY_FAULT_REQUESTS, "N", 0, "only the first N requests meet faults",
      3 },
    { NULL, 0, NULL, 0, "Faults, in percent of the requests:", 4 },
};

#define FAULTS_COUNT (FAULT_COUNT - 1)

static struct argp_option all_options[TS_COUNT_OF(own_options) + FAULTS_COUNT + 1];

static void fill_options(void)
{
    memcpy(all_options, own_options, sizeof(own_options));
    struct argp_option *next = all_options + TS_COUNT_OF(own_options);
    for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++, next++) {
        next->name = fault_name((enum fault)fault);
        next->key = KEY_FAULT + fault - 1;
        next->arg = "P";
        next->flags = fault == FAULT_ENDLESS ? OPTION_ARG_OPTIONAL : 0;
        next->doc = fault_meaning((enum fault)fault);
        next->group = 4;
    }
}

static int64_t number(struct argp_state *state, const char *text, int64_t min, int64_t max)
{
    int64_t value = min;
    if (!str_to_i64(str_of(text), min, max, &value))
        argp_error(state, "'%s' is no number from %lld to %lld", text, (long long)min,
                   (long long)max);
    return value;
}

static double fraction(struct argp_state *state, const char *text, double max)
{
    double value = 0;
    if (!str_to_double(str_of(text), &value) || value < 0 || value > max)
        argp_error(state, "'%s' is no number from 0 to %.0f", text, max);
    return value;
}

static void add_engine(struct fleet_options *fleet, const struct sim_engine *engine)
{
    for (uint32_t i = 0; i < fleet->engines_count; i++) {
        if (fleet->engines[i] == engine)
            return;
    }
    fleet->engines[fleet->engines_count++] = engine;
}

/* One of Chronogolf's kinds of clubs; false: the word is none. */
static bool add_mix(struct fleet_options *fleet, struct str kind)
{
    static const char *const names[] = { [SIM_MIX_ALL] = "mixed", "v1", "v2" };
    for (size_t i = 0; i < TS_COUNT_OF(names); i++) {
        if (!str_equal(kind, str_of(names[i])))
            continue;
        fleet->mix = (enum sim_mix)i;
        add_engine(fleet, sim_engines[0]);
        return true;
    }
    return false;
}

static void add_kind(struct argp_state *state, struct fleet_options *fleet, struct str kind)
{
    const struct sim_engine *engine = sim_engine_by_name(kind);
    if (engine) {
        add_engine(fleet, engine);
        return;
    }
    if (str_equal(kind, STR("all"))) {
        for (uint32_t i = 0; i < sim_engines_count; i++)
            add_engine(fleet, sim_engines[i]);
        return;
    }
    if (add_mix(fleet, kind))
        return;
    char storage[160];
    struct buf known = buf_over(storage, sizeof(storage));
    for (uint32_t i = 0; i < sim_engines_count; i++)
        buf_printf(&known, ", %s", sim_engines[i]->name);
    argp_error(state, "'%.*s' is no kind: mixed, v1, v2, all%s", STR_ARGS(kind), storage);
}

static void add_kinds(struct argp_state *state, struct fleet_options *fleet, const char *text)
{
    struct str rest = str_of(text), kind;
    while (str_split(&rest, ',', &kind))
        add_kind(state, fleet, kind);
}

static void check(struct argp_state *state, ts_err err, const struct error *error)
{
    if (err)
        argp_error(state, "%s", error->text);
}

static void add_days(struct argp_state *state, struct sim_options *options, const char *text)
{
    struct error error;
    check(state, truth_add_days(&options->selection, str_of(text), &error), &error);
}

static error_t parse_fleet(int key, char *text, struct argp_state *state)
{
    struct sim_options *options = state->input;
    switch (key) {
    case KEY_COURSES:
        options->fleet.rows = (uint32_t)number(state, text, 1, 8000);
        return 0;
    case KEY_KIND:
        add_kinds(state, &options->fleet, text);
        return 0;
    case KEY_SEED:
        options->fleet.seed = (uint64_t)number(state, text, 0, INT64_MAX);
        return 0;
    case KEY_WINDOW:
        options->fleet.window_days = (uint8_t)number(state, text, 0, 90);
        return 0;
    case KEY_SHORT_WINDOW:
        options->fleet.short_window_percent = fraction(state, text, 100);
        return 0;
    case KEY_REFUSE_AGENTS:
        options->fleet.refusing_percent = fraction(state, text, 100);
        return 0;
    case KEY_CHURN:
        options->server.churn_percent = fraction(state, text, 100);
        return 0;
    case KEY_NOW:
        options->now_given = instant_parse(str_of(text), &options->now);
        if (!options->now_given)
            argp_error(state, "'%s' is no instant (2026-12-01T12:00:00Z)", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* `--catalogue FILE` and `--truth DAY DAY` are understood, too. */
static void take_argument(struct argp_state *state, struct sim_options *options, char *text)
{
    if (options->action == SIM_CATALOGUE && !options->catalogue_path)
        options->catalogue_path = text;
    else if (options->action == SIM_TRUTH || options->action == SIM_TRUTH_SHEETS)
        add_days(state, options, text);
    else
        argp_error(state, "'%s' is not expected here", text);
}

static error_t parse_action(int key, char *text, struct argp_state *state)
{
    struct sim_options *options = state->input;
    struct error error;
    switch (key) {
    case KEY_CATALOGUE:
        options->action = SIM_CATALOGUE;
        options->catalogue_path = text;
        return 0;
    case KEY_TRUTH:
    case KEY_TRUTH_SHEETS:
        options->action = key == KEY_TRUTH ? SIM_TRUTH : SIM_TRUTH_SHEETS;
        add_days(state, options, text);
        return 0;
    case KEY_COURSE_IDS:
        check(state, truth_add_courses(&options->selection, str_of(text), &error), &error);
        return 0;
    case ARGP_KEY_ARG:
        take_argument(state, options, text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_server(int key, char *text, struct argp_state *state)
{
    struct sim_options *options = state->input;
    struct server_options *server = &options->server;
    switch (key) {
    case KEY_ADDRESS:
        server->address = text;
        return 0;
    case KEY_PORT:
        server->port = (uint16_t)number(state, text, 0, UINT16_MAX);
        return 0;
    case KEY_KEY:
        server->key = text;
        return 0;
    case KEY_PORT_FILE:
        options->port_file = text;
        return 0;
    case KEY_STATS_FILE:
        options->stats_file = text;
        return 0;
    case KEY_LATENCY:
        server->latency_ms = number(state, text, 0, 600000);
        return 0;
    case KEY_JITTER:
        server->jitter_ms = number(state, text, 0, 600000);
        return 0;
    case KEY_GZIP:
        server->gzip = true;
        return 0;
    case KEY_LIMIT_RATE:
        server->limit_rate = fraction(state, text, 1e6);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_faults(int key, char *text, struct argp_state *state)
{
    struct sim_options *options = state->input;
    struct fault_options *faults = &options->server.faults;
    switch (key) {
    case KEY_RETRY_AFTER:
        faults->retry_after_s = number(state, text, 0, 86400);
        return 0;
    case KEY_HUGE_BODY:
        if (!str_to_bytes(str_of(text), &faults->huge_bytes) || faults->huge_bytes < 2 ||
            faults->huge_bytes > (uint64_t)1 << 40)
            argp_error(state, "'%s' is no size from 2 to 1024G", text);
        return 0;
    case KEY_FAULT_REQUESTS:
        faults->until_request = number(state, text, 1, INT64_MAX);
        return 0;
    default:
        break;
    }
    if (key < KEY_FAULT || key >= KEY_FAULT + FAULTS_COUNT)
        return ARGP_ERR_UNKNOWN;
    faults->percent[key - KEY_FAULT + 1] = text ? fraction(state, text, 100) : 100;
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    static error_t (*const groups[])(int, char *,
                                     struct argp_state *) = { parse_fleet, parse_action,
                                                              parse_server, parse_faults };
    error_t result = ARGP_ERR_UNKNOWN;
    for (size_t i = 0; i < TS_COUNT_OF(groups) && result == ARGP_ERR_UNKNOWN; i++)
        result = groups[i](key, text, state);
    return result;
}

static void set_defaults(struct sim_options *options)
{
    *options = (struct sim_options){
        .fleet = { .seed = 1, .rows = 100, .window_days = 90 },
        .server.key = "test-key",
        .server.faults = { .retry_after_s = 1 },
    };
}

void sim_options_parse(int argc, char **argv, struct sim_options *ret_options)
{
    static const struct argp argp = {
        .options = all_options,
        .parser = parse,
        .args_doc = "",
        .doc = "Simulated golf booking engines on loopback, deterministic by seed.",
    };
    argp_err_exit_status = 1;
    set_defaults(ret_options);
    fill_options();
    if (argp_parse(&argp, argc, argv, 0, NULL, ret_options))
        exit(1);
    struct fault_options *faults = &ret_options->server.faults;
    faults->seed = ret_options->fleet.seed;
    if (faults->huge_bytes > 0 && faults->percent[FAULT_HUGE] <= 0)
        faults->percent[FAULT_HUGE] = 100;
    if (faults->huge_bytes == 0)
        faults->huge_bytes = (uint64_t)100 << 20;
}
