/*
 * fake_wire.h: one connection of the fake engine, plain or TLS, blocking. Private to
 * support/fake_*.c. Every function returns false once the peer has gone or the engine stops.
 */
#ifndef TS_TESTS_FAKE_WIRE_H
#define TS_TESTS_FAKE_WIRE_H

#include <openssl/ssl.h>

#include "support/fake_engine.h"

struct fake_wire {
    int fd;
    SSL *ssl;    /* NULL: plain */
    int stop_fd; /* becomes readable when the engine stops */
};

bool fake_wire_accept_tls(struct fake_wire *wire, SSL_CTX *tls);
bool fake_wire_read(struct fake_wire *wire, char *bytes, size_t size, size_t *ret_len);
bool fake_wire_write(struct fake_wire *wire, const char *bytes, size_t len);
bool fake_wire_sleep(struct fake_wire *wire, uint32_t ms);
bool fake_wire_wait_gone(struct fake_wire *wire);

/* A server context with a fresh self-signed certificate, which is also written to `ca_file`.
 * Ends the process with a message on failure. */
SSL_CTX *fake_tls_new(const char *ca_file);

/* Answers one request; false: the connection is to be closed (*ret_reset: with a RST). */
bool fake_reply_send(struct fake_wire *wire, const struct fake_step *step, bool *ret_reset);

#endif
