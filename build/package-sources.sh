# shellcheck shell=bash
# Where this system gets Debian packages, for a Debian that is made in a folder.

# The name of this system's Debian release; nothing where it is no Debian.
host_release() {
  grep -q '^ID=debian$' /etc/os-release || return 0
  sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# This system's own Debian mirrors, a line each: the address and the suite without the release's name ("", "-updates", "-security").
host_sources() {
  local codename
  codename="$(host_release)"
  [ -n "$codename" ] || return 0
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u |
    sed -n "s/ $codename\(-updates\|-security\|\)\$/ \1/p" | sort -k 2
}

# apt's settings of proxies, certificates and the like, a line each; not what this system does after an installation.
host_ways_to_sources() {
  apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|Check-|Retries)' || true
}
