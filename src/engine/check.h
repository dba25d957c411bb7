/*
 * check.h: the attributes of catalogue rows, as adapters check and read them. Private to
 * engine/.
 */
#ifndef TS_ENGINE_CHECK_H
#define TS_ENGINE_CHECK_H

#include "engine/engine.h"

/* What a row's attribute that is one number must be: at least min, at most INT32_MAX. */
struct engine_number {
    unsigned attribute; /* index in the engine's table */
    bool is_required;
    int64_t min;
};

/* Checks attributes by such a table. TS_ERR_CATALOGUE names the first fault and its reason. */
TS_MUST_USE ts_err engine_check_numbers(const struct course *course,
                                        const struct engine_attr *attrs,
                                        const struct engine_number *numbers, uint32_t count,
                                        struct error *reterr);

/* Checks an attribute that must be there and be one label of a host's name. TS_ERR_CATALOGUE as
 * above. */
TS_MUST_USE ts_err engine_check_label(const struct course *course,
                                      const struct engine_attr *attrs, unsigned attribute,
                                      struct error *reterr);

/* A checked attribute's number; 0 where it is not given. */
int64_t engine_attribute_number(const struct course *course, unsigned attribute);

/* A comma-separated attribute: how many items, and one of them ({NULL, 0} beyond the end). */
uint32_t engine_list_count(struct str list);
struct str engine_list_at(struct str list, uint32_t index);

#endif
