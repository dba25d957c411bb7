/*
 * attributes.h: a row's `engine_attributes` (a JSON object) as canonical text, and the course
 * id that is derived from it.
 *
 * Private to catalogue/. Knows engines only by their attribute tables.
 *
 * Canonical values. Integers are decimal without leading zeros, whether they came as numbers or
 * as digit strings. Lists, which come as JSON lists, as comma-separated strings or as one
 * value, are comma-separated in the row's order, without repetitions. UUIDs are in lower case.
 * Text is trimmed. null, "" and [] mean "not given".
 *
 * The derived id. IT MUST NEVER CHANGE for a given row: stored tee times hang on it. It is
 * FNV-1a (64 bits, base/hash.h) over these bytes, its top bit cleared, 1 if that gives 0:
 *
 *     engine name, NUL, and for each identity attribute that counts and is given, in the byte
 *     order of attribute names: name, '=', its value with the list items in byte order, NUL
 *
 * A row that is identified by UUIDs (an identity attribute of type ATTR_UUID_LIST is given, and
 * an attribute `api`, if the engine has one, does not say "v1") counts only those; any other
 * row counts all identity attributes but the UUID ones. So Chronogolf's V2 rows hang on
 * `course_uuids`, its V1 rows on `club_id`, `course_id` and `affiliation_type_id`. Example:
 * "chronogolf\0affiliation_type_id=30\0club_id=10\0course_id=20,21\0".
 */
#ifndef TS_CATALOGUE_ATTRIBUTES_H
#define TS_CATALOGUE_ATTRIBUTES_H

#include "catalogue/problems.h"
#include "engine/engine.h"

#define ATTRIBUTES_BYTES_MAX 4096
#define BOOKING_URL_MAX      1024

struct attributes {
    size_t len;                        /* of packed, its last NUL included */
    char packed[ATTRIBUTES_BYTES_MAX]; /* as struct course has them */
    bool inactive;                     /* requires_login or disabled_in_source */
    bool faulty;                       /* there were problems */
    char booking_url[BOOKING_URL_MAX]; /* bookingUrl */
    char opens_local[16];              /* booking_opens_local */
};

/* Reads `json` ("" is {}) by the engine's table; engine NULL: only what all engines have in
 * common. What cannot be read is a problem and counts as not given. */
void attributes_read(struct attributes *ret_attributes, const struct engine *engine,
                     struct str json, struct problems *problems);

/* As described above; 0 if no identity attribute is given. */
int64_t attributes_derive_id(const struct engine *engine, const char *packed);

#endif
