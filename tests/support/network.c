/* network.c: unshare(2), and ip(8) for all else. */
#include "support/network.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

#define NSENTER "/usr/bin/nsenter"

static bool lacks(const char *what)
{
    print_message("SKIPPED: this machine lacks %s\n", what);
    return false;
}

static void run(const char *command)
{
    int status = system(command);
    if (status != 0)
        fail_msg("%s: status %d", command, status);
}

static void keep_far_namespace(int ready)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || unshare(CLONE_NEWNET) != 0 ||
        write(ready, "x", 1) != 1)
        _exit(1);
    for (;;)
        (void)pause();
}

static void start_far(struct network *network)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    network->far = fork();
    assert_true(network->far >= 0);
    if (network->far == 0)
        keep_far_namespace(ready[1]);
    assert_int_equal(close(ready[1]), 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(close(ready[0]), 0);
}

bool network_begin(struct network *network)
{
    if (system("command -v ip >/dev/null") != 0)
        return lacks("ip (iproute2)");
    if (access(NSENTER, X_OK) != 0)
        return lacks(NSENTER);
    if (unshare(CLONE_NEWNET) != 0)
        return lacks(errno == EPERM ? "the right to make network namespaces (root)"
                                    : "network namespaces");
    run("ip link set lo up");
    *network = (struct network){ .far = 0 };
    start_far(network);
    (void)snprintf(network->far_text, sizeof(network->far_text), "%d", (int)network->far);
    const char *const launchers[NETWORK_LAUNCHERS] = { NSENTER, "-n", "-t", network->far_text };
    memcpy(network->launchers, launchers, sizeof(launchers));
    return true;
}

void network_end(struct network *network)
{
    (void)kill(network->far, SIGKILL);
    (void)waitpid(network->far, NULL, 0);
}

void network_link(const struct network *network, const char *name, const char *near_address,
                  const char *far_address)
{
    char command[800];
    (void)snprintf(command, sizeof(command),
                   "set -e; ip link add %s type veth peer name %s-far netns %s; "
                   "ip addr add %s/30 dev %s; ip link set %s up; "
                   "far() { " NSENTER " -n -t %s ip \"$@\"; }; "
                   "far addr add %s/30 dev %s-far; far link set %s-far up",
                   name, name, network->far_text, near_address, name, name, network->far_text,
                   far_address, name, name);
    run(command);
}

static void set_link(const char *name, const char *state)
{
    char command[100];
    (void)snprintf(command, sizeof(command), "ip link set %s %s", name, state);
    run(command);
}

void network_cut(const char *name)
{
    set_link(name, "down");
}

void network_mend(const char *name)
{
    set_link(name, "up");
}

long long network_received(const char *name)
{
    char line[300], label[40];
    long long bytes = -1;
    FILE *devices = fopen("/proc/self/net/dev", "re");
    assert_non_null(devices);
    (void)snprintf(label, sizeof(label), "%s:", name);
    while (bytes < 0 && fgets(line, sizeof(line), devices)) {
        const char *at = strstr(line, label);
        bytes = at ? strtoll(at + strlen(label), NULL, 10) : -1;
    }
    assert_int_equal(fclose(devices), 0);
    assert_true(bytes >= 0);
    return bytes;
}
