/* exit.c: how a command ends. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "domain/exits.h"
#include "view/text.h"

int cmd_exit(const char *command, ts_err err, const struct error *error, int good)
{
    if (!err)
        return good;
    char storage[sizeof(error->text)];
    struct buf text = buf_over(storage, sizeof(storage));
    text_put_clean(&text, str_of(error->text)); /* it may quote names of the store */
    (void)fflush(stdout);
    (void)fprintf(stderr, "teesheet: %s: %s\n", command, storage);
    return err == TS_ERR_USAGE ? EXIT_USAGE : EXIT_NO_START;
}
