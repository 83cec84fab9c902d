# shellcheck shell=bash
# A Debian as small as it can be, in one file, in which tests install the packages as a person does. It is of this system's own release, with whose
# C library the programs are linked. What the packages depend on is in a folder of it, from which apt-get takes it without a network.

readonly CLEAN_DEBIAN_FOLDER=artifacts/clean-debian
readonly CLEAN_DEBIAN_ROOT="$CLEAN_DEBIAN_FOLDER/root.tar"
# Where this system is no Debian.
readonly CLEAN_DEBIAN_DEFAULT=bookworm
# The folder in it with the packages.
readonly CLEAN_DEBIAN_PACKAGES=srv/packages
# What mmdebstrap's shell does at the end, with the way to the package sources that it has: what the packages depend on is fetched, not installed.
# shellcheck disable=SC2016
readonly CLEAN_DEBIAN_HOOK='set -e
  export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
  apt-get clean
  apt-get --quiet=2 --yes --download-only install $NEEDED
  mkdir -p "$1/$PACKAGES"
  find "$1/var/cache/apt/archives" -name "*.deb" -exec mv -t "$1/$PACKAGES" {} +'
# The process that makes it beside other work.
CLEAN_DEBIAN_MAKER=""

clean_debian() {
  local release work="$CLEAN_DEBIAN_FOLDER/work" options=() sources=() started=$SECONDS
  release="$(host_release)"
  release="${release:-$CLEAN_DEBIAN_DEFAULT}"
  if [ -s "$CLEAN_DEBIAN_ROOT" ] && [ "$(cat "$CLEAN_DEBIAN_FOLDER/release")" = "$release" ] &&
    [ -z "$(find build/clean-debian.sh build/debian-packages.sh -newer "$CLEAN_DEBIAN_ROOT")" ]; then
    say "Clean Debian: $CLEAN_DEBIAN_ROOT is up to date"
    return
  fi
  have mmdebstrap || fail "mmdebstrap is needed to make a clean Debian."

  say "Clean Debian: $release into $CLEAN_DEBIAN_ROOT"
  rm -rf "$CLEAN_DEBIAN_FOLDER"
  mkdir -p "$work"
  mapfile -t options < <(host_ways_to_sources | sed 's/^/--aptopt=/')
  mapfile -t sources < <(host_sources | awk 'NR == 1 { print $1 }')
  # Without a source it takes Debian's own.
  PACKAGES="$CLEAN_DEBIAN_PACKAGES" NEEDED="$HOST_DEPENDENCIES" \
    mmdebstrap --quiet --mode=root --format=directory --variant=minbase --dpkgopt=force-unsafe-io "${options[@]}" --customize-hook="$CLEAN_DEBIAN_HOOK" \
    "$release" "$work/root" "${sources[@]}"
  index_packages "$work/root/$CLEAN_DEBIAN_PACKAGES"
  echo "deb [trusted=yes] file:/$CLEAN_DEBIAN_PACKAGES ./" >"$work/root/etc/apt/sources.list"
  chroot "$work/root" apt-get --quiet=2 update
  tar --create --numeric-owner --file "$work/root.tar" --directory "$work/root" .
  echo "$release" >"$CLEAN_DEBIAN_FOLDER/release"
  mv "$work/root.tar" "$CLEAN_DEBIAN_ROOT"
  rm -rf "$work"
  say "Clean Debian: done in $((SECONDS - started)) s"
}

# usage: index_packages FOLDER
# What apt wants to know of each package.
index_packages() {
  local package
  for package in "$1"/*.deb; do
    [ -e "$package" ] || continue
    dpkg-deb --field "$package"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
      "$(basename "$package")" "$(stat --format=%s "$package")" "$(sha256sum "$package" | cut -d ' ' -f 1)"
  done >"$1/Packages"
}

# Makes it beside what follows; wait_for_clean_debian waits for it. Only root can make one, and only root's tests use it.
begin_clean_debian() {
  [ "$(id -u)" -eq 0 ] || return 0
  mkdir -p "$LOG_FOLDER"
  # A process group of its own, so that it can be ended as a whole.
  set -m
  clean_debian </dev/null >"$LOG_FOLDER/clean-debian.log" 2>&1 &
  CLEAN_DEBIAN_MAKER=$!
  set +m
}

# It depends on other people's packages and on what this system can do with them. Where that fails, the tests that need it are skipped.
wait_for_clean_debian() {
  local maker="$CLEAN_DEBIAN_MAKER"
  CLEAN_DEBIAN_MAKER=""
  [ -n "$maker" ] || return 0
  if ! wait "$maker"; then
    cat "$LOG_FOLDER/clean-debian.log" >&2
    leave_out the-clean-debian \
      "There is no clean Debian; the lines above say why. The tests that install packages in it are skipped; everything else runs."
  fi
}
