# shellcheck shell=bash
# Packages of the guest service for guests with an operating system of their own: a .deb for Debian and Ubuntu, a .zip for Windows, and a disc with both.
# And a .deb of the host's programs, which has that disc too.

readonly PACKAGE_FOLDER=artifacts/packages
# The folder beside the programs in which they look for the disc.
readonly INTEGRATION_MEDIA="Integration Components"

# Does all that the packages need, as far as "build" has not done it.
restore_and_package() {
  restore
  build_manual_pages
  packages
}

packages() {
  local version debian=""
  version="$(package_version)"
  rm -rf "$PACKAGE_FOLDER"
  mkdir -p "$PACKAGE_FOLDER/work"
  if can_pack_for_debian; then
    debian=yes
    publish_linux_programs
    guest_package "$version"
  else
    warn "dpkg-deb, gcc and objdump (binutils) are needed for the Debian packages: they are left out, and so are their tests."
    export VPCCOMAPI_ALLOW_SKIP=1
  fi
  windows_package "$version"
  integration_disc "$version"
  [ -z "$debian" ] || host_package "$version"
  rm -rf "$PACKAGE_FOLDER/work"
  place_integration_disc
  say "Packages:"
  ls -sh1 "$PACKAGE_FOLDER" | sed 1d
}

package_version() {
  sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props
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
  find "$content" -exec touch --date="@$(source_date)" {} +
  SOURCE_DATE_EPOCH="$(source_date)" \
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
