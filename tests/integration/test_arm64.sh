#!/bin/bash
# test_arm64.sh SOURCE BUILD DEBIAN: cross-builds for arm64 in a fresh Debian 12 (DEBIAN: see tests/support/debian_root.sh),
# runs the tests without other programs under qemu-user, and a sweep there gives the same tee times as BUILD's here. The
# package is arm64's. Needs root and debootstrap; skipped without.
set -eu
source=$(realpath "$1") build=$(realpath "$2") debian=$(realpath -m "$3")
debian_root=$source/tests/support/debian_root.sh
"$debian_root" make "$debian"
if [ -z "${TS_INSIDE:-}" ]; then
    TS_INSIDE=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi
root=$debian/arm64
trap '"$debian_root" remove "$root"' EXIT
fail() {
    echo "test_arm64: $1" >&2
    exit 1
}
inside() {
    "$debian_root" in "$root" "$@"
}
"$debian_root" copy "$debian" "$root"
libraries=$(sed -n 's/^build: //p' "$source/tools/packages" | grep -oE '[a-z0-9.-]+-dev' | sed 's/$/:arm64/')
inside dpkg --add-architecture arm64
{
    inside apt-get update -qq
    # shellcheck disable=SC2086
    inside apt-get install -y -qq --no-install-recommends gcc-aarch64-linux-gnu cmake ninja-build pkg-config dpkg-dev file tzdata \
        ca-certificates qemu-user-static $libraries
} >"$debian/arm64.log" 2>&1 || {
    tail -20 "$debian/arm64.log" >&2
    echo "skipped: apt has not all packages for arm64"
    exit 77
}
mkdir -p "$root/src" "$root/tmp"
mount --bind "$source" "$root/src"
mount -o remount,bind,ro "$root/src"
{ inside cmake -S /src --preset arm64 -B /build && inside cmake --build /build; } >"$debian/arm64.log" 2>&1 || {
    tail -20 "$debian/arm64.log" >&2
    fail "the cross build"
}
file "$root/build/teesheet" | grep -q 'ARM aarch64' || fail "no program for arm64"
inside ctest --test-dir /build -L 'unit|conform|fuzz' --timeout 1800 --output-on-failure | tail -30
[ "${PIPESTATUS[0]}" = 0 ] || fail "tests under qemu-user"

# The same fleet at the same time, there and here.
now=2026-12-04T15:00:00Z
here() {
    "$build/teesheet" "$@"
}
there() {
    inside qemu-aarch64-static /build/teesheet "$@"
}
sweep() { # here|there: a sweep of the fleet and its tee times
    "$1" collect --courses /tmp/courses.csv --store "sqlite:/tmp/$1.db" --from 2026-12-05 --days 3 --now $now --host-gap 0 --quiet \
        --engine-url "chronogolf=http://127.0.0.1:$port" --summary-file "/tmp/$1.txt" || fail "the sweep $1: exit code $?"
    "$1" search --store "sqlite:/tmp/$1.db" --now $now --date 2026-12-05..2026-12-07 --format csv |
        sed 's/,[^,]*,[^,]*$//' >"/tmp/$1.csv" # without opened_at and observed_at
}
"$build/teesheet-sim" --courses 20 --now $now --catalogue="$root/tmp/courses.csv"
"$build/teesheet-sim" --courses 20 --now $now --port-file "$root/tmp/port" >/dev/null &
for _ in $(seq 100); do [ -s "$root/tmp/port" ] && break; sleep 0.1; done
port=$(cat "$root/tmp/port")
mount --bind "$root/tmp" /tmp
# Countries change their clocks: both by the same table.
mount --bind "$root/usr/share/zoneinfo" /usr/share/zoneinfo
sweep here
sweep there
cmp /tmp/here.csv /tmp/there.csv || fail "other tee times on arm64"
echo "arm64: $(($(wc -l </tmp/there.csv) - 1)) tee times, the same as here; $(grep -o 'peak RSS .*' /tmp/there.txt) (qemu's in it)"
inside cmake --build /build --target documents >/dev/null
inside env DEB_HOST_ARCH=arm64 cpack --config /build/CPackConfig.cmake -B /packages >"$debian/arm64.log" 2>&1 || fail "cpack: $(tail -1 "$debian/arm64.log")"
package=$(ls "$root"/packages/*_arm64.deb)
[ "$(dpkg-deb -f "$package" Architecture)" = arm64 ] || fail "the package is not arm64's"
echo "arm64: $(basename "$package"), $(stat -c %s "$package") bytes, depends on $(dpkg-deb -f "$package" Depends)"
