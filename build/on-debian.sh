#!/usr/bin/env bash
# Runs a command of this repository on another release of Debian: in a small Debian in a folder, on a copy of the working tree.
# usage: build/on-debian.sh [--root FOLDER] RELEASE COMMAND [ARGUMENT]...
# example: build/on-debian.sh trixie ./build.sh test
#
# The first use makes that Debian with debootstrap; later uses go on with it, with what was installed and built in it. Deleting the folder
# is all that is needed to begin from nothing. The .NET SDK is this system's own, and so is the way to the package sources (NuGet.Config, apt's
# mirror and proxies, certificates): they are mounted or passed on for the run, none of them is written down in this repository.
#
# Everything runs in namespaces of its own for processes and mounts: when this script ends, in whatever way, the kernel ends every process
# in it and takes every mount away.
set -euo pipefail

REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly REPOSITORY

# shellcheck source=build/common.sh
. "$REPOSITORY/build/common.sh"
# shellcheck source=build/setup.sh
. "$REPOSITORY/build/setup.sh"
# shellcheck source=build/package-sources.sh
. "$REPOSITORY/build/package-sources.sh"

# What the .NET SDK needs of a system: certificates (with OpenSSL) and the C++ library.
readonly NEEDED_BY_DOTNET=ca-certificates,libstdc++6
# Says that debootstrap has finished; without it the folder holds half a system.
readonly COMPLETE=/etc/vpccomapi-root
readonly CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
# What a command may need of the caller's environment: the terminal, and the way to the package sources.
export PASSED_ON='^(TERM|LANG|[a-z]+_proxy|[A-Z]+_PROXY|NUGET_[A-Z_]+|VPCCOMAPI_[A-Z_]+)='
readonly PASSED_ON

usage() {
  sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

main() {
  local root="" release
  if [ "${1:-}" = --root ]; then
    [ $# -ge 2 ] || usage
    root="$2"
    shift 2
  fi
  [ $# -ge 2 ] || usage
  release="$1"
  shift
  [[ "$release" =~ ^[a-z][a-z0-9]*$ ]] || fail "'$release' is not the name of a Debian release, such as bookworm, trixie or sid."

  [ "$(id -u)" -eq 0 ] || fail "This makes another system in a folder and mounts into it, which only root can do. Run it as root."
  require_dotnet
  ON_DEBIAN_ROOT="${root:-$REPOSITORY/artifacts/debian/$release}"
  mkdir -p "$ON_DEBIAN_ROOT"
  ON_DEBIAN_ROOT="$(cd "$ON_DEBIAN_ROOT" && pwd)"
  # Two commands at once would build in the same tree.
  exec 9<"$ON_DEBIAN_ROOT"
  flock --nonblock 9 || fail "Another command is running in $ON_DEBIAN_ROOT. Wait until it has ended, or use another folder (--root)."

  make_root "$release"
  pass_on_package_sources "$release"
  copy_working_tree
  run_inside "$@"
}

# --- The other system -------------------------------------------------------------------------------------------------------------------

make_root() {
  local release="$1" mirror
  if [ -e "$ON_DEBIAN_ROOT$COMPLETE" ]; then
    [ "$(cat "$ON_DEBIAN_ROOT$COMPLETE")" = "$release" ] || fail "$ON_DEBIAN_ROOT holds Debian $(cat "$ON_DEBIAN_ROOT$COMPLETE"), not $release."
    return
  fi
  [ -z "$(ls -A "$ON_DEBIAN_ROOT")" ] || fail "$ON_DEBIAN_ROOT holds something that is no complete Debian system of this script. Delete it first."
  if ! have debootstrap; then
    say "debootstrap is lacking, which makes a Debian system in a folder"
    install_packages debootstrap || true
    have debootstrap || fail "debootstrap could not be installed."
  fi

  say "Making Debian $release in $ON_DEBIAN_ROOT"
  mirror="$(host_sources | awk 'NR == 1 { print $1 }')"
  # Without a mirror debootstrap takes Debian's own. What it mounts meanwhile goes with it, however it ends.
  setpriv --pdeathsig TERM unshare --mount --propagation private \
    debootstrap --variant=minbase --include="$NEEDED_BY_DOTNET" "$release" "$ON_DEBIAN_ROOT" ${mirror:+"$mirror"} >"$ON_DEBIAN_ROOT.log" 2>&1 9<&- || {
    tail -n 5 "$ON_DEBIAN_ROOT.log" >&2
    fail "Debian $release could not be made; the whole log is $ON_DEBIAN_ROOT.log. Delete $ON_DEBIAN_ROOT before the next try."
  }
  echo "$release" >"$ON_DEBIAN_ROOT$COMPLETE"
}

pass_on_package_sources() {
  local release="$1" address suffix
  mkdir -p "$ON_DEBIAN_ROOT/etc/apt/apt.conf.d"
  host_ways_to_sources >"$ON_DEBIAN_ROOT/etc/apt/apt.conf.d/90-of-the-host"
  # sid has neither updates nor a security suite.
  host_sources | while read -r address suffix; do
    [ -n "$suffix" ] && [[ "$release" = sid || "$release" = unstable ]] || echo "deb $address $release$suffix main"
  done >"$ON_DEBIAN_ROOT/etc/apt/sources.list.new"
  if [ -s "$ON_DEBIAN_ROOT/etc/apt/sources.list.new" ]; then
    mv "$ON_DEBIAN_ROOT/etc/apt/sources.list.new" "$ON_DEBIAN_ROOT/etc/apt/sources.list"
  else
    rm "$ON_DEBIAN_ROOT/etc/apt/sources.list.new"
  fi

  cp -L /etc/resolv.conf /etc/hosts "$ON_DEBIAN_ROOT/etc/"
  local certificates="${SSL_CERT_FILE:-$CERTIFICATES}"
  [ ! -e "$certificates" ] || cp -L "$certificates" "$ON_DEBIAN_ROOT$CERTIFICATES"
}

# --- The working tree -------------------------------------------------------------------------------------------------------------------

# The copy has the path that the tree has here, which builds write into what they make. Only files that changed since the last copy are written, with
# the time of the copy, so that a build there does what is needed and no more; a file that is gone here goes there.
copy_working_tree() {
  local tree="$ON_DEBIAN_ROOT$REPOSITORY" list="$ON_DEBIAN_ROOT$REPOSITORY.files"
  mkdir -p "$tree"
  touch "$list"
  cd "$REPOSITORY"
  # Time, size and mode of each file, then its name.
  files_of_working_tree | xargs -0 -r stat --printf '%.Y %s %a %n\0' | LC_ALL=C sort -z >"$list.new"
  LC_ALL=C comm -z -23 <(names_of <"$list") <(names_of <"$list.new") | (cd "$tree" && xargs -0 -r rm -f --)
  LC_ALL=C comm -z -13 "$list" "$list.new" | names_of | xargs -0 -r cp --parents --no-dereference --preserve=mode --target-directory="$tree" --
  mv "$list.new" "$list"
}

names_of() {
  cut -z -d ' ' -f 4- | LC_ALL=C sort -z
}

# What git knows and what it would add, as far as it is there; in a copy without git's own files everything but what builds make.
files_of_working_tree() {
  local file
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      [ ! -e "$file" ] || printf '%s\0' "$file"
    done
  else
    find . -type d \( -name bin -o -name obj -o -name artifacts -o -name TestResults \) -prune -o \( -type f -o -type l \) -printf '%P\0'
  fi
}

# --- The run ----------------------------------------------------------------------------------------------------------------------------

# The shell waits instead of becoming that program, so that a signal to it ends all of it.
run_inside() {
  local outcome=0
  say "Debian $(cat "$ON_DEBIAN_ROOT/etc/debian_version"): $*"
  export -f enter_root mount_root mount_devices mount_if_there
  # A shell starts programs in the background with SIGINT and SIGQUIT ignored; what is tested inside has to get them. The signal at the end of its
  # parent is for the case that this script is killed and can do nothing more.
  env --default-signal=INT,QUIT setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private \
    bash -euo pipefail -c 'enter_root "$@"' enter_root "$ON_DEBIAN_ROOT" "$REPOSITORY" "$(dotnet_folder)" "$HOME" "$@" <&0 9<&- &
  INSIDE=$!
  trap end_inside EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  wait "$INSIDE" || outcome=$?
  exit "$outcome"
}

# The first process of its namespace ends with this one, and everything in the namespace with it.
end_inside() {
  kill -KILL "$INSIDE" 2>/dev/null || true
  wait "$INSIDE" 2>/dev/null || true
}

dotnet_folder() {
  dotnet --list-sdks | sed -n 's|.*\[\(.*\)/sdk\]$|\1|p' | tail -n 1
}

# usage: enter_root ROOT TREE DOTNET HOME COMMAND...; runs as the first process of the new namespaces.
enter_root() {
  local root="$1" tree="$2" dotnet="$3" home="$4" environment=() outcome=0
  shift 4
  mapfile -t environment < <(env | grep -E "$PASSED_ON" || true)
  mount_root "$root" "$dotnet" "$home"
  cd "$root"
  mkdir -p .host
  pivot_root . .host
  umount --lazy /.host
  rmdir /.host
  cd "$tree"
  env --ignore-environment "${environment[@]}" HOME=/root PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    DOTNET_ROOT="$dotnet" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "$@" || outcome=$?
  exit "$outcome"
}

mount_root() {
  local root="$1" dotnet="$2" home="$3"
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
  mount_devices "$root/dev"

  mkdir -p "$root$dotnet" "$root/usr/local/bin"
  mount --bind -o ro "$dotnet" "$root$dotnet"
  ln -sfn "$dotnet/dotnet" "$root/usr/local/bin/dotnet"
  mount_if_there "$home/.nuget/NuGet" "$root/root/.nuget/NuGet"
  mount_if_there "$home/.config/NuGet" "$root/root/.config/NuGet"
  mount_if_there /etc/apt/auth.conf.d "$root/etc/apt/auth.conf.d"
}

mount_if_there() {
  if [ -d "$1" ]; then
    mkdir -p "$2"
    mount --bind -o ro "$1" "$2"
  fi
}

mount_devices() {
  local device
  mount -t tmpfs -o mode=755,nosuid tmpfs "$1"
  mkdir "$1/pts" "$1/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$1/pts"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$1/shm"
  for device in null zero full random urandom tty kvm; do
    if [ -e "/dev/$device" ]; then
      touch "$1/$device"
      mount --bind "/dev/$device" "$1/$device"
    fi
  done
  ln -s pts/ptmx "$1/ptmx"
  ln -s /proc/self/fd "$1/fd"
  ln -s /proc/self/fd/0 "$1/stdin"
  ln -s /proc/self/fd/1 "$1/stdout"
  ln -s /proc/self/fd/2 "$1/stderr"
}

main "$@"
