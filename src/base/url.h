/*
 * url.h: the parts of a web address that a person pasted. Views of the text; nothing is
 * decoded.
 */
#ifndef TS_BASE_URL_H
#define TS_BASE_URL_H

#include "base/buf.h"

struct url {
    struct str host;                  /* without port */
    struct str path, query, fragment; /* without '?' and '#' */
};

/* Takes an http or https address apart, also one without a scheme. False: it is none, names a
 * user, or holds blanks, control characters or bytes beyond ASCII. */
TS_MUST_USE bool url_read(struct str text, struct url *ret_url);

/* Whether the host is `domain`, any case, with or without "www.". */
bool url_is_at(const struct url *url, struct str domain);

/* Whether the host is LABEL.domain with one label that is not "www", any case. */
bool url_is_under(const struct url *url, struct str domain, struct str *ret_label);

/* Cuts the next part off the front of a path; empty ones are passed over. */
bool url_next_part(struct str *path, struct str *ret_part);

/* The same down to the part that is `name`, any case; false: there is none. */
bool url_pass_part(struct str *path, struct str name);

/* The first value of this name in the query, else in that of the fragment ("#/page?name=1"). */
bool url_value(const struct url *url, struct str name, struct str *ret_value);

/* Appends a host's label in lower case. */
void url_put_label(struct buf *out, struct str label);

#endif
