/* pace.c: a rate that climbs by what is accepted and falls by what is rejected. */
#include "plan/pace.h"

#define SECOND_US         1e6
#define CEILING_GAPS      16    /* the slowest pace, in floor gaps */
#define CLIMB_LOST        1.10  /* per accepted request: below LOST of the aim */
#define CLIMB_FAR         1.03  /* between LOST and NEAR of it, or beyond it */
#define CLIMB_PRESUMED    1.003 /* near a limit that an earlier sweep met */
#define CLIMB_NEAR        1.0006
#define LOST              0.5
#define NEAR              0.9
#define BEYOND            1.1
#define FALL_HARD         0.6
#define FALL_SOFT         0.94 /* at a limit that is known and held for SETTLED requests */
#define SETTLED           30
#define SAME_LIMIT        0.25
#define LATENCY_WEIGHT    0.1
#define LATENCY_FORGOTTEN 0.001 /* per answer, of what the average is above its best */
#define LATENCY_DOUBTFUL  3.0   /* times the best average */
#define PARALLEL_AFTER    10    /* accepted requests per step */

static double clamp(const struct pace *pace, double rate)
{
    double most = SECOND_US / (double)pace->gap_floor_us;
    double least = SECOND_US / (double)pace->gap_ceiling_us;
    return rate > most ? most : rate < least ? least : rate;
}

void pace_init(struct pace *pace, int64_t gap_floor_us, uint32_t parallel_most,
               int64_t learnt_gap_us, uint32_t learnt_parallel)
{
    *pace = (struct pace){ .gap_floor_us = gap_floor_us,
                           .gap_ceiling_us = gap_floor_us * CEILING_GAPS,
                           .parallel_most = parallel_most,
                           .parallel = parallel_most };
    if (learnt_parallel > 0 && learnt_parallel < parallel_most)
        pace->parallel = learnt_parallel;
    if (gap_floor_us <= 0)
        return;
    int64_t gap_us = learnt_gap_us > gap_floor_us ? learnt_gap_us : gap_floor_us;
    pace->rate = clamp(pace, SECOND_US / (double)gap_us);
    pace->learnt_rate = pace->rate;
    pace->presumed = gap_us > gap_floor_us;
    if (pace->presumed)
        pace->rejected_rate = pace->rate;
}

/* The aim is the rate that was rejected, or the floor's while none was. */
static double climb(const struct pace *pace)
{
    double limit = pace->rejected_rate;
    double aim = limit > 0 ? limit : SECOND_US / (double)pace->gap_floor_us;
    if (pace->latency_us > LATENCY_DOUBTFUL * pace->latency_least_us)
        return 1.0;
    if (pace->rate < LOST * aim)
        return CLIMB_LOST;
    bool near = pace->rate >= NEAR * limit && pace->rate <= BEYOND * limit;
    if (near)
        return pace->presumed ? CLIMB_PRESUMED : CLIMB_NEAR;
    return CLIMB_FAR;
}

static void learn_latency(struct pace *pace, int64_t latency_us)
{
    double now = (double)latency_us;
    pace->latency_us += pace->latency_us > 0 ? LATENCY_WEIGHT * (now - pace->latency_us) : now;
    double above = pace->latency_us - pace->latency_least_us;
    bool best = pace->latency_least_us <= 0 || above < 0;
    pace->latency_least_us += best ? above : LATENCY_FORGOTTEN * above;
}

void pace_accepted(struct pace *pace, int64_t latency_us)
{
    learn_latency(pace, latency_us);
    if (++pace->accepted_in_row % PARALLEL_AFTER == 0 && pace->parallel < pace->parallel_most)
        pace->parallel++;
    if (pace->gap_floor_us > 0)
        pace->rate = clamp(pace, pace->rate * climb(pace));
    if (pace->rate > pace->learnt_rate)
        pace->learnt_rate = pace->rate;
}

/* A limit that is met again where it was met before, after a long good row, is only touched. */
static bool is_known_limit(const struct pace *pace)
{
    double away = pace->rate - pace->rejected_rate;
    if (away < 0)
        away = -away;
    return pace->rejected_rate > 0 && away < SAME_LIMIT * pace->rejected_rate &&
           pace->accepted_in_row >= SETTLED;
}

static void fall_hard(struct pace *pace)
{
    if (pace->parallel > 1)
        pace->parallel /= 2;
    if (pace->gap_floor_us > 0)
        pace->rate = clamp(pace, pace->rate * FALL_HARD);
}

/* What was sent at a faster pace than now's says nothing of this one. */
static bool is_news(struct pace *pace, int64_t sent_us, int64_t now_us)
{
    bool news = sent_us >= pace->fell_at_us;
    if (news)
        pace->fell_at_us = now_us;
    return news;
}

void pace_rejected(struct pace *pace, int64_t sent_us, int64_t now_us)
{
    if (!is_news(pace, sent_us, now_us))
        return;
    double rejected = pace->rate;
    if (is_known_limit(pace))
        pace->rate = clamp(pace, pace->rate * FALL_SOFT);
    else
        fall_hard(pace);
    if (pace->accepted_in_row > 0 || pace->rejected_rate <= 0)
        pace->rejected_rate = rejected;
    pace->learnt_rate = pace->rate;
    pace->presumed = false;
    pace->accepted_in_row = 0;
}

void pace_failed(struct pace *pace, int64_t sent_us, int64_t now_us)
{
    if (is_news(pace, sent_us, now_us))
        fall_hard(pace);
}

static int64_t gap_of(const struct pace *pace, double rate)
{
    return pace->gap_floor_us > 0 ? (int64_t)(SECOND_US / rate + 0.5) : 0;
}

int64_t pace_gap_us(const struct pace *pace)
{
    return gap_of(pace, pace->rate);
}

int64_t pace_learnt_gap_us(const struct pace *pace)
{
    return gap_of(pace, pace->learnt_rate);
}
