/* pipeline_new.c: buys all that a sweep will need, and gives it back. */
#include "base/mem.h"
#include "host/pipeline_state.h"

ts_err pipeline_new(const struct pipeline_config *config, struct pipeline **ret_pipeline,
                    struct error *reterr)
{
    const struct budget *budget = config->budget;
    struct pipeline *pipeline = mem_alloc(1, sizeof(*pipeline));
    if (!pipeline)
        goto fail;
    pipeline->config = *config;
    pipeline->random = config->seed;
    pipeline->conversations =
        mem_alloc(budget->conversations, sizeof(*pipeline->conversations));
    if (!pipeline->conversations || blocks_new(&pipeline->bodies, budget->pool_bytes) ||
        batch_new(&pipeline->filling, config->batch_size, budget->batch_bytes) ||
        batch_new(&pipeline->spare, config->batch_size, budget->batch_bytes))
        goto fail;
    for (; pipeline->conversations_count < budget->conversations;
         pipeline->conversations_count++) {
        if (conversation_init(&pipeline->conversations[pipeline->conversations_count], pipeline,
                              budget->task_bytes))
            goto fail;
    }
    *ret_pipeline = pipeline;
    return TS_ERR_OK;
fail:
    pipeline_free(pipeline);
    return error_set(reterr, TS_ERR_NOMEM, "no memory for the sweep's pools");
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    for (uint32_t i = 0; i < pipeline->conversations_count; i++)
        conversation_done(&pipeline->conversations[i]);
    mem_free(pipeline->conversations);
    blocks_free(pipeline->bodies);
    batch_free(pipeline->filling);
    batch_free(pipeline->spare);
    batch_free(pipeline->full);
    batch_free(pipeline->lost);
    mem_free(pipeline);
}
