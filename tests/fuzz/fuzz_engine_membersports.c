/* fuzz_engine_membersports.c: MemberSports on any reply, for one course of a club or for two
 * and all of it (by the length's last bit); see support/fuzz_engine.h for the input. */
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

/* golf_club_id, golf_course_id, config_type. */
static const char first[] = "71\0"
                            "801\0"
                            "0\0";
static const char second[] = "71\0"
                             "802\0"
                             "0\0";
static const char all[] = "71\0"
                          "0\0"
                          "0\0";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const rows[] = { first, second, all };
    fuzz_engine_play("membersports", rows, size % 2 ? 3 : 1, data, size);
    return 0;
}
