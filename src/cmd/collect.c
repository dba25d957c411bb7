/* collect.c: `teesheet collect`: from options as typed to a sweep's configuration. */
#include <malloc.h>
#include <signal.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/asking.h"
#include "cmd/cmd.h"
#include "cmd/collect_options.h"
#include "domain/exits.h"
#include "host/sweep.h"
#include "store/host_leases.h"

#define TEXT_MAX          1024
#define HOST_PARALLEL_MAX 256

/* What the options mean, and the texts that the configuration points to. */
struct request {
    struct collect_options options;
    struct sweep_config config;
    struct plan_pace pace[ASKING_ENGINES_MAX];
    struct asking asking;
    int64_t course_ids[OPT_LIST_MAX];
    char store_url[STORE_URL_BYTES], scope[100], options_json[4 * TEXT_MAX];
};

static ts_err set_gap(struct request *request, int engine, struct str value,
                      struct error *reterr)
{
    int64_t gap_us;
    if (!str_to_duration(value, &gap_us))
        return error_set(reterr, TS_ERR_USAGE, "--host-gap: \"%.*s\" is no duration (2.5s)",
                         STR_ARGS(value));
    int64_t floor_us = (int64_t)engines[engine]->min_gap_ms * 1000;
    if (gap_us < floor_us && !request->asking.engine_urls[engine])
        return error_set(reterr, TS_ERR_USAGE,
                         "--host-gap: %s asks for at least %u ms between requests; less is for "
                         "--engine-url only",
                         engines[engine]->name, engines[engine]->min_gap_ms);
    request->pace[engine].gap_us = gap_us;
    return TS_ERR_OK;
}

static ts_err set_parallel(struct request *request, int engine, struct str value,
                           struct error *reterr)
{
    int64_t parallel;
    if (!str_to_i64(value, 1, HOST_PARALLEL_MAX, &parallel))
        return error_set(reterr, TS_ERR_USAGE, "--host-parallel: \"%.*s\" is not within 1..%d",
                         STR_ARGS(value), HOST_PARALLEL_MAX);
    if (parallel > engines[engine]->max_parallel_per_host &&
        !request->asking.engine_urls[engine])
        return error_set(reterr, TS_ERR_USAGE,
                         "--host-parallel: %s takes at most %u at a time; more is for "
                         "--engine-url only",
                         engines[engine]->name, engines[engine]->max_parallel_per_host);
    request->pace[engine].parallel = (uint32_t)parallel;
    return TS_ERR_OK;
}

typedef ts_err pace_fn(struct request *request, int engine, struct str value,
                       struct error *reterr);

/* A value for all engines: where some are sent elsewhere it is meant for those; the real hosts
 * keep their floors. */
static ts_err set_for_all(struct request *request, struct str value, pace_fn *set,
                          struct error *reterr)
{
    bool some_elsewhere = false;
    for (uint32_t i = 0; i < engines_count; i++)
        some_elsewhere |= request->asking.engine_urls[i] != NULL;
    for (uint32_t i = 0; i < engines_count; i++) {
        ts_err err = set(request, (int)i, value, reterr);
        if (err && (request->asking.engine_urls[i] || !some_elsewhere))
            return err;
    }
    return TS_ERR_OK;
}

static ts_err read_pace(struct request *request, const char *option,
                        const struct opt_list *list, pace_fn *set, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; i < list->count && !err; i++) {
        int engine;
        struct str value;
        err = asking_split(option, list->items[i], false, &engine, &value, reterr);
        if (!err && engine < 0)
            err = set_for_all(request, value, set, reterr);
        else if (!err)
            err = set(request, engine, value, reterr);
    }
    return err;
}

static ts_err read_courses(struct request *request, struct error *reterr)
{
    const struct opt_list *list = &request->options.course_ids;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!str_to_i64(list->items[i], 1, INT64_MAX, &request->course_ids[i]))
            return error_set(reterr, TS_ERR_USAGE, "--course: \"%.*s\" is no course id",
                             STR_ARGS(list->items[i]));
    }
    return TS_ERR_OK;
}

static void put_filter(struct buf *out, const char *name, const struct opt_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        buf_printf(out, "%s%s%.*s", out->len ? " " : "", i == 0 ? name : "",
                   STR_ARGS(list->items[i]));
}

static void name_scope(struct request *request)
{
    struct buf scope = buf_over(request->scope, sizeof(request->scope));
    put_filter(&scope, "region ", &request->options.regions);
    put_filter(&scope, "engine ", &request->options.engines);
    put_filter(&scope, "course ", &request->options.course_ids);
    if (scope.len == 0)
        buf_puts(&scope, "all");
}

static void describe_options(struct request *request)
{
    const struct collect_options *options = &request->options;
    struct buf out = buf_over(request->options_json, sizeof(request->options_json));
    buf_printf(&out, "{\"batch_size\":%lld,\"concurrency\":%lld,\"retries\":%lld",
               (long long)options->batch_size, (long long)options->concurrency,
               (long long)options->retries);
    if (options->days)
        buf_printf(&out, ",\"days\":%lld", (long long)options->days);
    if (options->max_age) {
        buf_puts(&out, ",\"max_age\":");
        json_put_string(&out, str_of(options->max_age));
    }
    if (options->courses) {
        buf_puts(&out, ",\"courses\":");
        json_put_string(&out, str_of(options->courses));
    }
    buf_putc(&out, '}');
}

static ts_err check_share(const struct request *request, struct error *reterr)
{
    if (!request->options.share)
        return TS_ERR_OK;
    if (!host_leases_reach_machines(str_of(request->config.store.url)))
        return error_set(
            reterr, TS_ERR_USAGE,
            "--share needs a store that collectors can share: --store postgresql://"
            "USER@HOST/DATABASE");
    if (!request->options.max_age)
        return error_set(reterr, TS_ERR_USAGE,
                         "--share needs --max-age: it tells what others have done already");
    return TS_ERR_OK;
}

/* A health check that is never told looks like a sweep that never ran. */
static ts_err check_ping(const char *url, struct error *reterr)
{
    if (!url || str_has_prefix(str_of(url), STR("http://")) ||
        str_has_prefix(str_of(url), STR("https://")))
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_USAGE, "--ping: its URL begins with https:// or http://");
}

static ts_err read_store(struct request *request, bool from_argv, struct error *reterr)
{
    struct sweep_config *config = &request->config;
    ts_err err =
        store_options_read(&request->options.store, request->store_url, &config->store, reterr);
    config->store.no_migrate = request->options.no_migrate;
    config->store.read_only = request->options.dry_run;
    config->store_from_argv = from_argv;
    return err;
}

static ts_err read_ages(struct request *request, struct error *reterr)
{
    const char *text = request->options.max_age;
    if (!text)
        return TS_ERR_OK;
    ts_err err = plan_ages_parse(str_of(text), &request->config.ages, reterr);
    return err ? error_prefix(reterr, "--max-age") : err;
}

/* The options that need reading beyond their type. */
static ts_err read_options(struct request *request, bool store_from_argv, struct error *reterr)
{
    struct collect_options *options = &request->options;
    for (uint32_t i = 0; i < engines_count; i++)
        request->pace[i] = (struct plan_pace){ .gap_us = (int64_t)engines[i]->min_gap_ms * 1000,
                                               .parallel = engines[i]->max_parallel_per_host };
    ts_err err =
        asking_read(&request->asking, &options->engine_urls, options->user_agent, reterr);
    if (!err)
        err = read_pace(request, "host-gap", &options->host_gaps, set_gap, reterr);
    if (!err)
        err =
            read_pace(request, "host-parallel", &options->host_parallels, set_parallel, reterr);
    if (!err)
        err = read_courses(request, reterr);
    if (!err)
        err = read_ages(request, reterr);
    if (!err)
        err = read_store(request, store_from_argv, reterr);
    if (!err)
        err = check_share(request, reterr);
    if (!err)
        err = check_ping(options->ping, reterr);
    name_scope(request);
    describe_options(request);
    return err;
}

static void configure(struct request *request)
{
    const struct collect_options *options = &request->options;
    struct sweep_config *config = &request->config;
    config->courses_path = options->courses;
    config->regions = options->regions.items;
    config->regions_count = options->regions.count;
    config->engine_names = options->engines.items;
    config->engine_names_count = options->engines.count;
    config->course_ids = request->course_ids;
    config->course_ids_count = options->course_ids.count;
    config->scope = request->scope;
    config->options_json = request->options_json;
    config->from_date = options->from;
    config->days = (uint32_t)options->days;
    config->pace = request->pace;
    config->engine_urls = request->asking.engine_urls;
    config->engine_keys = request->asking.engine_keys;
    config->concurrency = (uint32_t)options->concurrency;
    config->batch_size = (uint32_t)options->batch_size;
    config->retries = (uint32_t)options->retries;
    config->batch_age_us = options->batch_age;
    config->timeout_us = options->timeout;
    config->deadline_us = options->deadline;
    config->shutdown_us = options->shutdown_timeout;
    config->patience_us = options->store_patience;
    config->share = options->share;
    config->lease_s = options->lease / CLOCK_SECOND_US;
    config->keep_days = options->keep;
    config->memory_bytes = options->memory;
    config->user_agent = request->asking.user_agent;
    config->names_contact = options->user_agent != NULL;
    config->ping_url = options->ping;
    config->set_aside_path = options->set_aside;
    config->fail_on = (enum fail_on)options->fail_on;
    config->progress = options->quiet ? PROGRESS_OFF : (enum progress_mode)options->progress;
    config->summary_format = (enum summary_format)options->summary;
    config->summary_path = options->summary_file;
    config->trace_path = options->trace;
    config->record_dir = options->record;
    config->samples_dir = options->samples;
    config->metrics_path = options->metrics_file;
    config->strict = options->strict;
    config->dry_run = options->dry_run;
    config->quiet = options->quiet;
}

static int run_collect(int argc, char **argv)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of a write, not a death */
    (void)mallopt(M_ARENA_MAX, 1);  /* one heap for all threads: memory is a number here */
    struct request request = { 0 };
    bool from_argv[OPT_MAX];
    struct collect_options *options = &request.options;
    opt_parse(&collect_command, argc, argv, options, NULL, from_argv);
    enum log_level threshold = options->quiet ? LOG_WARNING : LOG_INFO;
    log_setup((enum log_format)options->log_format, options->debug ? LOG_DEBUG : threshold);
    if (options->now)
        clock_set_wall(options->now);
    struct error error;
    ts_err err = read_options(&request, from_argv[collect_store_option], &error);
    int exit_code = EXIT_GOOD;
    if (!err) {
        configure(&request);
        exit_code = sweep_run(&request.config);
    }
    asking_done(&request.asking);
    return cmd_exit("collect", err, &error, exit_code);
}

const struct command cmd_collect = { &collect_command, run_collect };
