/*
 * adapter.h: what the engines' adapters share: requests, adding tee times to the sheets of a
 * task, outcomes. Private to engine/; see field.h for reading and check.h for catalogue rows.
 */
#ifndef TS_ENGINE_ADAPTER_H
#define TS_ENGINE_ADAPTER_H

#include "engine/engine.h"
#include "engine/field.h"

/* An engine whose booking links can be read has NAME_from_url, in NAME_url.c; one that can be
 * asked more about them NAME_resolver, in NAME_resolve.c. */
#define ENGINE(name)                                                                           \
    extern const struct engine engine_##name;                                                  \
    extern const struct engine_resolver name##_resolver;                                       \
    bool name##_from_url(struct str url, struct buf *attributes_json, const char **ret_lacks);
#include "engine/engines.def"
#undef ENGINE

/* The request for the JSON at the URL that is all of scratch. TS_ERR_FULL: it did not fit. */
TS_MUST_USE ts_err engine_get_json(const struct buf *scratch, uint32_t reply_cap_bytes,
                                   struct http_request *ret_request);

/* The request that posts a JSON body; the texts are in scratch or static. TS_ERR_FULL: they did
 * not fit. */
TS_MUST_USE ts_err engine_post_json(const struct buf *scratch, const char *url, struct str body,
                                    uint32_t reply_cap_bytes, struct http_request *ret_request);

/* Counts a tee time that could not be read; the first one is named. */
void engine_skip_row(struct engine_result *result, const char *field, size_t offset);

/* Appends a tee time with copies of its texts (equal ones of the sheet are shared). False: the
 * task's arena is full. */
TS_MUST_USE bool engine_add_tee_time(struct engine_task *task, uint32_t sheet,
                                     const struct tee_time *tee_time);

/* The sheet's tee time of this identity and engine_ref, or NULL. */
struct tee_time *engine_find_tee_time(struct tee_sheet *sheet, const struct tee_time *wanted);

/* How the rows of a reply went for one sheet. */
struct engine_rows {
    uint32_t own, skipped; /* read, and of the sheet but not readable */
    uint32_t others;       /* of courses that were not asked for */
};

/* The sheet's outcome, by its tee times and its rows: nothing open needs a row that could be
 * read, or a reply without rows. */
void engine_settle_sheet(struct tee_sheet *sheet, const struct engine_rows *rows);

/* For engines that answer for one course at a time. */
bool engine_no_tenant_key(const struct course *course, struct buf *key);
uint32_t engine_request_each(const struct course *const *courses, uint32_t count);
/* For those that answer for a whole tenant. */
uint32_t engine_request_once(const struct course *const *courses, uint32_t count);

/* ENGINE_DONE with an outcome for all sheets that have none. */
enum engine_verdict engine_done(struct engine_result *result, enum outcome outcome,
                                const char *detail);
enum engine_verdict engine_done_too_large(struct engine_result *result);

/* Whether the reply holds one whole JSON document. If not, *ret_verdict says what to answer:
 * TRUNCATED for one that ends early or is empty, DONE unreadable with the place for others. */
bool engine_is_json(struct engine_task *task, const struct http_reply *reply,
                    struct engine_result *result, enum engine_verdict *ret_verdict);

/* What the script of a page sets `name` to, if that is of this type: "name = [ … ]". */
bool engine_find_script(struct str page, struct str name, enum json_type type,
                        struct json *ret_json);

/* "HTTP 422: words of the body", for `detail`; static text when the arena is full. */
const char *engine_refusal(struct engine_task *task, const struct http_reply *reply);

#endif
