/*
 * lease_holder.h: who holds a lease, as text, and whether that process is gone.
 *
 * The text is "host:pid:start:namespace". A holder is known to be gone only where its process
 * number means the same as ours: on this host, in this process namespace. So a sweep that was
 * killed blocks the next one on its machine for no time; everywhere else (another machine, a
 * container that was started anew) its lease has to expire.
 */
#ifndef TS_HOST_LEASE_HOLDER_H
#define TS_HOST_LEASE_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define LEASE_HOLDER_BYTES 128

/* Names this process; no other one ever has the same name. */
void lease_holder_name(char name[LEASE_HOLDER_BYTES]);

/* True if `holder` is proven to run no more; `self` is what lease_holder_name gave us. */
bool lease_holder_is_gone(const char *holder, const char *self);

#endif
