# shellcheck shell=bash
# Installs the tools that the .NET SDK does not bring. Where that is not possible, says what has to be left out and goes on.

readonly INSTALL_TIME_LIMIT=15m

# What could not be installed, as a text for people; empty when all is there.
LEFT_OUT=""

# usage: leave_out NAME TEXT
# Goes on without something that could not be made: its tests are skipped, and the last lines of the test command name it.
leave_out() {
  warn "$2"
  LEFT_OUT="${LEFT_OUT}$1 "
  export VPCCOMAPI_ALLOW_SKIP=1
}

setup() {
  local lacking
  lacking="$(lacking_packages)"
  if [ -z "$lacking" ]; then
    say "Setup: all tools are there"
    return
  fi

  say "Setup: these packages are lacking:"
  describe_packages "$lacking"
  install_packages "$lacking" || true
  report_left_out
}

# One line a tool: the Debian package, how its presence shows, what it is for.
tools() {
  cat <<'TABLE'
wine|have wine|runs the Windows programs: the COM server and its clients
wine64|wine_has x86_64-linux-gnu|runs 64-bit Windows programs
wine32:i386|wine_has i386-linux-gnu|runs 32-bit Windows programs, for clients that are still 32-bit
g++-mingw-w64-x86-64|have x86_64-w64-mingw32-g++|compiles 64-bit C++ clients
g++-mingw-w64-i686|have i686-w64-mingw32-g++|compiles 32-bit C++ clients
mingw-w64-tools|have x86_64-w64-mingw32-widl|makes the type library and the C++ header from the IDL
wine64-tools|have widl|looks into type libraries
qemu-utils|have qemu-img|reads the virtual hard disks that the tests write, and writes some to read
libwine-dev|test -d /usr/include/wine/wine/windows|the standard IDL files that the contract's IDL imports
qemu-system-x86|have qemu-system-x86_64|runs machines with an operating system of their own
gcc|have gcc|links vpcctl and vmsrvc as native programs
libc6-dev|test -f /usr/lib/x86_64-linux-gnu/libc.so|what those programs are linked with
cpio|have cpio|packs the small Linux guest
xz-utils|have xz|unpacks the kernel modules of that guest where they are compressed
procps|has_program kill|sends signals to the programs that the tests start
xorriso|have xorriso|makes the disc of the guest service's packages
mmdebstrap|have mmdebstrap|makes the minimal Debian in which packages are tested
mandoc|have mandoc|checks the manual pages
groff-base|have groff|formats the manual pages
zsh|have zsh|completes command lines of vpcctl
TABLE
}

# The shell has a command of its own for some programs' names.
has_program() {
  type -P "$1" >/dev/null
}

wine_has() {
  test -d "/usr/lib/$1/wine"
}

lacking_packages() {
  local package probe purpose
  while IFS='|' read -r package probe purpose; do
    # The probes are the words of the table above.
    # shellcheck disable=SC2086
    $probe || printf '%s ' "$package"
  done < <(tools)
}

describe_packages() {
  local package probe purpose
  while IFS='|' read -r package probe purpose; do
    case " $1 " in
      *" $package "*) printf '      %-22s %s\n' "$package" "$purpose" ;;
    esac
  done < <(tools)
}

install_packages() {
  if ! have apt-get; then
    warn "There is no apt-get here. Install the packages named above by this system's own means."
    return 1
  fi
  if ! as_root true; then
    warn "Installing needs root, or sudo that asks no password."
    return 1
  fi

  case " $1 " in
    *:i386*) allow_32_bit_packages ;;
  esac
  say "Setup: as root: apt-get update"
  apt_get update || warn "apt-get update failed; trying with the package lists that are here."

  local package
  # All at once is quick. Where that fails, one by one saves what can be had.
  # shellcheck disable=SC2086
  apt_install $1 || for package in $1; do
    apt_install "$package" || warn "$package could not be installed."
  done
}

allow_32_bit_packages() {
  say "Setup: as root: dpkg --add-architecture i386 (32-bit Wine comes from there)"
  as_root dpkg --add-architecture i386
}

apt_install() {
  say "Setup: as root: apt-get install $*"
  apt_get install --yes --no-install-recommends "$@"
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive timeout "$INSTALL_TIME_LIMIT" apt-get --quiet=2 -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    have sudo && sudo -n "$@"
  fi
}

report_left_out() {
  LEFT_OUT="$(lacking_packages)"
  if [ -z "$LEFT_OUT" ]; then
    say "Setup: done"
    return
  fi

  warn "Still lacking: $LEFT_OUT"
  warn "Tests that need these are skipped, and say so; everything else runs."
  export VPCCOMAPI_ALLOW_SKIP=1
}
