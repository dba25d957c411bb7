#!/bin/sh
# test_pid1.sh BUILD: `teesheet collect` as PID 1 of a namespace, as in a container without an init: it leaves no zombie of
# what others start beside it (a health check's children), and SIGTERM drains it. Needs root; skipped without.
set -eu
build=$(realpath "$1")
stage=$(mktemp -d)
sim='' sweep=''
trap 'kill $sim $sweep 2>/dev/null || true; wait; rm -rf "$stage"' EXIT
fail() {
    echo "test_pid1: $1" >&2
    cat "$stage/err" >&2
    exit 1
}
unshare --pid --fork --mount-proc true 2>/dev/null || { echo "skipped: no right to make PID namespaces here"; exit 77; }
"$build/teesheet-sim" --courses 100 --catalogue="$stage/courses.csv"
"$build/teesheet-sim" --courses 100 --latency 100 --port-file "$stage/port" >/dev/null &
sim=$!
for _ in $(seq 100); do [ -s "$stage/port" ] && break; sleep 0.1; done
unshare --pid --fork --kill-child --mount-proc "$build/teesheet" collect --courses "$stage/courses.csv" --store "sqlite:$stage/teesheet.db" \
    --engine-url "chronogolf=http://127.0.0.1:$(cat "$stage/port")" --host-gap 0 --days 7 --batch-size 5 --progress off >/dev/null 2>"$stage/err" &
sweep=$!
for _ in $(seq 300); do
    grep -q 'Batch 1/.* completed' "$stage/err" && break
    sleep 0.1
done
one=$(pgrep -P "$sweep") || fail "no sweep runs"
# An orphan: its parent ends at once, and PID 1 inherits it.
nsenter -t "$one" -p -m sh -c 'sleep 5 & :'
orphans() {
    pgrep -P "$one" | wc -l
}
[ "$(orphans)" = 1 ] || fail "the orphan is not the sweep's child"
for _ in $(seq 200); do
    [ "$(orphans)" = 0 ] && break
    sleep 0.1
done
[ "$(orphans)" = 0 ] || fail "a zombie is left: $(ps -o pid,stat,comm --ppid "$one" | tail -1)"
kill -TERM "$one"
code=0
wait "$sweep" || code=$?
[ "$code" = 4 ] || fail "exit code $code after SIGTERM, not 4"
kept=$("$build/teesheet" runs --store "sqlite:$stage/teesheet.db" --format csv | wc -l)
[ "$kept" -gt 1 ] || fail "the run is not recorded"
echo "as PID 1: no zombie, SIGTERM exits 4"
