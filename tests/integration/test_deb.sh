#!/bin/bash
# test_deb.sh SOURCE BUILD DEBIAN: the Debian package is lintian's, and installs, runs and goes again in a fresh Debian 12
# (DEBIAN: see tests/support/debian_root.sh). Needs root, lintian and debootstrap; skipped without.
set -eu
source=$(realpath "$1") build=$(realpath "$2") debian=$(realpath -m "$3")
debian_root=$source/tests/support/debian_root.sh
command -v lintian >/dev/null || { echo "skipped: no lintian"; exit 77; }
"$debian_root" make "$debian"
if [ -z "${TS_INSIDE:-}" ]; then
    TS_INSIDE=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi
root=$debian/deb packages=$debian/packages
trap '"$debian_root" remove "$root"; rm -rf "$packages"' EXIT
fail() {
    echo "test_deb: $1" >&2
    exit 1
}
inside() {
    "$debian_root" in "$root" "$@"
}
rm -rf "$packages"
cpack --config "$build/CPackConfig.cmake" -B "$packages" >/dev/null 2>&1
lintian --allow-root --fail-on error,warning "$packages"/*.deb
echo "lintian: clean; $(stat -c '%s bytes' "$packages"/*.deb)"
"$debian_root" copy "$debian" "$root"
cp "$packages"/*.deb "$root/teesheet.deb"
inside apt-get update -qq >"$debian/deb.log" 2>&1 || {
    tail -1 "$debian/deb.log"
    echo "skipped: apt-get update failed"
    exit 77
}
# With what shows that manual pages, completions and the system user are right.
inside apt-get install -y -qq --no-install-recommends /teesheet.deb systemd mandoc zsh bash-completion >"$debian/deb.log" 2>&1 || {
    tail -20 "$debian/deb.log" >&2
    fail "the package does not install"
}
inside teesheet --version
[ "$(inside teesheet engines | grep -c '^  host')" = 8 ] || fail "engines"
inside teesheet courses check /usr/share/doc/teesheet/examples/courses.csv
for page in "$root"/usr/share/man/man1/teesheet*.1.gz "$root"/usr/share/man/man5/teesheet-catalogue.5.gz; do
    zcat "$page" | inside mandoc -T lint -W warning || fail "the manual page $(basename "$page")"
done
inside zsh -fc 'autoload -Uz compinit && compinit -u -D && [[ $_comps[teesheet] == _teesheet ]]' || fail "zsh does not find the completion"
inside bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader teesheet; complete -p teesheet' | grep -q _teesheet || fail "bash does not find the completion"
inside getent group teesheet >/dev/null || fail "no group of readers"
inside systemd-analyze verify --man=no teesheet.service teesheet.timer || fail "the units"
inside apt-get remove -y -qq teesheet >"$debian/deb.log" 2>&1 || fail "the package cannot be removed"
[ ! -e "$root/usr/bin/teesheet" ] || fail "the program is left"
echo "installed, run and removed in a fresh Debian"
