#!/bin/sh
# test_units.sh BUILD: the systemd units are valid and hardened (systemd-analyze; skipped without it); a fault in one, or in
# the environment file, is one clear line and harms nothing.
set -eu
build=$1
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze"; exit 77; }
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cmake --install "$build" --prefix "$stage" --component units >/dev/null
cmake --install "$build" --prefix "$stage" --component program >/dev/null
units=$stage/lib/systemd/system
fail() {
    echo "test_units: $1" >&2
    exit 1
}
# A value that it cannot read is a line, and its exit code is 0 all the same.
verify() {
    systemd-analyze verify --man=no "$@" 2>&1 || true
}
said=$(verify "$units/teesheet.service" "$units/teesheet.timer")
[ -z "$said" ] || fail "$said"
mkdir "$stage/bad"
sed 's/^MemoryMax=.*/MemoryMax=plenty/' "$units/teesheet.service" >"$stage/bad/teesheet.service"
said=$(verify "$stage/bad/teesheet.service")
case $said in
*"Invalid memory limit 'plenty'"*) [ "$(echo "$said" | wc -l)" = 1 ] || fail "more than a line: $said" ;;
*) fail "a bad unit passes: $said" ;;
esac

# The service's own command line with a slip in /etc/teesheet/teesheet.env.
command=$(sed -n 's/^ExecStart=//p' "$units/teesheet.service")
for slip in TEESHEET_MAX_AGE=often TEESHEET_TRACE=/nonexistent/trace.csv; do
    # shellcheck disable=SC2086
    if said=$(env -i XDG_DATA_HOME="$stage/data" TEESHEET_USER_AGENT=you@example.org "$slip" $command 2>&1); then
        fail "$slip passes"
    fi
    [ "$(echo "$said" | wc -l)" = 1 ] || fail "$slip is not told in one line: $said"
    [ ! -e "$stage/data/teesheet/teesheet.db" ] || fail "$slip: a store was made"
done
# In tenths: 0 is best.
systemd-analyze security --no-pager --offline=true --threshold=15 "$units/teesheet.service" | tail -1
# The group reads what the service's user has stored.
if [ "$(id -u)" = 0 ]; then
    of_unit() {
        sed -n "s/^$1=//p" "$units/teesheet.service"
    }
    as() { # UID COMMAND
        setpriv --reuid "$1" --regid 64005 --clear-groups env -i XDG_DATA_HOME="$stage/state" sh -c "umask $(of_unit UMask); $2"
    }
    chmod 755 "$stage"
    install -d -m "$(of_unit StateDirectoryMode)" -o 64001 -g 64005 "$stage/state/$(of_unit StateDirectory)"
    "$build/teesheet-sim" --courses 3 --catalogue="$stage/courses.csv"
    as 64001 "$(of_unit ExecStartPre | sed "s#%S#$stage/state#")"
    as 64001 "$stage/bin/teesheet courses import '$stage/courses.csv'" >/dev/null
    as 64002 "$stage/bin/teesheet courses list" >/dev/null || fail "the group cannot read the store"
fi
systemd-sysusers --dry-run "$stage/lib/sysusers.d/teesheet.conf"
