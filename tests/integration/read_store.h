/*
 * read_store.h: the store that test_cmd_read asks: five courses in three zones, looked at
 * around READ_NOW, filled through store_upsert.
 */
#ifndef TS_TESTS_READ_STORE_H
#define TS_TESTS_READ_STORE_H

/* Friday 23:30 in Regina, Saturday 00:30 in New York, Saturday 18:30 in Auckland. */
#define READ_NOW "2026-12-05T05:30:00Z"
/* Saturday 00:30 in Regina too. */
#define READ_LATER "2026-12-05T06:30:00Z"

/*
 * Course            zone      place           2026-12-04          2026-12-05         later
 * 11 Elm            Regina    50.45,-104.62   20:00 (past) 23:50  08:00 08:10 12:00  6th none
 * open 7th blocked 12 Elm-Creek      Regina    50.40,-105.53                       10:00 13th
 * no release 13 Kauri          Auckland  -36.85,174.76                       19:00 6th 09:00 14
 * Quay           New York                                      07:00              6th held 15
 * Gone, inactive Regina                                        09:00 Regions: North (n-1) 11
 * and 12, South 13, East 14, Old 15. All windows: 7 days from 06:00.
 */
void read_store_fill(const char *url, const char *schema);

#endif
