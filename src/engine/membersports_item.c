/* membersports_item.c: one start in MemberSports' replies, and who may book it. */
#include "engine/membersports.h"

#define GROUP_SIZE 4

static const struct engine_field item_fields[] = {
    ENGINE_FIELD("golfClubId", REQUIRED, LOOSE_COUNT, membersports_item, club_id),
    ENGINE_FIELD("golfCourseId", REQUIRED, LOOSE_COUNT, membersports_item, course_id),
    ENGINE_FIELD("name", REQUIRED, TEXT, membersports_item, name),
    ENGINE_FIELD("teeTimeId", REQUIRED, I64, membersports_item, id),
    ENGINE_FIELD("teeTime", MAY_LACK, LOOSE_COUNT, membersports_item, minute),
    ENGINE_FIELD("price", MAY_LACK, LOOSE_CENTS, membersports_item, price),
    ENGINE_FIELD("golfCourseNumberOfHoles", MAY_LACK, SMALL, membersports_item, course_holes),
    ENGINE_FIELD("isBackNine", MAY_LACK, BOOL, membersports_item, is_back_nine),
    ENGINE_FIELD("playerCount", REQUIRED, SMALL, membersports_item, players),
    ENGINE_FIELD("backNinePlayerCount", IF_READABLE, SMALL, membersports_item,
                 back_nine_players),
    ENGINE_FIELD("minimumNumberOfPlayers", MAY_LACK, SMALL, membersports_item, players_min),
    ENGINE_FIELD("allowSinglesToBookOnline", REQUIRED, BOOL, membersports_item, allows_singles),
    ENGINE_FIELD("bookingNotAllowed", MAY_LACK, BOOL, membersports_item, is_refused),
    ENGINE_FIELD("hide", MAY_LACK, BOOL, membersports_item, is_hidden),
};

bool membersports_read_item(struct json *json, int32_t minute, struct membersports_item *item,
                            struct engine_fault *ret_fault)
{
    size_t start = json_offset(json);
    *item = (struct membersports_item){ .minute = minute, .price = TEE_TIME_PRICE_UNKNOWN };
    if (!engine_read_object(json, item_fields, TS_COUNT_OF(item_fields), item, ret_fault))
        return false;
    if (item->minute != minute || minute < 0 || minute > MEMBERSPORTS_MINUTE_MAX)
        *ret_fault = (struct engine_fault){ "teeTime", start };
    else if (!item->name[0])
        *ret_fault = (struct engine_fault){ "name", start };
    return !ret_fault->field;
}

bool membersports_says_nine(struct str name)
{
    static const char *const words[] = { "back nine", "front nine", "back 9", "front 9",
                                         "nine hole", "9 hole",     "9-hole" };
    for (size_t i = 0; i < TS_COUNT_OF(words); i++)
        if (str_contains_nocase(name, str_of(words[i])))
            return true;
    return false;
}

uint8_t membersports_party_sizes(const struct membersports_item *item)
{
    uint8_t taken = item->players, sizes;
    if (item->is_back_nine && item->back_nine_players > taken)
        taken = item->back_nine_players;
    if (taken >= GROUP_SIZE)
        return 0;
    sizes = tee_time_party_range(item->players_min > 1 ? item->players_min : 1,
                                 (unsigned)GROUP_SIZE - taken);
    if (item->allows_singles)
        return sizes | tee_time_party(1);
    return sizes & (uint8_t)~tee_time_party(1);
}
