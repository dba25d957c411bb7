/*
 * membersports.h: one start in MemberSports' replies. Private to the adapter.
 */
#ifndef TS_ENGINE_MEMBERSPORTS_H
#define TS_ENGINE_MEMBERSPORTS_H

#include "engine/adapter.h"

#define MEMBERSPORTS_MINUTE_MAX (24 * 60 - 1)

/* One start of one course. */
struct membersports_item {
    int64_t id;
    int32_t minute, club_id, course_id;
    char name[ENGINE_TEXT_MAX + 1];
    int32_t price;
    uint8_t course_holes, players, back_nine_players, players_min;
    bool is_back_nine, is_hidden, is_refused, allows_singles;
};

/* Reads the next value, an item of this minute. False: it cannot be read, for ret_fault; what
 * could is in *item. */
bool membersports_read_item(struct json *json, int32_t minute, struct membersports_item *item,
                            struct engine_fault *ret_fault);

/* Whether a course's name is of a nine. */
bool membersports_says_nine(struct str name);

/* The party sizes that may book; none when it is full. */
uint8_t membersports_party_sizes(const struct membersports_item *item);

#endif
