"""servers.py: what bench/run measures against, and how it counts what a program costs."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PG_SERVER = f"{HERE}/../tests/support/pg_server.sh"
TICK = os.sysconf("SC_CLK_TCK")


class Servers:
    """nginx and PostgreSQL, both without privileges; everything in one temporary folder."""

    def __init__(self, folder, first_date, days):
        self.folder, self.nginx, self.pg_url, self.pg_pid = folder, None, None, None
        self.ports = [free_port(), free_port()]
        self.bodies = output([f"{HERE}/make-bodies", f"{folder}/bodies", first_date, str(days)])

    def start_nginx(self):
        prefix = f"{self.folder}/nginx"
        os.mkdir(prefix)
        with open(f"{HERE}/nginx.conf.in") as file:
            text = file.read()
        for word, value in (("PORT", self.ports[0]), ("PORT_GZIP", self.ports[1]),
                            ("BODIES", f"{self.folder}/bodies")):
            text = text.replace(f"@{word}@", str(value))
        with open(f"{prefix}/nginx.conf", "w") as file:
            file.write(text)
        user = {}
        if os.getuid() == 0:
            user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(prefix, "nobody", "nogroup")
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        self.nginx = subprocess.Popen([program, "-e", "stderr", "-p", prefix, "-c",
                                       f"{prefix}/nginx.conf"], **user)
        for port in self.ports:
            await_port(port)

    def start_postgres(self):
        state = f"{self.folder}/pg"
        subprocess.run([PG_SERVER, "start", state], check=True, stdout=sys.stderr)
        if output([PG_SERVER, "lacks", state]):
            return
        self.pg_url = output([PG_SERVER, "url", state])
        base = re.search("host=([^&]*)", self.pg_url).group(1)
        with open(f"{base}/data/postmaster.pid") as file:
            self.pg_pid = int(file.readline())

    def empty_postgres(self):
        output([PG_SERVER, "psql", f"{self.folder}/pg", "drop schema if exists teesheet cascade"])

    def stop(self):
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()
        subprocess.run([PG_SERVER, "stop", f"{self.folder}/pg"], check=False)

    def url(self, is_gzip):
        return f"http://127.0.0.1:{self.ports[is_gzip]}"

    def seconds(self):
        """CPU time that nginx and PostgreSQL have used so far."""
        return tree_seconds(self.nginx.pid), tree_seconds(self.pg_pid) if self.pg_pid else 0.0


def output(argv):
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode().strip()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def await_port(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("bench: nginx did not start")


def tree_seconds(pid):
    """CPU time of pid, of its children, and of those it has waited for (in ticks, 10 ms)."""
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rpartition(")")[2].split()
    seconds = (int(words[13]) + int(words[14])) / TICK
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        pids = [str(pid)] + file.read().split()
    for process in pids:
        try:
            with open(f"/proc/{process}/schedstat") as file:
                seconds += int(file.read().split()[0]) / 1e9
        except OSError:
            pass  # it ended just now
    return seconds


def machine_seconds():
    """Busy time of all CPUs so far, and the time that a hypervisor took away."""
    with open("/proc/stat") as file:
        words = [int(word) / TICK for word in file.readline().split()[1:9]]
    return sum(words) - words[3] - words[4]


def run_to_end(argv, out, err):
    """Exit code and resources of argv; whatever ends this program ends it too."""
    child = subprocess.Popen(argv, stdout=out, stderr=err, start_new_session=True)
    try:
        _, status, usage = os.wait4(child.pid, 0)
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage


def measure(argv, servers):
    """Runs argv to its end: what it printed, and what it cost as the kernel counts it."""
    # Started from here its peak memory would never be less than this Python's, which the kernel
    # lets a child inherit; time(1) is small. Its own CPU time, 1 ms, is counted.
    rss = f"{servers.folder}/rss"
    timed = ["/usr/bin/time", "-q", "-f", "%M", "-o", rss] + argv
    nginx, pg = servers.seconds()
    with open(f"{servers.folder}/out", "w+") as out, open(f"{servers.folder}/err", "w+") as err:
        machine, start = machine_seconds(), time.monotonic()
        code, usage = run_to_end(timed, out, err)
        wall = time.monotonic() - start
        machine = machine_seconds() - machine
        out.seek(0)
        err.seek(0)
        printed = out.read()
        if code != 0:
            sys.exit(f"bench: {' '.join(argv)}\nexit {code}\n{printed}{err.read()}")
    time.sleep(0.2)  # the database's session ends
    nginx_after, pg_after = servers.seconds()
    with open(rss) as file:
        cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                "rss": int(file.read()) / 1024, "nginx": nginx_after - nginx, "pg": pg_after - pg}
    cost["others"] = max(0, machine - cost["cpu"] - cost["nginx"] - cost["pg"])
    return printed, cost
