/*
 * curl_memory.h: the heap that libcurl gets, and how much of it is in use. Private to fetch/.
 *
 * Any thread: libcurl's resolver threads allocate too.
 */
#ifndef TS_FETCH_CURL_MEMORY_H
#define TS_FETCH_CURL_MEMORY_H

#include <stdint.h>

#include "base/err.h"

/* curl_global_init with this file's counting functions. TS_ERR_INTERNAL: libcurl refuses. */
TS_MUST_USE ts_err curl_memory_global_init(struct error *reterr);

/* Bytes of the heap that libcurl holds now, as the C library rounds them. */
uint64_t curl_memory_bytes(void);

#endif
