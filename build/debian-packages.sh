# shellcheck shell=bash
# The packages for Debian and Ubuntu: vmsrvc, for guests with an operating system of their own, and vpccomapi, the host's programs.
#
# Both can be installed on one computer, a host that is a guest itself: they have no file in common. The host's vmsrvc, the guest of emulated machines, is
# in a folder of the host's package, and its manual page has a section of that package's own, 8vpccomapi, as Debian does in such cases.

readonly GUEST_PACKAGE=vmsrvc
readonly HOST_PACKAGE=vpccomapi
# Where the host's programs are, with what they look for beside themselves.
readonly HOST_FOLDER=usr/lib/vpccomapi
# libssl is loaded when it is needed, so that the programs do not name it; but no machine starts without it.
readonly HOST_DEPENDENCIES=libssl3
readonly PACKAGE_MAINTAINER="VpcComApi maintainers <maintainers@vpccomapi.invalid>"
readonly MANUAL_PAGES="build/ManualPages/bin/$CONFIGURATION/net10.0/ManualPages"

can_pack_for_debian() {
  have dpkg-deb && have objdump && can_link
}

# The program that writes the manual pages; "build" builds it too.
build_manual_pages() {
  dotnet build build/ManualPages --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
}

# usage: guest_package VERSION
guest_package() {
  local root="$PACKAGE_FOLDER/work/$GUEST_PACKAGE" script
  say "Packages: vmsrvc for Debian guests"
  install -D -m 755 "$PUBLISH_FOLDER/linux-x64/vmsrvc" "$root/usr/sbin/vmsrvc"
  install -d -m 755 "$root/lib/systemd/system" "$root/etc/default" "$root/DEBIAN"
  sed 's|/opt/vmsrvc/vmsrvc|/usr/sbin/vmsrvc|' src/GuestServices/packaging/vmsrvc.service >"$root/lib/systemd/system/vmsrvc.service"
  install -m 644 build/packages/default "$root/etc/default/vmsrvc"
  echo /etc/default/vmsrvc >"$root/DEBIAN/conffiles"
  for script in postinst prerm postrm; do
    install -m 755 "build/packages/$script" "$root/DEBIAN/$script"
  done
  manual_pages "$root" "$1" "" vmsrvc.8
  debian_documents "$root" "$GUEST_PACKAGE" "$1"
  debian_package "$root" "$GUEST_PACKAGE" "$1" xz "libc6 (>= $(needed_libc "$root/usr/sbin/vmsrvc"))" <<'CONTROL'
Recommends: libssl3
Section: admin
Priority: optional
Description: guest service of VpcComApi virtual machines
 Connects a virtual machine with its host: says what the guest is, shuts it
 down on request, and relays each communication channel of the host to a TCP
 server on 127.0.0.1. It opens no port and needs no network.
 .
 libssl3 is needed only where host and guest prove a key to each other.
CONTROL
}

# usage: host_package VERSION
host_package() {
  local root="$PACKAGE_FOLDER/work/$HOST_PACKAGE" programs="$PUBLISH_FOLDER/linux-x64"
  say "Packages: the host's programs for Debian"
  install -D -m 755 -t "$root/$HOST_FOLDER" "$programs/vpcctl" "$programs/vmsrvc"
  if [ -e "$PACKAGE_FOLDER/vmsrvc-$1.iso" ]; then
    install -D -m 644 -t "$root/$HOST_FOLDER/$INTEGRATION_MEDIA" "$PACKAGE_FOLDER/vmsrvc-$1.iso"
  fi
  install -d -m 755 "$root/usr/bin" "$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" "$root/DEBIAN"
  ln -s "../${HOST_FOLDER#usr/}/vpcctl" "$root/usr/bin/vpcctl"
  "$programs/vpcctl" completion bash >"$root/usr/share/bash-completion/completions/vpcctl"
  "$programs/vpcctl" completion zsh >"$root/usr/share/zsh/vendor-completions/_vpcctl"
  manual_pages "$root" "$1" "$HOST_PACKAGE" vpcctl.1 "vmsrvc.8$HOST_PACKAGE"
  debian_documents "$root" "$HOST_PACKAGE" "$1"
  # More than half of it is the disc, which is compressed already: xz would save a tenth, and take half a minute.
  debian_package "$root" "$HOST_PACKAGE" "$1" gzip "libc6 (>= $(needed_libc "$root/$HOST_FOLDER"/v*)), $HOST_DEPENDENCIES" <<'CONTROL'
Suggests: bash-completion, qemu-system-x86
Section: otherosfs
Priority: optional
Description: virtual machines with channels to programs in their guests
 Runs virtual machines from the .vmc files of Windows Virtual PC, and joins
 named pipes of the host with TCP servers in a guest, without a network.
 .
 Machines are emulated by default: the guest is a process, and there is nothing
 else to install. With QEMU (qemu-system-x86) a machine boots an operating
 system of its own; the disc of the guest service for it comes along.
CONTROL
}

# usage: manual_pages ROOT VERSION SUFFIX PAGE...
manual_pages() {
  local root="$1" written="$PACKAGE_FOLDER/work/manual-pages" page section
  mkdir -p "$written"
  "$MANUAL_PAGES" . "$written" "$2" "$(source_date)" "$3"
  for page in "${@:4}"; do
    section="${page##*.}"
    mkdir -p "$root/usr/share/man/man${section:0:1}"
    gzip -9n <"$written/$page" >"$root/usr/share/man/man${section:0:1}/$page.gz"
  done
}

# usage: debian_documents ROOT PACKAGE VERSION
debian_documents() {
  local documents="$1/usr/share/doc/$2"
  mkdir -p "$documents"
  debian_copyright "$2" >"$documents/copyright"
  gzip -9n <"$(runtime_notices)" >"$documents/dotnet-third-party-notices.txt.gz"
  printf '%s (%s) unstable; urgency=medium\n\n  * See the project'\''s history.\n\n -- %s  %s\n' \
    "$2" "$3" "$PACKAGE_MAINTAINER" "$(LC_ALL=C date --utc --rfc-email --date="@$(source_date)")" | gzip -9n >"$documents/changelog.gz"
}

# usage: debian_copyright PACKAGE
# What the programs are made of: this project, the .NET runtime, and the libraries in build/packages/libraries.
debian_copyright() {
  local packages holder license libraries holders licenses="MIT" contents=""
  holders="$(sed -n 's/^Copyright (c) //p' LICENSE)"
  while IFS='|' read -r packages holder license libraries; do
    [[ " $packages " == *" $1 "* ]] || continue
    holders+=$'\n'" $holder"
    contents+=$'\n'" $libraries ($license)"
    [[ "$licenses" == *"$license"* ]] || licenses+=" and $license"
  done < <(grep -v '^#' build/packages/libraries)

  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: VpcComApi\n\n'
  printf 'Files: *\nCopyright: %s\nLicense: %s\n' "$holders" "$licenses"
  printf 'Comment: VpcComApi is under the MIT license. Its programs contain the .NET runtime and:%s\n' "$contents"
  printf ' What the .NET runtime contains is listed in dotnet-third-party-notices.txt.gz.\n\nLicense: MIT\n'
  sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'
  printf '\nLicense: Apache-2.0\n On Debian systems the whole text is in /usr/share/common-licenses/Apache-2.0.\n'
}

# What the .NET runtime says of the parts of it that others have written; it comes with the package that the programs were linked from.
runtime_notices() {
  local version
  version="$(sed -n '/"runtime.linux-x64.Microsoft.DotNet.ILCompiler"/,/resolved/s/.*"resolved": "\(.*\)".*/\1/p' src/vpcctl/packages.lock.json)"
  echo "$(nuget_folder)/runtime.linux-x64.microsoft.dotnet.ilcompiler/$version/THIRD-PARTY-NOTICES.TXT"
}

nuget_folder() {
  dotnet nuget locals global-packages --list | sed 's/^global-packages: //; s|/$||'
}

# usage: debian_package ROOT PACKAGE VERSION COMPRESSION DEPENDENCIES, the other fields of the control file on standard input
debian_package() {
  local root="$1"
  find "$root" -path "$root/DEBIAN" -prune -o -type f -not -perm /111 -exec chmod 644 {} +
  find "$root" -type d -exec chmod 755 {} +
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: %s\n' "$2" "$3" "$PACKAGE_MAINTAINER"
    printf 'Installed-Size: %s\nDepends: %s\n' "$(installed_size "$root")" "$5"
    cat
  } >"$root/DEBIAN/control"
  (cd "$root" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) \
    >"$root/DEBIAN/md5sums"
  # The files are root's, whoever builds; their times are those of the last change, so that the same sources make the same package.
  SOURCE_DATE_EPOCH="$(source_date)" \
    dpkg-deb --build --root-owner-group "-Z$4" "$root" "$PACKAGE_FOLDER/$2_$3_amd64.deb" >/dev/null
}

# In KiB, as dpkg counts: each file rounded up, and one for every folder and link. What the build machine's file system takes does not matter.
installed_size() {
  find "$1" -mindepth 1 -path "$1/DEBIAN" -prune -o \( -type f -printf '%s\n' -o -printf '1\n' \) |
    awk '{ size += int(($1 + 1023) / 1024) } END { print size }'
}

# The newest version of glibc of which one of the programs uses a symbol.
needed_libc() {
  objdump -T "$@" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -n 1
}

# The time of the last change, in seconds since 1970.
source_date() {
  git log -1 --format=%ct 2>/dev/null || date +%s
}
