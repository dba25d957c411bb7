/* engines.c: `teesheet engines`, the booking engines that this program can read. */
#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "domain/exits.h"
#include "engine/engine.h"

#define ENGINE_BYTES 8192

struct engines_request {
    int format;
};

enum engines_format { FORMAT_TABLE, FORMAT_JSON };

static const char *const formats[] = { "table", "json", NULL };

static const struct opt engines_opts[] = {
    { .name = "format",
      .value_name = "FORMAT",
      .type = OPT_CHOICE,
      .offset = offsetof(struct engines_request, format),
      .choices = formats,
      .default_text = "table",
      .help = "text for people, or one JSON document" },
};

static const char *const examples[] = { "teesheet engines --format json | jq '.[].name'",
                                        "Lists the names that a catalogue's engine column "
                                        "may hold.",
                                        NULL };

static const struct opt_command engines_options = {
    .name = "engines",
    .about = "show the booking engines, what each needs and what it asks of a client",
    .text = "For each booking engine: the host its requests go to, the attributes of a "
            "catalogue row (engine_attributes), how many conversations at a time and how long "
            "a gap its hosts get at least, what its robots.txt and terms ask, and what its "
            "parser was checked against. An attribute marked * is part of a course's "
            "identity. Whether to collect from an engine is the operator's decision.\n",
    .opts = engines_opts,
    .opts_count = TS_COUNT_OF(engines_opts),
    .examples = examples,
};

static void put_manners(const struct engine *engine, struct buf *out)
{
    uint32_t parallel = engine->max_parallel_per_host;
    buf_printf(out, "%u conversation%s at a time per host, ", parallel,
               parallel == 1 ? "" : "s");
    buf_put_duration(out, (int64_t)engine->min_gap_ms * 1000);
    buf_puts(out, " between requests");
}

static void put_as_text(const struct engine *engine, struct buf *out)
{
    buf_printf(out, "%s: %s\n", engine->name, engine->about);
    buf_printf(out, "  host        %s\n  attributes  ", engine->host);
    for (uint32_t i = 0; i < engine->attrs_count; i++) {
        const struct engine_attr *attr = &engine->attrs[i];
        buf_printf(out, "%s%s%s (%s): %s\n", i > 0 ? "              " : "", attr->name,
                   attr->identity ? "*" : "", engine_attr_type_name(attr->type), attr->help);
    }
    buf_puts(out, engine->attrs_count > 0 ? "  manners     " : "none\n  manners     ");
    put_manners(engine, out);
    buf_printf(out, "\n  terms       %s\n  verified    against %s\n", engine->terms,
               engine->verified);
}

static void put_member(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, ",\"%s\":", name);
    json_put_string(out, str_of(value));
}

static void put_as_json(const struct engine *engine, struct buf *out)
{
    buf_puts(out, "{\"name\":");
    json_put_string(out, str_of(engine->name));
    put_member(out, "about", engine->about);
    put_member(out, "host", engine->host);
    put_member(out, "terms", engine->terms);
    put_member(out, "verified", engine->verified);
    buf_printf(out, ",\"parallel_per_host\":%u,\"gap_ms\":%u,\"attributes\":[",
               engine->max_parallel_per_host, engine->min_gap_ms);
    for (uint32_t i = 0; i < engine->attrs_count; i++) {
        const struct engine_attr *attr = &engine->attrs[i];
        buf_puts(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        json_put_string(out, str_of(attr->name));
        put_member(out, "type", engine_attr_type_name(attr->type));
        put_member(out, "help", attr->help);
        buf_printf(out, ",\"identity\":%s}", attr->identity ? "true" : "false");
    }
    buf_puts(out, "]}");
}

static int run_engines(int argc, char **argv)
{
    struct engines_request request;
    opt_parse(&engines_options, argc, argv, &request, NULL, NULL);
    bool json = request.format == FORMAT_JSON;
    const char *between = json ? ",\n " : "\n";
    (void)fputs(json ? "[" : "", stdout);
    for (uint32_t i = 0; i < engines_count; i++) {
        char storage[ENGINE_BYTES];
        struct buf out = buf_over(storage, sizeof(storage));
        (json ? put_as_json : put_as_text)(engines[i], &out);
        (void)printf("%s%s", i > 0 ? between : "", storage);
    }
    (void)fputs(json ? "]\n" : "", stdout);
    if (fflush(stdout) == 0)
        return EXIT_GOOD;
    (void)fputs("teesheet: engines: cannot write to stdout\n", stderr);
    return EXIT_NO_START;
}

const struct command cmd_engines = { &engines_options, run_engines };
