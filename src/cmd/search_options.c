/* search_options.c: the option table of `teesheet search`. */
#include "cmd/search_options.h"

#define AT(member) .offset = offsetof(struct search_options, member)

/* In the order of enum search_sort. */
static const char *const sorts[] = { "time", "price", "distance", "course", NULL };

static const struct opt opts[] = {
    READER_OPT_STORE,
    READER_OPT_SCHEMA,

    { .name = "date",
      .key = 'd',
      .value_name = "DATE",
      .type = OPT_TEXT,
      AT(date),
      .group = "Which tee times",
      .help = "play date: 2026-12-05, today, tomorrow, sat, weekend, +3, or a range A..B of "
              "these; each course's own today counts (default: all)" },
    { .name = "after",
      .value_name = "HH:MM",
      .type = OPT_TEXT,
      AT(after),
      .help = "start at or after this local time" },
    { .name = "before",
      .value_name = "HH:MM",
      .type = OPT_TEXT,
      AT(before),
      .help = "start before this local time" },
    { .name = "players",
      .key = 'p',
      .value_name = "N",
      .type = OPT_COUNT,
      AT(players),
      .min = 1,
      .max = 8,
      .help = "a party of N can book" },
    { .name = "holes",
      .value_name = "N",
      .type = OPT_COUNT,
      AT(holes),
      .min = 1,
      .max = 54,
      .help = "rounds of N holes" },
    { .name = "max-price",
      .value_name = "AMOUNT",
      .type = OPT_TEXT,
      AT(max_price),
      .help = "at most this per player, before tax, in the course's currency (59.50); unknown "
              "prices are left out" },
    { .name = "opened-within",
      .value_name = "DURATION",
      .type = OPT_DURATION,
      AT(opened_within),
      .help = "opened or reopened no longer ago than this (20m)" },

    { .name = "region",
      .env_also = "REGION_ID",
      .value_name = "R[,R...]",
      .type = OPT_LIST,
      AT(regions),
      .group = "Where",
      .help = "only these regions (the catalogue's region or region_id)" },
    { .name = "course",
      .value_name = "COURSE[,COURSE...]",
      .type = OPT_LIST,
      AT(courses),
      .help = "only these courses: ids, or parts of names that only one course has" },
    { .name = "near",
      .value_name = "LAT,LON|COURSE",
      .type = OPT_TEXT,
      AT(near),
      .help = "show the distance from this place, or from this course" },
    { .name = "within",
      .value_name = "DISTANCE",
      .type = OPT_TEXT,
      AT(within),
      .help = "at most this far from the place of --near: 20km or 12mi" },

    { .name = "sort",
      .value_name = "ORDER",
      .type = OPT_CHOICE,
      AT(sort),
      .choices = sorts,
      .default_text = "time",
      .group = "What is shown",
      .help = "of the result" },
    { .name = "limit",
      .key = 'n',
      .value_name = "N",
      .type = OPT_COUNT,
      AT(limit),
      .min = 1,
      .max = 1000000,
      .help = "at most N tee times (default: all)" },
    READER_OPT_FORMAT,
    { .name = "quiet",
      .key = 'q',
      .type = OPT_FLAG,
      AT(quiet),
      .help = "nothing but the tee times: no counts, and no reasons under an empty result" },
    READER_OPT_NOW,
};

static const char *const examples[] = {
    "teesheet search --date weekend --after 08:00 --before 11:00 --players 4",
    "Tee times for four on the coming weekend's mornings.",
    "teesheet search --near 50.45,-104.62 --within 40km --max-price 60 --sort price",
    "The cheapest ones around a place.",
    "teesheet search --course 'Cedar Links' --date sat --opened-within 20m --quiet",
    "For cron, every 20 minutes: prints something only when something has opened.",
    NULL
};

static const char exits[] = "0 tee times were found\n"
                            "1 none matches, or wrong usage\n"
                            "2 the store cannot be opened or read\n";

const struct opt_command search_command = {
    .name = "search",
    .about = "find open tee times",
    .text = "Shows the open tee times of the store that have not started yet, by local start "
            "time. How old they are and, where none matches, the reason go to stderr: what "
            "the last looks at the tee sheets gave, and which other filters leave "
            "something.\n",
    .opts = opts,
    .opts_count = TS_COUNT_OF(opts),
    .examples = examples,
    .exits = exits,
};
