#!/bin/sh
# test_units.sh BUILD: the systemd units are valid and hardened (systemd-analyze; skipped without it).
set -eu
build=$1
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze"; exit 77; }
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cmake --install "$build" --prefix "$stage" --component units >/dev/null
cmake --install "$build" --prefix "$stage" --component program >/dev/null
units=$stage/lib/systemd/system
systemd-analyze verify --man=no "$units/teesheet.service" "$units/teesheet.timer"
# In tenths: 0 is best.
systemd-analyze security --no-pager --offline=true --threshold=15 "$units/teesheet.service" | tail -1
systemd-sysusers --dry-run "$stage/lib/sysusers.d/teesheet.conf"
