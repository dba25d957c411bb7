/*
 * asking.h: how hosts are asked, as commands that ask some are told by options and environment:
 * other origins, keys, the User-Agent. Private to cmd/.
 */
#ifndef TS_CMD_ASKING_H
#define TS_CMD_ASKING_H

#include "base/opt.h"

#define ASKING_ENGINES_MAX 32
#define ASKING_TEXT_BYTES  1024

struct asking {
    const char *engine_urls[ASKING_ENGINES_MAX]; /* in engines[] order; NULL: the real host */
    const char *engine_keys[ASKING_ENGINES_MAX]; /* NULL: none in the environment */
    char user_agent[ASKING_TEXT_BYTES];
    char *owned[OPT_LIST_MAX]; /* NUL-terminated copies of engine urls */
    uint32_t owned_count;
};

/* Reads --engine-url and the keys' variables; `contact` (NULL: none) goes into the User-Agent.
 * `asking` is zeroed by the caller and needs asking_done also after a failure. TS_ERR_USAGE. */
TS_MUST_USE ts_err asking_read(struct asking *asking, const struct opt_list *engine_urls,
                               const char *contact, struct error *reterr);
void asking_done(struct asking *asking);

/* "chronogolf=2.5s" → engine and value; without "=" all engines (-1), unless it is required.
 * TS_ERR_USAGE: it is, or there is no such engine. */
TS_MUST_USE ts_err asking_split(const char *option, struct str item, bool required,
                                int *ret_engine, struct str *ret_value, struct error *reterr);

#endif
