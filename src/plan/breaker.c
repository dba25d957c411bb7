/* breaker.c: closed, open, half-open. */
#include "plan/breaker.h"

bool breaker_lets(const struct breaker *breaker, int64_t now_us, uint32_t running,
                  int64_t *ret_wait_until)
{
    *ret_wait_until = 0;
    switch (breaker->state) {
    case BREAKER_CLOSED:
        return true;
    case BREAKER_OPEN:
        if (now_us < breaker->open_until_us)
            *ret_wait_until = breaker->open_until_us;
        return running == 0 && now_us >= breaker->open_until_us;
    case BREAKER_HALF_OPEN:
        return running == 0;
    }
    return false;
}

void breaker_started(struct breaker *breaker, int64_t now_us)
{
    if (breaker->state == BREAKER_OPEN && now_us >= breaker->open_until_us)
        breaker->state = BREAKER_HALF_OPEN;
}

void breaker_answered(struct breaker *breaker)
{
    *breaker = (struct breaker){ .state = BREAKER_CLOSED };
}

static void open_for(struct breaker *breaker, int64_t now_us)
{
    breaker->state = BREAKER_OPEN;
    breaker->open_until_us = now_us + (BREAKER_FIRST_US << breaker->probes);
}

static void count(struct breaker *breaker, uint32_t tenant)
{
    if (breaker->failures == 0 || breaker->last_tenant != tenant)
        breaker->tenants++;
    breaker->last_tenant = tenant;
    breaker->failures++;
}

bool breaker_failed(struct breaker *breaker, uint32_t tenant, uint32_t tenants_of_host,
                    int64_t now_us)
{
    uint32_t needed = tenants_of_host < BREAKER_TENANTS ? tenants_of_host : BREAKER_TENANTS;
    count(breaker, tenant);
    if (breaker->state == BREAKER_HALF_OPEN) {
        if (++breaker->probes >= BREAKER_PROBES)
            return true;
        open_for(breaker, now_us);
    } else if (breaker->state == BREAKER_CLOSED && breaker->failures >= BREAKER_FAILURES &&
               breaker->tenants >= needed) {
        open_for(breaker, now_us);
    }
    return false;
}
