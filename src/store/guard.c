/* guard.c: the guard against observations that would wrongly empty a tee sheet. */
#include "store/store.h"

#define GUARD_OPEN_MIN      8
#define GUARD_CLOSE_PERCENT 65
#define GUARD_MAX_AGE_S     ((int64_t)6 * 3600)

bool store_guard_holds(const struct tee_sheet *sheet, uint32_t open_before,
                       uint32_t would_close, int64_t last_observed_at, uint64_t held_digest)
{
    if (would_close == 0)
        return false;
    /* What is gone may be among the rows that could not be read, however often one looks. */
    if (sheet->unread_rows > 0)
        return sheet->checked_at - last_observed_at <= GUARD_MAX_AGE_S;
    bool many = open_before >= GUARD_OPEN_MIN &&
                (uint64_t)would_close * 100 > (uint64_t)open_before * GUARD_CLOSE_PERCENT;
    bool all = would_close == open_before && sheet->tee_times_count == 0;
    if (!many && !all)
        return false;
    /* What we know is so old that the day may well have emptied since. */
    if (sheet->checked_at - last_observed_at > GUARD_MAX_AGE_S)
        return false;
    return !(sheet->second_look && held_digest != 0 && sheet->digest == held_digest);
}
