/* engine.c: the list of simulated engines, and helpers for their requests and replies. */
#include "engine.h"

#include "chronogolf.h"

const struct sim_engine *const sim_engines[] = { &sim_chronogolf };
const uint32_t sim_engines_count = TS_COUNT_OF(sim_engines);

bool sim_request_arg(const struct sim_request *request, struct str name, struct str *ret_value)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < request->args_count; i++) {
        if (!str_equal(request->args[i].name, name))
            continue;
        *ret_value = request->args[i].value;
        found++;
    }
    return found == 1;
}

void sim_reply_refuse(struct sim_reply *reply, uint16_t status, const char *text)
{
    reply->status = status;
    reply->is_text = true;
    reply->body.at = reply->body.start;
    put_text(&reply->body, text);
}
