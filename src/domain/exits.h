/*
 * exits.h: what the program's exit code says. The strongest reason wins: EXIT_INTERRUPTED, then
 * EXIT_NO_START, EXIT_BLIND, EXIT_WORSE, EXIT_USAGE, EXIT_GOOD.
 */
#ifndef TS_DOMAIN_EXITS_H
#define TS_DOMAIN_EXITS_H

enum exit_code {
    EXIT_GOOD = 0,        /* as good as expected, or nothing was due */
    EXIT_USAGE = 1,       /* wrong usage, or an empty search */
    EXIT_NO_START = 2,    /* could not start, or the store was lost for good */
    EXIT_WORSE = 3,       /* finished, but worse than --fail-on allows */
    EXIT_INTERRUPTED = 4, /* everything committed so far is kept */
    EXIT_BLIND = 5,       /* nothing could be observed */
};

#endif
