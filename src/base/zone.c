/* zone.c: the rules of one time zone: a table from its TZif file (RFC 8536, version 2 or
 * later), and the POSIX TZ rule of its footer for what comes after the table. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/day.h"
#include "base/mem.h"
#include "base/zone_rule.h"

#define ZONE_FOLDER_DEFAULT "/usr/share/zoneinfo"
#define ZONE_NAME_MAX       63
#define ZONE_FILE_MAX       65536
#define HEADER_BYTES        44
#define DAY_SECONDS         86400
/* No offset is larger (RFC 8536 §3.2: -24:59:59 to +25:59:59). */
#define OFFSET_MAX_SECONDS (26 * 3600)

struct zone_type {
    int32_t offset;
    uint8_t abbreviation; /* position in the zone's abbreviations */
};

/* Instants before 1970 are of no use here: their transitions are not kept. */
struct zone {
    char name[ZONE_NAME_MAX + 1];
    struct zone_rule rule; /* from the last transition on, if it has one */
    uint32_t bytes;        /* of all of it */
    uint32_t transitions_count;
    uint8_t first_type; /* before the first transition */
    int64_t *transitions;
    struct zone_type *types;
    uint8_t *transition_types;
    char *abbreviations;
};

/* The counts of a TZif header, in the order of the data block. */
struct tzif {
    const unsigned char *start;
    size_t transitions, types, abbreviation_bytes, leaps, standard_flags, universal_flags;
    size_t time_bytes;
    unsigned char version;
};

/* A stretch of time with one offset. */
struct period {
    int32_t offset;
    const char *abbreviation;
    int64_t until;
};

static int64_t read_be(const unsigned char *bytes, size_t count)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static size_t data_bytes(const struct tzif *tzif)
{
    return tzif->transitions * (tzif->time_bytes + 1) + tzif->types * 6 +
           tzif->abbreviation_bytes + tzif->leaps * (tzif->time_bytes + 4) +
           tzif->standard_flags + tzif->universal_flags;
}

/* Reads the header at *ret_rest's front and takes header and data block off it. */
static bool take_block(struct str *rest, size_t time_bytes, struct tzif *ret_tzif)
{
    if (rest->len < HEADER_BYTES || memcmp(rest->ptr, "TZif", 4) != 0)
        return false;
    const unsigned char *header = (const unsigned char *)rest->ptr;
    size_t counts[6];
    for (size_t i = 0; i < TS_COUNT_OF(counts); i++) {
        counts[i] = (size_t)read_be(header + 20 + 4 * i, 4);
        if (counts[i] > ZONE_FILE_MAX)
            return false;
    }
    struct tzif tzif = {
        .start = header + HEADER_BYTES,
        .universal_flags = counts[0],
        .standard_flags = counts[1],
        .leaps = counts[2],
        .transitions = counts[3],
        .types = counts[4],
        .abbreviation_bytes = counts[5],
        .time_bytes = time_bytes,
        .version = header[4],
    };
    size_t bytes = HEADER_BYTES + data_bytes(&tzif);
    if (bytes > rest->len)
        return false;
    rest->ptr += bytes;
    rest->len -= bytes;
    *ret_tzif = tzif;
    return true;
}

static bool transitions_fit(const struct tzif *tzif)
{
    const unsigned char *type_of = tzif->start + tzif->transitions * 8;
    for (size_t i = 0; i < tzif->transitions; i++) {
        if (type_of[i] >= tzif->types)
            return false;
        if (i > 0 && read_be(tzif->start + 8 * i, 8) <= read_be(tzif->start + 8 * (i - 1), 8))
            return false;
    }
    return true;
}

static bool types_fit(const struct tzif *tzif)
{
    const unsigned char *type = tzif->start + tzif->transitions * 9;
    for (size_t i = 0; i < tzif->types; i++, type += 6) {
        int64_t offset = read_be(type, 4);
        if (offset < -OFFSET_MAX_SECONDS || offset > OFFSET_MAX_SECONDS ||
            type[5] >= tzif->abbreviation_bytes)
            return false;
    }
    return type[tzif->abbreviation_bytes - 1] == '\0';
}

/* What the table's code relies on; leap seconds ("right/" zones) are not Unix time. */
static bool block_fits(const struct tzif *tzif)
{
    return tzif->types > 0 && tzif->types <= 255 && tzif->abbreviation_bytes > 0 &&
           tzif->abbreviation_bytes <= 255 && tzif->leaps == 0 && transitions_fit(tzif) &&
           types_fit(tzif);
}

/* One piece of memory: the zone, then its arrays by falling alignment. */
static struct zone *zone_alloc(const struct tzif *tzif, size_t skipped)
{
    size_t kept = tzif->transitions - skipped;
    size_t bytes = sizeof(struct zone) + kept * sizeof(int64_t) +
                   tzif->types * sizeof(struct zone_type) + kept + tzif->abbreviation_bytes;
    char *memory = mem_alloc(1, bytes);
    if (!memory)
        return NULL;
    struct zone *zone = (struct zone *)(void *)memory;
    zone->bytes = (uint32_t)bytes;
    zone->transitions_count = (uint32_t)kept;
    zone->transitions = (int64_t *)(void *)(memory + sizeof(struct zone));
    zone->types = (struct zone_type *)(void *)(zone->transitions + kept);
    zone->transition_types = (uint8_t *)(zone->types + tzif->types);
    zone->abbreviations = (char *)(zone->transition_types + kept);
    return zone;
}

static struct zone *zone_from_block(const struct tzif *tzif)
{
    const unsigned char *type_of = tzif->start + tzif->transitions * 8;
    size_t skipped = 0;
    while (skipped < tzif->transitions && read_be(tzif->start + 8 * skipped, 8) < 0)
        skipped++;
    struct zone *zone = zone_alloc(tzif, skipped);
    if (!zone)
        return NULL;
    zone->first_type = skipped > 0 ? type_of[skipped - 1] : 0;
    for (size_t i = 0; i < zone->transitions_count; i++) {
        zone->transitions[i] = read_be(tzif->start + 8 * (i + skipped), 8);
        zone->transition_types[i] = type_of[i + skipped];
    }
    const unsigned char *type = type_of + tzif->transitions;
    for (size_t i = 0; i < tzif->types; i++, type += 6)
        zone->types[i] =
            (struct zone_type){ .offset = (int32_t)read_be(type, 4), .abbreviation = type[5] };
    memcpy(zone->abbreviations, type, tzif->abbreviation_bytes);
    return zone;
}

/* The footer stands between two newlines; it may be empty. */
static bool read_footer(struct str rest, struct zone_rule *ret_rule)
{
    if (rest.len < 2 || rest.ptr[0] != '\n')
        return false;
    const char *end = memchr(rest.ptr + 1, '\n', rest.len - 1);
    if (!end)
        return false;
    struct str footer = { rest.ptr + 1, (size_t)(end - rest.ptr) - 1 };
    return footer.len == 0 || zone_rule_parse(footer, ret_rule);
}

static ts_err zone_from_file(struct str file, struct zone **ret_zone)
{
    struct tzif first, second;
    struct zone_rule rule = { .has_standard = false };
    struct str rest = file;
    /* The second block repeats the first with 64-bit instants. */
    if (!take_block(&rest, 4, &first) || first.version < '2' || !take_block(&rest, 8, &second))
        return TS_ERR_IO;
    if (!block_fits(&second) || !read_footer(rest, &rule))
        return TS_ERR_IO;
    struct zone *zone = zone_from_block(&second);
    if (!zone)
        return TS_ERR_NOMEM;
    zone->rule = rule;
    *ret_zone = zone;
    return TS_ERR_OK;
}

/* Letters, digits and "_+-" in parts divided by single slashes: nothing that leaves the
 * folder. */
static bool name_allowed(struct str name)
{
    if (name.len == 0 || name.len > ZONE_NAME_MAX)
        return false;
    char before = '/';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '/' ? before == '/' : !isalnum((unsigned char)c) && !memchr("_+-", c, 3))
            return false;
        before = c;
    }
    return before != '/';
}

/* Reads until the end of the file or of storage. */
static ssize_t read_all(int fd, char *storage, size_t cap)
{
    size_t len = 0;
    while (len < cap) {
        ssize_t got = read(fd, storage + len, cap - len);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

/* Reads a regular file that is shorter than `cap`, whole. */
static ts_err read_file(const char *path, char *storage, size_t cap, struct str *ret_file)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return TS_ERR_NOT_FOUND;
    /* The process lacks something, not the file. */
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
        return TS_ERR_NOMEM;
    if (fd < 0)
        return TS_ERR_IO;
    struct stat status;
    bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    ssize_t len = regular ? read_all(fd, storage, cap) : 0;
    (void)close(fd);
    if (!regular)
        return TS_ERR_NOT_FOUND;
    if (len < 0 || (size_t)len == cap)
        return TS_ERR_IO;
    *ret_file = (struct str){ storage, (size_t)len };
    return TS_ERR_OK;
}

static ts_err report(ts_err err, struct str name, const char *folder, struct error *reterr)
{
    if (err == TS_ERR_NOMEM)
        return error_set(reterr, err, "no memory or descriptor for a time zone");
    if (err == TS_ERR_IO)
        return error_set(reterr, err, "time zone %.*s: its file in %s is no TZif file",
                         STR_ARGS(name), folder);
    if (access(folder, X_OK) != 0)
        return error_set(reterr, err, "no time zones in %s: install tzdata, or set TZDIR",
                         folder);
    return error_set(reterr, err,
                     "unknown time zone \"%.*s\": give an IANA name as America/Denver",
                     STR_ARGS(name));
}

ts_err zone_new(struct str name, struct zone **ret_zone, struct error *reterr)
{
    const char *folder = getenv("TZDIR");
    if (!folder || folder[0] == '\0')
        folder = ZONE_FOLDER_DEFAULT;
    char path_storage[4096];
    struct buf path = buf_over(path_storage, sizeof(path_storage));
    buf_printf(&path, "%s/%.*s", folder, STR_ARGS(name));
    if (!name_allowed(name) || path.overflow)
        return report(TS_ERR_NOT_FOUND, name, folder, reterr);
    char *storage = mem_alloc(1, ZONE_FILE_MAX);
    if (!storage)
        return report(TS_ERR_NOMEM, name, folder, reterr);
    struct str file;
    struct zone *zone = NULL;
    ts_err err = read_file(path_storage, storage, ZONE_FILE_MAX, &file);
    if (err == TS_ERR_OK)
        err = zone_from_file(file, &zone);
    mem_free(storage);
    if (err != TS_ERR_OK)
        return report(err, name, folder, reterr);
    memcpy(zone->name, name.ptr, name.len);
    *ret_zone = zone;
    return TS_ERR_OK;
}

void zone_free(struct zone *zone)
{
    mem_free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

size_t zone_bytes(const struct zone *zone)
{
    return zone->bytes;
}

/* How many transitions are not after the instant. */
static uint32_t transitions_until(const struct zone *zone, int64_t unix_seconds)
{
    uint32_t low = 0, high = zone->transitions_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zone->transitions[middle] <= unix_seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct period period_at(const struct zone *zone, int64_t unix_seconds)
{
    uint32_t passed = transitions_until(zone, unix_seconds);
    if (passed == zone->transitions_count && zone->rule.has_standard) {
        struct period period;
        period.offset =
            zone_rule_offset_at(&zone->rule, unix_seconds, &period.abbreviation, &period.until);
        return period;
    }
    const struct zone_type *type =
        &zone->types[passed > 0 ? zone->transition_types[passed - 1] : zone->first_type];
    return (struct period){
        .offset = type->offset,
        .abbreviation = zone->abbreviations + type->abbreviation,
        .until = passed < zone->transitions_count ? zone->transitions[passed] : INT64_MAX,
    };
}

int32_t zone_offset_at(const struct zone *zone, int64_t unix_seconds)
{
    return period_at(zone, unix_seconds).offset;
}

const char *zone_abbreviation_at(const struct zone *zone, int64_t unix_seconds)
{
    return period_at(zone, unix_seconds).abbreviation;
}

void zone_local(const struct zone *zone, int64_t unix_seconds, int32_t *ret_date,
                uint16_t *ret_minute)
{
    int64_t local = unix_seconds + zone_offset_at(zone, unix_seconds);
    int64_t date = local / DAY_SECONDS;
    int64_t seconds = local % DAY_SECONDS;
    if (seconds < 0) {
        seconds += DAY_SECONDS;
        date--;
    }
    *ret_date = (int32_t)date;
    *ret_minute = (uint16_t)(seconds / 60);
}

int64_t zone_instant(const struct zone *zone, int32_t date, uint16_t minute)
{
    assert(minute < 1440);
    int64_t local = (int64_t)date * DAY_SECONDS + minute * 60;
    int64_t start = local - OFFSET_MAX_SECONDS;
    struct period period = period_at(zone, start);
    /* The first period that has not ended yet when its wall clock shows `local`. If it began
     * later than that, the time fell into the gap before it. */
    while (local - period.offset >= period.until) {
        start = period.until;
        period = period_at(zone, start);
    }
    int64_t instant = local - period.offset;
    return instant < start ? start : instant;
}
