/*
 * sanitized.h: whether this build is a sanitizer's, whose own memory is part of the process, so
 * that peak RSS says nothing.
 */
#ifndef TS_TESTS_E2E_SANITIZED_H
#define TS_TESTS_E2E_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TS_SANITIZED true
#endif
#endif

#ifndef TS_SANITIZED
#define TS_SANITIZED false
#endif

#endif
