/*
 * heed.h: what the plan learns from a reply, whatever becomes of the conversation: pace,
 * breaker, Retry-After, and the state of the tenant.
 */
#ifndef TS_HOST_HEED_H
#define TS_HOST_HEED_H

#include "host/conversation.h"

void heed_reply(struct plan *plan, const struct plan_task *task, const struct http_reply *reply,
                const struct conversation_note *note);

#endif
