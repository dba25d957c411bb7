/*
 * recording.h: raw exchanges kept on disk (`collect --record DIR`), and read again.
 *
 * One file per engine and sweep, DIR/ENGINE-STARTED-PID.exchanges, only ever appended to. An
 * exchange is a header, one JSON object on a line, then the body's bytes and a newline:
 *
 *     {"teesheet_exchange":1,"engine":"chronogolf","conversation":"32 hex digits","attempt":1,
 *      "second_look":false,"courses":[1001],"play_date":"2026-12-05","step":0,
 *      "asked":"GET https://…","end":0,"status":200,"content_type":"application/json",
 *      "cf_mitigated":"","total":"24","retry_after_us":-1,"received_at":1796371200,
 *      "duration_us":93000,"detail":"","body_bytes":1234}
 *
 * A hand-made header may name a file beside it instead of the bytes ("body_file":"page1.json"),
 * and may leave out all but teesheet_exchange, engine, courses, play_date and received_at; no
 * "asked" fits every request. `end` is enum http_end. Credentials and persons are blanked in
 * bodies at equal length (base/redact.h), and in query parameters; request headers are not
 * kept. A file that was cut short is good up to there.
 */
#ifndef TS_HOST_RECORDING_H
#define TS_HOST_RECORDING_H

#include "domain/http.h"
#include "host/conversation.h"

/* ---- Writing ---- */

struct recorder;

/* DIR is made if it is missing. The path is the caller's. */
TS_MUST_USE ts_err recorder_new(const char *dir, int64_t started_at,
                                struct recorder **ret_recorder, struct error *reterr);
void recorder_free(struct recorder *recorder);

/* Appends one exchange, on the loop thread: at most the engine's longest reply is written, and
 * not synced. After a failure nothing more is written; recorder_check tells it. */
void recorder_add(struct recorder *recorder, const struct conversation *conversation,
                  const struct http_reply *reply);
TS_MUST_USE ts_err recorder_check(const struct recorder *recorder, struct error *reterr);

/* ---- Reading ---- */

/* One exchange; texts are in `storage` or borrowed from the body's buffer. */
struct exchange {
    uint32_t version; /* 1 */
    int engine;       /* index into engines[]; -1: unknown */
    uint8_t nonce[16];
    uint32_t attempt, step, courses_count;
    int64_t courses[ENGINE_TASK_COURSES_MAX];
    int32_t play_date;
    bool second_look;
    struct str asked, body_file, detail; /* empty: any; the bytes follow; none */
    struct http_reply reply;             /* without its body */
    uint64_t body_bytes;
    char storage[4096];
};

/* Reads a header line. False: it is none. */
bool exchange_parse(struct str line, struct exchange *ret_exchange);

/* An exchange's place; the same `conversation` groups them. */
struct recorded {
    uint64_t conversation;
    int64_t received_at;
    uint64_t number; /* in the order of files and places */
    uint64_t body_bytes;
    uint32_t file;
    int64_t at; /* of the header */
};

struct recording;

/* Finds the exchanges of all *.exchanges files of DIR, in the order of their conversations'
 * beginnings, each conversation's together. TS_ERR_NOT_FOUND: no such file in DIR. */
TS_MUST_USE ts_err recording_open(const char *dir, struct recording **ret_recording,
                                  struct error *reterr);
void recording_close(struct recording *recording);

uint64_t recording_count(const struct recording *recording);
const struct recorded *recording_at(const struct recording *recording, uint64_t index);
uint32_t recording_cut_files(const struct recording *recording); /* that end in the middle */

/* One exchange with its body, valid until the next call. */
TS_MUST_USE ts_err recording_read(struct recording *recording, uint64_t index,
                                  struct exchange *ret_exchange, struct error *reterr);

#endif
