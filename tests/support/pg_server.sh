#!/bin/bash
# pg_server.sh: a real PostgreSQL for tests, in a temporary folder, thrown away at the end.
#
#   start DIR [tls] [pooler]  initdb and start; DIR keeps the state. Unix socket only, unless tls:
#                             then 127.0.0.1, TLS and password demanded (CA made at run time);
#                             tls@ADDRESS: there instead, for those whose network it is in.
#                             pooler: pgbouncer in transaction mode in front (Unix socket).
#                             What is lacking is written down (see lacks); that is no failure.
#   stop DIR                  stop everything and delete it
#   lacks DIR                 prints what start could not find (nothing: all is there)
#   url DIR [socket|pooler|tls|ca]  connection URL (ca: path of the CA's certificate)
#   psql DIR SQL [DATABASE]   runs SQL as superuser, prints the bare rows
#   down DIR | up DIR         stop (as a crash would) and start again the server alone
#   restart DIR [SECONDS]     down, wait, up
#   demote DIR | promote DIR  a crash, after which it is a standby that can only be read; a primary again
#   kill-backend DIR          ends the sessions of the program under test; prints how many
#   pause DIR | resume DIR    SIGSTOP and SIGCONT to the server and all its sessions
#   kill-pooler DIR [SECONDS] kill -9 to the pooler, and a new one SECONDS later
set -eu

command=$1
dir=$2
state=$dir/state
password=sesame-17

as_owner() {
    # initdb refuses root.
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

find_bin() {
    local candidate
    for candidate in "${TS_PG_BIN:-}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
        "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -n "$candidate" ] && [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
            bin=$candidate
        fi
    done
}

lack() {
    mkdir -p "$dir"
    echo "lacks='$1'" >"$state"
    echo "pg_server: lacks $1"
    exit 0
}

make_certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=teesheet test CA' \
        -keyout "$base/ca.key" -out "$base/ca.crt" 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj '/CN=db.test' \
        -keyout "$base/server.key" -out "$base/server.csr" 2>/dev/null
    openssl x509 -req -in "$base/server.csr" -CA "$base/ca.crt" -CAkey "$base/ca.key" \
        -CAcreateserial -days 2 -extfile <(echo 'subjectAltName=DNS:db.test,IP:127.0.0.1') \
        -out "$base/server.crt" 2>/dev/null
    chmod 600 "$base/server.key"
}

configure() {
    cat >>"$base/data/postgresql.conf" <<CONF
unix_socket_directories = '$base'
listen_addresses = ''
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 50
max_wal_size = 256MB
autovacuum = off
log_line_prefix = '%m [%p] %a '
CONF
    if [ "$tls" = 1 ]; then
        cat >>"$base/data/postgresql.conf" <<CONF
listen_addresses = '$address'
ssl = on
ssl_cert_file = '$base/server.crt'
ssl_key_file = '$base/server.key'
CONF
        cat >"$base/data/pg_hba.conf" <<CONF
local all all trust
hostssl all all samenet scram-sha-256
CONF
    fi
}

start_server() {
    as_owner "$bin/pg_ctl" -D "$base/data" -l "$base/server.log" -w -t 30 -o "-p $port" start \
        >/dev/null 2>&1 </dev/null
}

start_pooler() {
    cat >"$base/pgbouncer.ini" <<CONF
[databases]
* = host=$base port=$port
[pgbouncer]
listen_addr =
listen_port = 6543
unix_socket_dir = $base
auth_type = trust
auth_file = $base/users.txt
pool_mode = transaction
default_pool_size = 4
max_client_conn = 100
server_reset_query =
server_login_retry = 1
ignore_startup_parameters =
logfile = $base/pgbouncer.log
pidfile = $base/pgbouncer.pid
CONF
    echo '"teesheet" ""' >"$base/users.txt"
    as_owner "$pgbouncer" -q -d "$base/pgbouncer.ini" >/dev/null 2>&1 </dev/null
    for _ in $(seq 50); do
        if [ -S "$base/.s.PGSQL.6543" ]; then return 0; fi
        sleep 0.1
    done
    echo "pg_server: pgbouncer did not start:" >&2
    cat "$base/pgbouncer.log" >&2
    exit 1
}

run_sql() {
    PGOPTIONS='-c client_min_messages=warning' "$bin/psql" -X -A -t -q -v ON_ERROR_STOP=1 -h "$base" -p "$port" -U postgres \
        -d "${2:-postgres}" -c "$1"
}

start() {
    tls=0 address=127.0.0.1 pooler=0 bin='' pgbouncer=''
    shift 2
    for word in "$@"; do
        case $word in tls) tls=1 ;; tls@*) tls=1 address=${word#tls@} ;; pooler) pooler=1 ;; *) exit 64 ;; esac
    done
    find_bin
    if [ -z "$bin" ]; then lack 'the PostgreSQL server (initdb, pg_ctl)'; fi
    if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then lack 'a user postgres'; fi
    if [ "$tls" = 1 ] && ! command -v openssl >/dev/null; then lack openssl; fi
    pgbouncer=$(command -v pgbouncer || ls /usr/sbin/pgbouncer 2>/dev/null || true)
    if [ "$pooler" = 1 ] && [ -z "$pgbouncer" ]; then lack pgbouncer; fi

    if [ -e "$state" ]; then "$0" stop "$dir"; fi
    # Short: a socket's path has 107 bytes at the most.
    base=$(mktemp -d /tmp/tspg.XXXXXX)
    chmod 755 "$base"
    if [ "$tls" = 1 ]; then make_certificates; fi
    if [ "$(id -u)" = 0 ]; then chown -R postgres: "$base"; fi
    as_owner "$bin/initdb" -D "$base/data" -U postgres -A trust -N -E UTF8 --locale=C.UTF-8 \
        --no-instructions >"$base.initdb" 2>&1 </dev/null || { cat "$base.initdb" >&2; exit 1; }
    rm -f "$base.initdb"
    configure
    # With TCP a free port has to be guessed; without, the number only names the socket.
    port=5432
    for attempt in 1 2 3 4 5; do
        if [ "$tls" = 1 ]; then port=$(shuf -i 20000-59999 -n 1); fi
        if start_server; then break; fi
        if [ "$attempt" = 5 ]; then cat "$base/server.log" >&2; exit 1; fi
    done
    mkdir -p "$dir"
    cat >"$state" <<STATE
lacks=
base='$base'
bin='$bin'
port=$port
tls=$tls
address=$address
pooler=$pooler
pgbouncer='$pgbouncer'
STATE
    run_sql "create role teesheet login password '$password'"
    run_sql 'create database teesheet owner teesheet'
    if [ "$pooler" = 1 ]; then start_pooler; fi
}

load() {
    lacks=
    # shellcheck disable=SC1090
    . "$state"
    if [ -n "$lacks" ] && [ "$command" != lacks ] && [ "$command" != stop ]; then
        echo "pg_server: lacks $lacks" >&2
        exit 77
    fi
}

server_pids() {
    local postmaster
    postmaster=$(head -1 "$base/data/postmaster.pid")
    echo "$postmaster" "$(pgrep -P "$postmaster" | tr '\n' ' ')"
}

signal_server() {
    # shellcheck disable=SC2046
    kill -"$1" $(server_pids)
}

stop_all() {
    if [ -z "$lacks" ]; then
        if [ -f "$base/pgbouncer.pid" ]; then
            kill "$(cat "$base/pgbouncer.pid")" || true
        fi
        if [ -f "$base/data/postmaster.pid" ]; then
            signal_server CONT 2>/dev/null || true
            as_owner "$bin/pg_ctl" -D "$base/data" -m immediate stop >/dev/null 2>&1 || true
        fi
        rm -rf "$base"
    fi
    rm -f "$state"
}

print_url() {
    case ${1:-socket} in
    socket) echo "postgresql://teesheet@/teesheet?host=$base&port=$port" ;;
    pooler) echo "postgresql://teesheet@/teesheet?host=$base&port=6543&pgbouncer=true" ;;
    tls) echo "postgresql://teesheet:$password@db.test:$port/teesheet?hostaddr=$address" ;;
    ca) echo "$base/ca.crt" ;;
    *) exit 64 ;;
    esac
}

if [ "$command" = start ]; then
    start "$@"
    exit 0
fi
if [ ! -e "$state" ]; then
    if [ "$command" = stop ]; then exit 0; fi
    echo "pg_server: nothing was started in $dir" >&2
    exit 1
fi
load
case $command in
stop) stop_all ;;
lacks) echo "$lacks" ;;
url) print_url "${3:-socket}" ;;
psql) run_sql "$3" "${4:-teesheet}" ;;
down) as_owner "$bin/pg_ctl" -D "$base/data" -m immediate stop >/dev/null ;;
up) start_server ;;
restart)
    as_owner "$bin/pg_ctl" -D "$base/data" -m immediate stop >/dev/null
    sleep "${3:-0}"
    start_server
    ;;
demote)
    as_owner "$bin/pg_ctl" -D "$base/data" -m immediate stop >/dev/null
    as_owner touch "$base/data/standby.signal"
    start_server
    ;;
promote) as_owner "$bin/pg_ctl" -D "$base/data" -w promote >/dev/null ;;
kill-backend)
    run_sql "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where usename = 'teesheet' and pid <> pg_backend_pid()"
    ;;
pause) signal_server STOP ;;
resume) signal_server CONT ;;
kill-pooler)
    kill -KILL "$(cat "$base/pgbouncer.pid")"
    rm -f "$base/pgbouncer.pid" "$base/.s.PGSQL.6543"*
    sleep "${3:-0}"
    start_pooler
    ;;
*) echo "pg_server: unknown command $command" >&2 && exit 64 ;;
esac
