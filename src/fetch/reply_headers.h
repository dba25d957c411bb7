/*
 * reply_headers.h: the few headers of a reply that somebody reads. Private to fetch/; knows
 * nothing of libcurl's transfers. Plain value, texts are cut to their fields.
 */
#ifndef TS_FETCH_REPLY_HEADERS_H
#define TS_FETCH_REPLY_HEADERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"
#include "domain/http.h"

struct reply_headers {
    char content_type[sizeof(((struct http_reply *)0)->content_type)];
    char cf_mitigated[sizeof(((struct http_reply *)0)->cf_mitigated)];
    char total[sizeof(((struct http_reply *)0)->total)];
    char retry_after[48];
    char date[48];
    bool is_encoded;
    bool is_whole; /* the blank line came */
};

/* Takes one line of the reply's head; a status line forgets all that came before it (an interim
 * reply's headers), and what follows the blank line (a trailer) says nothing. False: an
 * encoding that we did not ask for. */
TS_MUST_USE bool reply_headers_take(struct reply_headers *headers, struct str line);

/* Copies the texts into *reply and works out its retry_after_us; a date is taken relative to
 * the reply's own Date header, else to `now_unix`. */
void reply_headers_give(const struct reply_headers *headers, int64_t now_unix,
                        struct http_reply *reply);

#endif
