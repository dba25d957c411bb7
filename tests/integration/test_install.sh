#!/bin/sh
# test_install.sh SOURCE BUILD: install honours DESTDIR and prefix, what it installs works, uninstall leaves nothing
# of it and touches nothing else.
set -eu
source=$1
build=$2
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/opt/golf
fail() {
    echo "test_install: $1" >&2
    exit 1
}
mkdir -p "$root/bin"
touch "$root/bin/other"
DESTDIR=$stage cmake --install "$build" --prefix /opt/golf >/dev/null
"$root/bin/teesheet" --version
"$root/bin/teesheet" courses check "$root/share/doc/teesheet/examples/courses.csv"
grep -q '^ExecStart=/opt/golf/bin/teesheet ' "$root/lib/systemd/system/teesheet.service" || fail "the unit starts another program"
bash -n "$root/share/bash-completion/completions/teesheet"
zsh=$root/share/zsh/vendor-completions/_teesheet
grep -q '^#compdef teesheet$' "$zsh" || fail "no completion for zsh"
if command -v zsh >/dev/null; then zsh -n "$zsh"; fi
zgrep -q '^.Dt TEESHEET-CATALOGUE 5' "$root/share/man/man5/teesheet-catalogue.5.gz" || fail "no manual page of catalogues"
for command in collect search status courses engines runs replay plot store; do
    zgrep -q "^.Dt TEESHEET-$(echo $command | tr a-z A-Z) 1" "$root/share/man/man1/teesheet-$command.1.gz" || fail "no manual page of $command"
done
"$source/tools/uninstall" "$build" /opt/golf "$stage"
left=$(find "$stage" -type f)
[ "$left" = "$root/bin/other" ] || fail "left after uninstall: $left"
