/*
 * network.h: two machines in one: this process in a network of its own, and a second one, the
 * far one, with links between them that can be cut: packets vanish then, nothing is refused.
 *
 * Namespaces that live as long as this process and its children; nothing is left behind. Needs
 * root, unshare, nsenter and ip.
 */
#ifndef TS_TESTS_SUPPORT_NETWORK_H
#define TS_TESTS_SUPPORT_NETWORK_H

#include <stdbool.h>
#include <sys/types.h>

#define NETWORK_LAUNCHERS 5

struct network {
    pid_t far; /* a process that does nothing but keep the far namespace */
    char far_text[16];
    const char *launchers[NETWORK_LAUNCHERS]; /* a program's arguments after these: far away */
};

/* Moves this process into a network of its own; once. False: what is lacking was printed, skip
 * the test. */
bool network_begin(struct network *network);
void network_end(struct network *network);

/* A link called `name`, at most 11 characters, with these addresses, as 10.99.1.1. */
void network_link(const struct network *network, const char *name, const char *near_address,
                  const char *far_address);
void network_cut(const char *name);
void network_mend(const char *name);

/* Bytes that came over a link from the far side so far. */
long long network_received(const char *name);

#endif
