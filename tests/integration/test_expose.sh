#!/bin/bash
# test_expose.sh SOURCE BUILD: deploy/postgres/expose.sql on a real PostgreSQL: a collector without DDL sweeps, the
# anonymous role reads what it may (no closed tee time, no inactive course, no runs) and writes nothing.
set -eu
source=$1 build=$2
server=$source/tests/support/pg_server.sh
stage=$(mktemp -d)
dir=$stage/pg
sim=
trap '[ -z "$sim" ] || kill $sim; "$server" stop "$dir"; rm -rf "$stage"' EXIT
"$server" start "$dir" >/dev/null
lacks=$("$server" lacks "$dir")
[ -z "$lacks" ] || { echo "skipped: lacks $lacks"; exit 77; }
fail() {
    echo "test_expose: $1" >&2
    exit 1
}
url=$("$server" url "$dir")
as() { # ROLE SQL
    psql -X -A -t -q -v ON_ERROR_STOP=1 "${url/teesheet@/$1@}" -c "$2" 2>&1
}
refused() {
    if out=$(as anon "$1"); then fail "allowed: $1"; fi
    [[ $out == *"permission denied"* || $out == *"cannot update view"* ]] || fail "$1: $out"
}
"$server" psql "$dir" "create role anon login; create role collector login bypassrls"
"$build/teesheet" store migrate --store "$url" >/dev/null
"$server" psql "$dir" "grant usage on schema teesheet to collector;
  grant select, insert, update, delete on all tables in schema teesheet to collector;
  alter default privileges for role teesheet grant all on tables to anon; grant all on all tables in schema teesheet to anon"
for time in 1 2; do
    psql -X -q -v ON_ERROR_STOP=1 -f "$source/deploy/postgres/expose.sql" "$url" >/dev/null || fail "expose.sql, time $time"
done

now=$(date -u +%Y-%m-%dT12:00:00Z)
"$build/teesheet-sim" --courses 5 --now "$now" --catalogue="$stage/courses.csv"
"$build/teesheet-sim" --courses 5 --now "$now" --port-file "$stage/port" >/dev/null &
sim=$!
for _ in $(seq 100); do [ -s "$stage/port" ] && break; sleep 0.05; done
"$build/teesheet" collect --no-migrate --store "${url/teesheet@/collector@}" --courses "$stage/courses.csv" --days 3 \
    --now "$now" --engine-url "chronogolf=http://127.0.0.1:$(cat "$stage/port")" --host-gap 0 --quiet ||
    fail "the collector without DDL: exit code $?"
as collector 'create table teesheet.mine ()' | grep -q 'permission denied' || fail "the collector has DDL"

all=$("$server" psql "$dir" 'select count(*) from teesheet.tee_times')
[ "$all" -gt 0 ] || fail "nothing was collected"
[ "$(as anon 'select count(*) from teesheet.tee_time_list')" = "$all" ] || fail "anon reads not all that is open"
as anon 'select * from teesheet.open_tee_times limit 1; select * from teesheet.course_dates limit 1' >/dev/null || fail "views"
"$server" psql "$dir" "update teesheet.tee_times set closed_at = now() where course_id = (select min(course_id) from teesheet.tee_times)"
[ "$(as anon 'select count(*) from teesheet.tee_times where closed_at is not null')" = 0 ] || fail "anon sees what is closed"
[ "$(as anon 'select count(*) from teesheet.tee_times')" -lt "$all" ] || fail "nothing was hidden"
"$server" psql "$dir" 'update teesheet.courses set active = false'
[ "$(as anon 'select count(id) from teesheet.courses')" = 0 ] || fail "anon sees inactive courses"
for table in runs leases hosts tee_time_events teesheet_schema; do
    refused "select * from teesheet.$table"
done
refused 'select engine_attributes from teesheet.courses'
for table in courses tee_sheets tee_times tee_time_events runs leases hosts; do
    refused "delete from teesheet.$table"
    refused "insert into teesheet.$table default values"
done
refused 'update teesheet.tee_times set price_cents = 0'
refused 'update teesheet.open_tee_times set price_cents = 0'
refused 'create table teesheet.mine ()'
echo "anon: $all tee times read, nothing else"
