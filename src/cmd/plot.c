/* plot.c: `teesheet plot`: the picture of a sweep's trace. */
#include "view/plot.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "domain/exits.h"

#define PATH_BYTES 4096

struct plot_options {
    const char *output;
};

static const struct opt plot_opts[] = {
    { .name = "output",
      .key = 'o',
      .value_name = "FILE",
      .type = OPT_TEXT,
      .offset = offsetof(struct plot_options, output),
      .help = "write the picture there instead of to stdout" },
};

static const char *const examples[] = {
    "teesheet collect --trace sweep.csv && teesheet plot sweep.csv -o sweep.svg",
    "Draws what the sweep's memory did: the batch a sawtooth, the process a line.", NULL
};

static const struct opt_command plot_command = {
    .name = "plot",
    .about = "draw the trace of a sweep's memory as SVG",
    .text = "FILE is what `teesheet collect --trace FILE` wrote, also while the sweep still "
            "runs.\n",
    .arguments = "FILE",
    .opts = plot_opts,
    .opts_count = TS_COUNT_OF(plot_opts),
    .examples = examples,
    .exits = "0 done\n1 wrong usage\n2 the trace cannot be read, or the picture not written\n",
};

static void on_sample(void *ctx, const struct trace_sample *sample)
{
    plot_add(ctx, sample);
}

static ts_err write_picture(const struct plot *plot, const char *path, struct error *reterr)
{
    const char *name = path ? path : "stdout";
    FILE *out = path ? fopen(path, "we") : stdout;
    if (!out)
        return error_set(reterr, TS_ERR_IO, "cannot write %s: %s", name, strerror(errno));
    plot_write(plot, out);
    bool failed = ferror(out) || fflush(out) != 0;
    int why = errno;
    if (path && fclose(out) != 0)
        failed = true;
    return failed ? error_set(reterr, TS_ERR_IO, "cannot write %s: %s", name, strerror(why))
                  : TS_ERR_OK;
}

static ts_err draw(struct str file, const char *output, struct error *reterr)
{
    char path[PATH_BYTES];
    struct buf text = buf_over(path, sizeof(path));
    buf_put(&text, file);
    struct plot plot;
    plot_init(&plot);
    ts_err err = trace_read(path, &plot.head, on_sample, &plot, reterr);
    return err ? err : write_picture(&plot, output, reterr);
}

static int run_plot(int argc, char **argv)
{
    struct plot_options options;
    struct opt_list arguments = { .count = 0 };
    struct error error;
    opt_parse(&plot_command, argc, argv, &options, &arguments, NULL);
    ts_err err = arguments.count == 1 ? draw(arguments.items[0], options.output, &error)
                                      : error_set(&error, TS_ERR_USAGE, "name one trace file");
    return cmd_exit("plot", err, &error, EXIT_GOOD);
}

const struct command cmd_plot = { &plot_command, run_plot };
