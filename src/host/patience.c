/* patience.c: waits between attempts. */
#include "host/patience.h"

#include <poll.h>

#include "base/clock.h"
#include "host/announce.h"

#define WAIT_FIRST_US ((int64_t)250000)
#define WAIT_LAST_US  ((int64_t)10000000)

void patience_begin(struct patience *patience, int64_t patience_us)
{
    *patience = (struct patience){ .give_up_at = clock_monotonic_us() + patience_us,
                                   .wait_us = WAIT_FIRST_US };
}

bool patience_take(struct patience *patience, int64_t *ret_wait_us)
{
    int64_t wait_us = patience->wait_us;
    if (clock_monotonic_us() + wait_us > patience->give_up_at)
        return false;
    patience->wait_us = wait_us * 2 < WAIT_LAST_US ? wait_us * 2 : WAIT_LAST_US;
    patience->failures++;
    *ret_wait_us = wait_us;
    return true;
}

bool patience_wait(struct patience *patience, const struct error *error, int stop_fd)
{
    int64_t wait_us;
    if (!ts_err_retryable(error->code) || !patience_take(patience, &wait_us))
        return false;
    announce_notice(&(struct writer_notice){ .kind = WRITER_RETRYING,
                                             .attempt = patience->failures,
                                             .wait_us = wait_us,
                                             .error = *error });
    struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
    return poll(&stop, 1, (int)(wait_us / 1000)) <= 0;
}

void patience_end(const struct patience *patience)
{
    if (patience->failures > 0)
        announce_notice(&(struct writer_notice){ .kind = WRITER_RECOVERED,
                                                 .attempt = patience->failures + 1 });
}
