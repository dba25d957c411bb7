#!/bin/sh
# test_deb.sh BUILD: the Debian package is lintian's, and installs and runs in a fresh Debian 12. Needs root, lintian
# and debootstrap with a reachable registry; says when it is skipped. TS_CHROOT: a ready chroot to copy instead.
set -eu
build=$1
skip() {
    echo "skipped: $1"
    exit 77
}
[ "$(id -u)" = 0 ] || skip "not root"
command -v lintian >/dev/null || skip "no lintian"
command -v debootstrap >/dev/null || skip "no debootstrap"
stage=$(mktemp -d /var/tmp/ts-deb.XXXXXX)
root=$stage/root
trap 'rm -rf "$stage"' EXIT
cpack --config "$build/CPackConfig.cmake" -B "$stage/packages" >/dev/null
lintian --allow-root --fail-on error,warning "$stage"/packages/*.deb
echo "lintian: clean"
if [ -n "${TS_CHROOT:-}" ]; then
    cp -a "$TS_CHROOT" "$root"
else
    debootstrap --variant=minbase bookworm "$root" >"$stage/log" 2>&1 || skip "debootstrap failed: $(tail -1 "$stage/log")"
fi
cp "$stage"/packages/*.deb "$root/teesheet.deb"
# The host's way to the registry.
cp -a /etc/apt/. "$root/etc/apt/"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
in_root() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
        http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
}
in_root apt-get update -qq >"$stage/log" 2>&1 || skip "apt-get update failed: $(tail -1 "$stage/log")"
in_root apt-get install -y -qq --no-install-recommends /teesheet.deb >"$stage/log" 2>&1 || {
    tail -20 "$stage/log" >&2
    exit 1
}
in_root teesheet --version
in_root teesheet engines | grep -c '^  host'
in_root teesheet courses check /usr/share/doc/teesheet/examples/courses.csv
in_root apt-get remove -y -qq teesheet >/dev/null 2>&1
[ ! -e "$root/usr/bin/teesheet" ]
