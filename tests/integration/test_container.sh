#!/bin/bash
# test_container.sh SOURCE DEBIAN: the Dockerfile's stages, built by buildah on a base made by debootstrap (DEBIAN: see
# tests/support/debian_root.sh), and what they give run as a container is: own PID namespace, no root, no capabilities,
# root file system read-only, memory limited. So are the containers of compose.yaml and of deploy/, with their own command
# lines, environments and limits.
# Needs root, buildah, debootstrap, control groups and PostgreSQL; is skipped without, and says which is lacking.
set -eu
source=$(realpath "$1") debian=$(realpath -m "$2")
support=$source/tests/support
work=$debian/container
skip() {
    echo "skipped: $1"
    exit 77
}
for program in buildah unshare setpriv ip python3 openssl; do
    command -v $program >/dev/null || skip "no $program"
done
"$support/cgroup.sh" probe || skip "no control groups"
images() {
    buildah --root "$work/storage" --runroot "$work/run" "$@"
}
build() { # TAG [TARGET]
    images bud -q --layers --isolation chroot --pull-never --format docker -v "$debian/archives:/var/cache/apt/archives" \
        ${2:+--target "$2"} -t "$1" "$source" >>"$work/log" 2>&1 || {
        tail -20 "$work/log" >&2
        echo "test_container: the Dockerfile cannot be built${2:+ to $2}" >&2
        exit 1
    }
}
make_base() { # What debian:bookworm-slim leaves out of Debian's minimum.
    local base=$work/base container
    rm -rf "$base"
    cp -a "$debian/root" "$base"
    rm -rf "$base"/usr/share/doc/* "$base"/usr/share/man/* "$base"/usr/share/locale/* "$base"/var/cache/apt/*.bin \
        "$base"/var/lib/apt/lists/*
    printf 'path-exclude /usr/share/%s/*\n' doc man locale >"$base/etc/dpkg/dpkg.cfg.d/docker-slim"
    container=$(images from scratch)
    images add -q "$container" "$base" / >/dev/null
    images commit -q --rm "$container" localhost/debian:bookworm-slim >/dev/null
    rm -rf "$base"
}

# Images, then once more in a network of its own, whose ports are all free, and where all ends with this script.
if [ -z "${TS_INSIDE:-}" ]; then
    "$support/debian_root.sh" make "$debian"
    mkdir -p "$work"
    images inspect --type image localhost/debian:bookworm-slim >/dev/null 2>&1 || make_base
    build teesheet
    build teesheet-sim simulator
    TS_INSIDE=1 exec unshare --mount --net --pid --fork --kill-child --mount-proc "$0" "$@"
fi

stage=$(mktemp -d)
trap '"$support/pg_server.sh" stop "$stage/pg"; images rm -a >/dev/null; rm -rf --one-file-system "$stage"' EXIT
fail() {
    echo "test_container: $1" >&2
    [ ! -s "$stage/err" ] || tail -20 "$stage/err" >&2
    exit 1
}

image=$(images mount "$(images from --pull-never localhost/teesheet)")
simulator=$(images mount "$(images from --pull-never localhost/teesheet-sim)")
config() {
    images inspect --type image --format "{{$1}}" localhost/teesheet
}
[ "$(config .OCIv1.Config.User)" = 65532:65532 ] || fail "the user is $(config .OCIv1.Config.User)"
[ "$(config .OCIv1.Config.StopSignal)" = SIGTERM ] || fail "no stop signal"
[ "$(config .OCIv1.Config.Entrypoint) $(config .OCIv1.Config.Cmd)" = '[/usr/bin/teesheet] [collect]' ] || fail "another entry point"
[ "$(config 'index .OCIv1.Config.Labels "org.opencontainers.image.title"')" = teesheet ] || fail "no labels"
[ "$(config .Docker.Config.Healthcheck.Test)" = '[CMD /usr/bin/teesheet --version]' ] || fail "another health check"
megabytes() {
    du -xs --apparent-size -B 1000000 "$1" | cut -f1
}
bare=$(images mount "$(images from --pull-never localhost/debian:bookworm-slim)")
over=$(($(megabytes "$image") - $(megabytes "$bare")))
echo "image: $(megabytes "$image") MB, $over MB over its base, of which ICU (libxml2's) $(du -c -B 1000000 "$image"/usr/lib/*/libicu*.so.*.* | tail -1 | cut -f1)"
[ "$over" -lt 45 ] || fail "the image has grown"

ip link set lo up
mkdir -p "$stage/root" "$stage/catalogue" "$image/catalogue" "$image/pg" "$simulator/catalogue"
chmod 755 "$stage" "$stage/catalogue"
"$support/pg_server.sh" start "$stage/pg" >/dev/null
lacks=$("$support/pg_server.sh" lacks "$stage/pg")
[ -z "$lacks" ] || skip "lacks $lacks"
socket=$("$support/pg_server.sh" url "$stage/pg" | sed 's/.*host=\([^&]*\).*/\1/')

# Becomes the program, PID 1 of the container: inside the group and the namespaces that `run` made.
cat >"$stage/enter" <<ENTER
#!/bin/sh
set -eu
mount --bind "\$1" "$stage/root"
mount -o remount,bind,ro "$stage/root"
mount -t proc proc "$stage/root/proc"
mount -t tmpfs -o size=64k tmpfs "$stage/root/sys"
mkdir -p "$stage/root/sys/fs/cgroup"
mount --rbind /sys/fs/cgroup "$stage/root/sys/fs/cgroup"
mount --bind /dev "$stage/root/dev"
mount --bind "$stage/catalogue" "$stage/root/catalogue"
[ ! -d "$stage/root/data" ] || mount --bind "$stage/data" "$stage/root/data"
[ ! -d "$stage/root/pg" ] || mount --bind "$socket" "$stage/root/pg"
user=\$2
shift 2
exec chroot "$stage/root" /usr/bin/setpriv --reuid=\$user --regid=\$user --clear-groups --bounding-set=-all --inh-caps=-all \\
    --no-new-privs /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin XDG_DATA_HOME=/data "\$@"
ENTER
chmod +x "$stage/enter"
run() { # BYTES PERCENT IMAGE USER env's arguments…
    "$support/cgroup.sh" run "$1" "$2" unshare --mount --pid --fork --kill-child "$stage/enter" "${@:3}"
}
fresh_data() {
    rm -rf "$stage/data"
    install -d -o 65532 -g 65532 "$stage/data" "$stage/data/teesheet"
}
teesheet=/usr/bin/teesheet
M=$((1 << 20))
# No tee time of the simulated fleet passes for half an hour.
now=2026-12-04T09:00:00Z
fresh_data
run $((64 * M)) 100 "$simulator" 0 /usr/bin/teesheet-sim --courses=100 --catalogue=/catalogue/courses.csv 2>/dev/null
run $((64 * M)) 100 "$simulator" 65532 /usr/bin/teesheet-sim --courses=100 --now=$now --port=8080 >"$stage/sim" 2>&1 &
for _ in $(seq 300); do grep -qs listening "$stage/sim" && break; sleep 0.1; done
# The simulated engines, as fast as they are, for two days: whatever else a command line says stays.
here=(TEESHEET_ENGINE_URL=chronogolf=http://127.0.0.1:8080 TEESHEET_HOST_GAP=0 TEESHEET_HOST_PARALLEL=10 TEESHEET_DAYS=2 TEESHEET_NOW=$now)

# The health check; nothing but /data can be written.
run $((32 * M)) 100 "$image" 65532 $teesheet --version 2>/dev/null
if run $((64 * M)) 100 "$image" 65532 /bin/sh -c ': >/etc/x || : >/usr/x || : >/tmp/x' 2>/dev/null; then fail "the root file system can be written"; fi

before=
for limit in 512 64 32; do
    fresh_data
    run $((limit * M)) 100 "$image" 65532 "${here[@]}" TEESHEET_COURSES=/catalogue/courses.csv $teesheet collect --summary json \
        >"$stage/out" 2>"$stage/err" || fail "a sweep in $limit MiB: exit code $?"
    found=$(grep -oE '"tee_times": ?[0-9]+' "$stage/out" | head -1)
    [ "${found:-none}" = "${before:-$found}" ] || fail "in $limit MiB another number of tee times: $found"
    before=$found
    echo "in $limit MiB: $found; $(grep '^cgroup peak' "$stage/err"); $(grep -oE '"peak_rss_bytes": ?[0-9]+' "$stage/out")"
done

# An engine of HTML pages: the image has of ICU what libxml2 needs.
run $((64 * M)) 100 "$simulator" 0 /usr/bin/teesheet-sim --courses=10 --kind=quick18 --catalogue=/catalogue/html.csv 2>/dev/null
run $((64 * M)) 100 "$simulator" 65532 /usr/bin/teesheet-sim --courses=10 --kind=quick18 --now=$now --port=8081 >"$stage/html" 2>&1 &
for _ in $(seq 300); do grep -qs listening "$stage/html" && break; sleep 0.1; done
fresh_data
run $((64 * M)) 100 "$image" 65532 TEESHEET_NOW=$now TEESHEET_HOST_GAP=0 TEESHEET_DAYS=2 TEESHEET_ENGINE_URL=quick18=http://127.0.0.1:8081/{host} \
    TEESHEET_COURSES=/catalogue/html.csv $teesheet collect --summary json >"$stage/out" 2>"$stage/err" || fail "HTML: exit code $?"
found=$(grep -oE '"tee_times": ?[1-9][0-9]*' "$stage/out") || fail "no tee times from HTML"
echo "HTML: $found"

# Names are asked of DNS; a certificate is good if the image's bundle knows who signed it.
"$support/name_server.py" &
echo 'nameserver 127.0.0.1' >"$image/etc/resolv.conf"
name=engine.example.org
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$stage/key" -out "$stage/ca" -days 2 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" 2>/dev/null
openssl s_server -accept 127.0.0.1:8443 -cert "$stage/ca" -key "$stage/key" -www -quiet >"$stage/tls" 2>&1 &
head -2 "$stage/catalogue/courses.csv" >"$stage/catalogue/one.csv"
over_tls() { # OUTCOME of a reply that is no engine's
    fresh_data
    run $((64 * M)) 100 "$image" 65532 TEESHEET_HOST_GAP=0 TEESHEET_ENGINE_URL=chronogolf=https://$name:8443 \
        TEESHEET_COURSES=/catalogue/one.csv $teesheet collect --days=1 --summary json >"$stage/out" 2>"$stage/err" || true
    grep -qE "\"$1\": ?1," "$stage/out" || fail "over TLS the outcome is not $1"
}
over_tls unreachable
cat "$stage/ca" >>"$image/etc/ssl/certs/ca-certificates.crt"
over_tls unreadable
echo "TLS: verified by the image's bundle, names by DNS"

# SIGTERM to PID 1 of the container drains it; the health check beside it works.
fresh_data
run $((64 * M)) 100 "$image" 65532 "${here[@]}" TEESHEET_COURSES=/catalogue/courses.csv $teesheet collect --batch-size=5 \
    >"$stage/out" 2>"$stage/err" &
sweep=$!
for _ in $(seq 600); do grep -q '^.*Batch 1/.* completed' "$stage/err" && break; sleep 0.05; done
one=$(pgrep -x teesheet)
nsenter -t "$one" -m -p -r -w $teesheet --version >/dev/null || fail "the health check"
kill -TERM "$one"
code=0
wait $sweep || code=$?
[ $code = 4 ] || fail "exit code $code after SIGTERM, not 4"
echo "SIGTERM: exit code 4"

# The containers of the manifests.
for name in $("$support/manifests.py" names); do
    # Sets memory, percent and the words of the command.
    memory=0 percent=0
    eval "$("$support/manifests.py" shell "$name")"
    fresh_data
    schema=$(echo "$name" | tr -d - | tr "[:upper:]" "[:lower:]")
    store=(DATABASE_URL="postgresql://teesheet@/teesheet?host=/pg&port=5432" TEESHEET_SCHEMA="$schema")
    case $name in fargate-*)
        run $((64 * M)) 100 "$image" 65532 "${store[@]}" $teesheet courses import /catalogue/courses.csv >/dev/null 2>"$stage/err" || fail "$name: import"
        ;;
    esac
    run "$memory" "$percent" "$image" 65532 "${here[@]}" "${store[@]}" "$@" >"$stage/out" 2>"$stage/err" &
    sweep=$!
    if [ "$name" = compose-scheduled ]; then
        for _ in $(seq 1200); do grep -q 'Sweep complete' "$stage/out" && break; sleep 0.1; done
        kill -TERM "$(pgrep -f '^/bin/sh -c .?stop')"
        wait $sweep || true
    else
        wait $sweep || fail "$name: exit code $?"
    fi
    grep -qE 'Sweep complete|"exit_code": ?0' "$stage/out" || fail "$name: no sweep was completed"
    stored=$("$support/pg_server.sh" psql "$stage/pg" "select count(*) from $schema.tee_times")
    [ "$stored" -gt 1000 ] || fail "$name: $stored tee times were stored"
    echo "$name: $((memory / M)) MiB, $percent % of a CPU: $stored tee times, $(grep '^cgroup peak' "$stage/err")"
done
