# shellcheck shell=bash
# The product beside its peers. The product's programs are built and published as people get them, into a folder of the benchmark's own.

readonly BENCH_FOLDER=artifacts/bench
readonly BENCH_PROGRAM=bench/ChannelBench/bin/Release/net10.0/ChannelBench
readonly BENCH_GUESTS="$BENCH_FOLDER/guests"
readonly BENCH_GUEST_DEVICE=/dev/virtio-ports/org.vpccomapi.bus
readonly BENCH_GUEST_PORT=5555

# usage: bench [--micro] [--no-build] [--against REVISION] [OPTION]...
# What is not known here goes to the program.
bench() {
  local micro="" build_first=1 options=() suites="" against=""
  while [ "$#" -gt 0 ]; do
    case "$1" in
      --micro) micro=1 ;;
      --no-build) build_first="" ;;
      --against)
        against="${2:-}"
        [ -n "$against" ] || fail "--against wants a revision of this repository, as git names it."
        shift
        ;;
      --only)
        suites="${2:-}"
        options+=("$1")
        ;;
      *) options+=("$1") ;;
    esac
    shift
  done

  if [ -n "$micro" ]; then
    bench_micro "${options[@]}"
    return
  fi

  install_peers
  [ -z "$build_first" ] || build_bench
  if [ -n "$against" ]; then
    against="$(git rev-parse --verify --short "$against^{commit}")" || fail "'$against' is no revision of this repository."
    [ -z "$build_first" ] || publish_revision "$against"
    options+=(--against "$against=$BENCH_FOLDER/$against/linux-x64")
  fi
  case "$suites" in
    *qemu*) bench_guests ;;
  esac
  "$BENCH_PROGRAM" --programs "$BENCH_FOLDER/linux-x64" --guests "$BENCH_GUESTS" "${options[@]}"
}

# The small guest, three times: with the guest service, with socat in its place, and with a program that only tells when it was started.
bench_guests() {
  local root="$BENCH_FOLDER/guest-root" kind
  guest_image
  say "Bench: guests into $BENCH_GUESTS"
  rm -rf "$root" "$BENCH_GUESTS"
  mkdir -p "$BENCH_GUESTS"
  cp "$GUEST_IMAGE_FOLDER/kernel" "$BENCH_GUESTS/kernel"
  for kind in product raw mark; do
    mkdir -p "$root/$kind"/{sbin,etc,usr/sbin}
    gcc -static -O2 -Wall -Wextra -Werror -pthread -o "$root/$kind/sbin/load-server" bench/ChannelBench/Guest/load-server.c
    # The kernel unpacks one archive after the other; what comes later stands in place of what came earlier.
    echo "::respawn:/sbin/load-server $BENCH_GUEST_PORT" | cat - build/guest-image/inittab >"$root/$kind/etc/inittab"
  done

  add_program_with_libraries "$(command -v socat)" "$root/raw" usr/sbin
  replace_guest_service raw "exec /usr/sbin/socat -b 65536 $BENCH_GUEST_DEVICE TCP:127.0.0.1:$BENCH_GUEST_PORT,nodelay"
  replace_guest_service mark "printf 1 >$BENCH_GUEST_DEVICE; exec sleep 1000000"
  for kind in product raw mark; do
    (cd "$root/$kind" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=0:0 | gzip -1) |
      cat "$GUEST_IMAGE_FOLDER/initrd" - >"$BENCH_GUESTS/$kind.initrd"
  done
  rm -rf "$root"
}

# usage: replace_guest_service KIND COMMAND
replace_guest_service() {
  local root="$BENCH_FOLDER/guest-root/$1"
  printf '#!/bin/sh\n%s\n' "$2" >"$root/sbin/stand-in"
  chmod 755 "$root/sbin/stand-in"
  sed -i 's|^null::respawn:/sbin/vmsrvc.*|null::respawn:/sbin/stand-in|' "$root/etc/inittab"
}

install_peers() {
  have socat && return
  say "Bench: installing socat, which the product is compared with"
  install_packages socat || true
  have socat || fail "socat is missing and could not be installed."
}

build_bench() {
  say "Bench: building and publishing what is measured"
  restore
  dotnet build bench/ChannelBench --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  publish_linux_programs -property:PublishRoot="$REPOSITORY/$BENCH_FOLDER/"
}

# The programs for Linux as another revision makes them, from a checkout of its own.
publish_revision() {
  local checkout="$REPOSITORY/$BENCH_FOLDER/$1/checkout"
  say "Bench: building and publishing revision $1"
  git worktree prune
  [ -d "$checkout" ] || git worktree add --quiet --detach "$checkout" "$1"
  # Its own projects, so that no setting of this checkout reaches them.
  (
    cd "$checkout" || exit
    restore
    publish_linux_programs -property:PublishRoot="$REPOSITORY/$BENCH_FOLDER/$1/"
  )
}

# The smallest parts alone, by BenchmarkDotNet. Without options: all of them.
bench_micro() {
  say "Bench: building the microbenchmarks"
  restore
  dotnet build bench/Microbenchmarks --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  [ "$#" -gt 0 ] || set -- --filter '*'
  dotnet bench/Microbenchmarks/bin/Release/net10.0/Microbenchmarks.dll --artifacts "$BENCH_FOLDER/micro" "$@"
}
