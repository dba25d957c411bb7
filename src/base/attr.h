/*
 * attr.h: the GNU attributes this project uses, under names of its own.
 */
#ifndef TS_BASE_ATTR_H
#define TS_BASE_ATTR_H

#define TS_MUST_USE                    __attribute__((warn_unused_result))
#define TS_PRINTF(text_arg, first_arg) __attribute__((format(printf, text_arg, first_arg)))
#define TS_COUNT_OF(array)             (sizeof(array) / sizeof((array)[0]))

#endif
