# shellcheck shell=bash
# Packages of the guest service for guests with an operating system of their own: a .deb for Debian and Ubuntu, a .zip for Windows, and a disc with both.

readonly PACKAGE_FOLDER=artifacts/packages
readonly DEBIAN_PACKAGE=vmsrvc
# The folder beside the programs in which they look for the disc.
readonly INTEGRATION_MEDIA="Integration Components"
readonly PACKAGE_MAINTAINER="VpcComApi maintainers <maintainers@vpccomapi.invalid>"
# What stands in control's Description; the long one is wrapped as Debian wants it.
readonly PACKAGE_SUMMARY="guest service of VpcComApi virtual machines"

packages() {
  local version
  version="$(package_version)"
  rm -rf "$PACKAGE_FOLDER"
  mkdir -p "$PACKAGE_FOLDER/work"
  restore
  debian_package "$version"
  windows_package "$version"
  integration_disc "$version"
  rm -rf "$PACKAGE_FOLDER/work"
  place_integration_disc
  say "Packages:"
  ls -sh1 "$PACKAGE_FOLDER" | sed 1d
}

package_version() {
  sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props
}

# --- Debian -----------------------------------------------------------------------------------------------------------------------------------

debian_package() {
  local root="$PACKAGE_FOLDER/work/root"
  if ! have dpkg-deb || ! have objdump || ! can_link; then
    warn "dpkg-deb, gcc and objdump (binutils) are needed for the Debian package: it is left out, and so are its tests."
    export VPCCOMAPI_ALLOW_SKIP=1
    return
  fi

  say "Packages: vmsrvc for Debian"
  publish_linux_programs
  install -D -m 755 "$PUBLISH_FOLDER/linux-x64/vmsrvc" "$root/usr/sbin/vmsrvc"
  install -d -m 755 "$root/lib/systemd/system" "$root/etc/default"
  sed 's|/opt/vmsrvc/vmsrvc|/usr/sbin/vmsrvc|' src/GuestServices/packaging/vmsrvc.service >"$root/lib/systemd/system/vmsrvc.service"
  install -m 644 build/packages/default "$root/etc/default/vmsrvc"
  debian_documents "$root" "$1"
  debian_control "$root" "$1"
  find "$root" -type f -not -perm /111 -exec chmod 644 {} +
  find "$root" -type d -exec chmod 755 {} +
  # The files are root's, whoever builds; their times are those of the last change, so that the same sources make the same package.
  SOURCE_DATE_EPOCH="$(git log -1 --format=%ct 2>/dev/null || date +%s)" \
    dpkg-deb --build --root-owner-group -Zxz "$root" "$PACKAGE_FOLDER/${DEBIAN_PACKAGE}_$1_amd64.deb" >/dev/null
}

# usage: debian_documents ROOT VERSION
debian_documents() {
  local documents="$1/usr/share/doc/$DEBIAN_PACKAGE" manuals="$1/usr/share/man/man8" overrides="$1/usr/share/lintian/overrides"
  mkdir -p "$documents" "$manuals" "$overrides"
  {
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: VpcComApi\n\nFiles: *\n'
    printf 'Copyright: %s\nLicense: MIT\n' "$(sed -n 's/^Copyright (c) //p' LICENSE)"
    sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'
  } >"$documents/copyright"
  printf '%s (%s) unstable; urgency=medium\n\n  * See the project'\''s history.\n\n -- %s  %s\n' \
    "$DEBIAN_PACKAGE" "$2" "$PACKAGE_MAINTAINER" "$(git log -1 --format=%cD 2>/dev/null || date -R)" | gzip -9n >"$documents/changelog.gz"
  gzip -9n <build/packages/vmsrvc.8 >"$manuals/vmsrvc.8.gz"
  cp build/packages/lintian-overrides "$overrides/$DEBIAN_PACKAGE"
}

# usage: debian_control ROOT VERSION
debian_control() {
  local control="$1/DEBIAN" script
  mkdir -p "$control"
  cat >"$control/control" <<CONTROL
Package: $DEBIAN_PACKAGE
Version: $2
Architecture: amd64
Maintainer: $PACKAGE_MAINTAINER
Installed-Size: $(du -sk --exclude=DEBIAN "$1" | cut -f1)
Depends: libc6 (>= $(needed_libc "$1/usr/sbin/vmsrvc"))
Recommends: libssl3
Section: admin
Priority: optional
Description: $PACKAGE_SUMMARY
 Connects a virtual machine with its host: says what the guest is, shuts it
 down on request, and relays each communication channel of the host to a TCP
 server on 127.0.0.1. It opens no port and needs no network.
 .
 libssl3 is needed only where host and guest prove a key to each other.
CONTROL
  echo /etc/default/vmsrvc >"$control/conffiles"
  for script in postinst prerm postrm; do
    install -m 755 "build/packages/$script" "$control/$script"
  done
  (cd "$1" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) >"$control/md5sums"
}

# The newest version of glibc of which the program uses a symbol.
needed_libc() {
  objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -n 1
}

# --- Windows -----------------------------------------------------------------------------------------------------------------------------------

# One program with its runtime in it, the script that makes it a service, and a text that says how.
windows_package() {
  say "Packages: vmsrvc for Windows guests"
  dotnet msbuild build/Publish.proj -target:PackWindowsGuest -property:Configuration="$CONFIGURATION" -property:PackageVersion="$1" \
    -property:PackageRoot="$REPOSITORY/$PACKAGE_FOLDER/" -verbosity:quiet -nologo
}

# --- The disc ----------------------------------------------------------------------------------------------------------------------------------

# What InstallIntegrationComponents puts into a machine's DVD drive. ISO 9660 with Joliet for Windows and Rock Ridge for Linux.
integration_disc() {
  local content="$PACKAGE_FOLDER/work/disc"
  if ! have xorriso; then
    warn "xorriso is needed for the disc of the guest service: it is left out, and so are its tests."
    export VPCCOMAPI_ALLOW_SKIP=1
    return
  fi

  say "Packages: the disc of the guest service"
  mkdir -p "$content/Windows"
  sed 's/$/\r/' build/packages/disc-readme.txt >"$content/README.txt"
  cp LICENSE "$content/LICENSE"
  cp "$PACKAGE_FOLDER/work/windows"/{vmsrvc.exe,Install-GuestService.ps1,README.txt} "$content/Windows/"
  find "$PACKAGE_FOLDER" -maxdepth 1 -name '*.deb' -exec cp {} "$content/" \;
  find "$content" -type f -exec chmod 644 {} +
  SOURCE_DATE_EPOCH="$(git log -1 --format=%ct 2>/dev/null || date +%s)" \
    xorriso -report_about WARNING -as mkisofs -quiet -volid VMSRVC -joliet -joliet-long -rational-rock -output "$PACKAGE_FOLDER/vmsrvc-$1.iso" "$content"
}

# Puts the disc where the published programs look for it, if both are there.
place_integration_disc() {
  local platform
  [ -n "$(find "$PACKAGE_FOLDER" -maxdepth 1 -name '*.iso' 2>/dev/null)" ] || return 0
  for platform in "$PUBLISH_FOLDER"/*-x64; do
    [ -d "$platform" ] || continue
    mkdir -p "$platform/$INTEGRATION_MEDIA"
    rm -f "$platform/$INTEGRATION_MEDIA"/*.iso
    cp "$PACKAGE_FOLDER"/*.iso "$platform/$INTEGRATION_MEDIA/"
  done
}
