#!/bin/sh
# cgroup.sh: runs a program inside a memory limit and a part of one CPU (cgroup v1 or v2).
#
#   cgroup.sh probe                  exit 0 if such groups can be made here, else says why not
#   cgroup.sh run BYTES PERCENT COMMAND…
#                                    PERCENT of one CPU. Beyond BYTES the kernel kills it
#                                    (exit 137). Its last line on stderr: cgroup peak BYTES.
set -u

name=teesheet-test-$$-$(date +%s%N)
v1=/sys/fs/cgroup/memory
v1_cpu=/sys/fs/cgroup/cpu
v2=/sys/fs/cgroup

version() {
    if [ -w "$v2/cgroup.procs" ] && grep -qw memory "$v2/cgroup.controllers" 2>/dev/null; then
        echo 2
    elif [ -w "$v1/cgroup.procs" ] && [ -w "$v1_cpu/cgroup.procs" ]; then
        echo 1
    else
        echo 0
    fi
}

make_v1() {
    mkdir "$v1/$name" "$v1_cpu/$name" || return 1
    echo "$1" >"$v1/$name/memory.limit_in_bytes" || return 1
    # Absent without swap accounting.
    echo "$1" 2>/dev/null >"$v1/$name/memory.memsw.limit_in_bytes" || true
    echo 100000 >"$v1_cpu/$name/cpu.cfs_period_us" || return 1
    echo $(($2 * 1000)) >"$v1_cpu/$name/cpu.cfs_quota_us"
}

make_v2() {
    echo '+memory +cpu' >"$v2/cgroup.subtree_control" || return 1
    mkdir "$v2/$name" || return 1
    echo "$1" >"$v2/$name/memory.max" || return 1
    echo 0 2>/dev/null >"$v2/$name/memory.swap.max" || true
    echo "$(($2 * 1000)) 100000" >"$v2/$name/cpu.max"
}

joined() {
    if [ "$version" = 2 ]; then echo "$v2/$name"; else echo "$v1/$name $v1_cpu/$name"; fi
}

peak() {
    if [ "$version" = 2 ]; then
        cat "$v2/$name/memory.peak" 2>/dev/null || echo unknown
    else
        cat "$v1/$name/memory.max_usage_in_bytes"
    fi
}

make_groups() {
    case $version in
    1) make_v1 "$1" "$2" ;;
    *) make_v2 "$1" "$2" ;;
    esac
}

# shellcheck disable=SC2317 # by the trap
remove() {
    for group in $(joined); do
        if [ -d "$group" ]; then rmdir "$group"; fi
    done
}

version=$(version)
if [ "$version" = 0 ]; then
    echo "cgroup.sh: no right to make control groups here" >&2
    exit 77
fi
trap remove EXIT
case ${1:-} in
probe)
    make_groups 33554432 50 2>/dev/null || {
        echo "cgroup.sh: control groups of version $version cannot be made here" >&2
        exit 77
    }
    exit 0
    ;;
run)
    make_groups "$2" "$3" || exit 77
    shift 3
    # The child joins, then becomes the program: nothing of ours counts.
    GROUPS_TO_JOIN=$(joined) sh -c 'for group in $GROUPS_TO_JOIN; do
        echo $$ >"$group/cgroup.procs" || exit 77
    done
    unset GROUPS_TO_JOIN
    exec "$@"' sh "$@"
    status=$?
    echo "cgroup peak $(peak)" >&2
    exit $status
    ;;
*) exit 64 ;;
esac
