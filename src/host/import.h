/*
 * import.h: the catalogue of a sweep: from a file (and into the store), or from the store.
 */
#ifndef TS_HOST_IMPORT_H
#define TS_HOST_IMPORT_H

#include "catalogue/catalogue.h"
#include "store/store.h"

struct courses_import;

struct import_config {
    /* Its path NULL: the store's rows. Its callbacks are import's own. */
    struct catalogue_config catalogue;
    struct store *store; /* NULL: nothing is imported */
    bool strict;         /* any problem refuses the whole */
    /* Not NULL: on success the rows' transaction stays open there, for import_commit or
     * courses_import_abandon (its store NULL: there is none). */
    struct courses_import *left_open;
};

/* Loads the catalogue; problems are logged, the first ones with their place. With a store and a
 * path the rows are imported in one transaction, or not at all on failure. */
TS_MUST_USE ts_err import_catalogue(const struct import_config *config,
                                    struct catalogue **ret_catalogue, struct error *reterr);

/* courses_import_end, and says how many courses the file did not have any more. */
TS_MUST_USE ts_err import_commit(struct courses_import *courses, struct error *reterr);

#endif
