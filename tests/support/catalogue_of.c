/* catalogue_of.c: rows of a test through the real reader. */
#include "support/catalogue_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/unit.h"

struct catalogue *catalogue_of(const char *rows)
{
    char path[] = "/tmp/teesheet-test-XXXXXX.csv";
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fprintf(file,
                        "id,timezone,engine,engine_attributes,booking_window_days,"
                        "booking_opens_at\n%s",
                        rows) > 0);
    assert_int_equal(fclose(file), 0);
    struct catalogue_config config = { .path = path };
    struct catalogue *catalogue = NULL;
    struct error error = { 0 };
    ts_err err = catalogue_load(&config, &catalogue, &error);
    (void)unlink(path);
    if (err)
        fail_msg("%s", error.text);
    return catalogue;
}
