/*
 * set_aside.h: tee sheets that the database refused, as JSON Lines: nothing of them is lost.
 */
#ifndef TS_HOST_SET_ASIDE_H
#define TS_HOST_SET_ASIDE_H

#include <stdio.h>

#include "base/err.h"
#include "domain/tee_sheet.h"

/* One line: course_id, play_date, outcome, checked_at, reason, tee_times[…]; flushed. Writer
 * thread. */
void set_aside_write(FILE *out, const struct tee_sheet *sheet, const struct error *reason);

#endif
