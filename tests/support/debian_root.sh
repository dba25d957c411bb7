#!/bin/sh
# debian_root.sh: a fresh Debian 12, for tests that install into one.
#
#   make DIR         DIR/root by debootstrap (minutes, once), DIR/archives keeps the packages that were fetched
#   copy DIR TO      a copy of it in TO, with the machine's way to the registry and its package cache bound in
#   in TO COMMAND…   runs a command in it, without this machine's environment
#   remove TO        unmounts all that is below it, and deletes the copy
#
# Exits 77 and says why where it cannot be made. What the registry is called is known by the machine's apt only.
set -eu

skip() {
    echo "skipped: $1"
    exit 77
}

make() {
    [ -e "$1/root/.complete" ] && return
    [ "$(id -u)" = 0 ] || skip "not root"
    command -v debootstrap >/dev/null || skip "no debootstrap"
    mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
        awk '$2 == "bookworm" { print $1; exit }')
    [ -n "$mirror" ] || skip "apt knows no bookworm here: apt-get update"
    mkdir -p "$1/archives"
    rm -rf "$1/root"
    debootstrap --variant=minbase --cache-dir="$(realpath "$1/archives")" bookworm "$1/root" "$mirror" >"$1/log" 2>&1 ||
        skip "debootstrap failed: $(tail -1 "$1/log")"
    rm -f "$1"/root/var/cache/apt/archives/*.deb
    # The machine's way to the registry, without credentials.
    rm -f "$1/root/etc/apt/sources.list"
    for part in sources.list sources.list.d keyrings trusted.gpg.d; do
        [ ! -e "/etc/apt/$part" ] || cp -rL "/etc/apt/$part" "$1/root/etc/apt/"
    done
    apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$1/root/etc/apt/apt.conf.d/99host" || true
    touch "$1/root/.complete"
}

copy() {
    mkdir -p "$2"
    cp -a "$1/root/." "$2/"
    cp -L /etc/resolv.conf "$2/etc/resolv.conf"
    mount --bind "$1/archives" "$2/var/cache/apt/archives"
    mount -t proc proc "$2/proc"
    mount --bind /dev "$2/dev"
    mount --bind /dev/pts "$2/dev/pts"
}

# What the test itself has mounted below is unmounted too, or nothing is deleted: --one-file-system walks into a folder of
# the same file system.
remove() {
    below=$(realpath -m "$1")/
    findmnt -rno TARGET | awk -v below="$below" 'index($0, below) == 1' | sort -r | while read -r at; do umount "$at"; done
    rm -rf --one-file-system "$below"
}

command=$1
shift
case $command in
make | copy | remove) "$command" "$@" ;;
in)
    root=$1
    shift
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
    ;;
*) exit 64 ;;
esac
