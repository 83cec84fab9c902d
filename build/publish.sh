# shellcheck shell=bash
# Leaves the programs as people get them in artifacts/publish, and the programs that only tests use in artifacts/test-tools.

readonly PUBLISH_FOLDER=artifacts/publish

build_and_publish() {
  build
  publish
}

publish() {
  say "Publishing to $PUBLISH_FOLDER"
  rm -rf "$PUBLISH_FOLDER"
  publish_target PublishWindows
  publish_linux_programs
  publish_contract
  place_integration_disc
}

# vpcctl and vmsrvc, each one native program; the linker's work is done again only when its input has changed.
# usage: publish_linux_programs [OPTION]...
publish_linux_programs() {
  if can_link; then
    publish_target PublishLinux "$@"
  else
    warn "gcc, objcopy (binutils) and the C library's development files (libc6-dev) are needed for native programs: vpcctl and vmsrvc for Linux come with a runtime beside them, and start more slowly."
    publish_target PublishLinux -property:NativeLink=false "$@"
  fi
}

# Whether gcc links a program; without the C library's development files it does not. Asked once.
can_link() {
  local program
  if [ -z "${CAN_LINK:-}" ]; then
    CAN_LINK=no
    program="$(mktemp)"
    if have gcc && have objcopy && echo 'int main(void) { return 0; }' | gcc -x c - -o "$program" 2>/dev/null; then
      CAN_LINK=yes
    fi
    rm -f "$program"
  fi
  [ "$CAN_LINK" = yes ]
}

publish_test_tools() {
  say "Publishing the tests' own Windows programs"
  rm -rf artifacts/test-tools
  publish_target PublishTestTools
}

# usage: publish_target TARGET [OPTION]...
publish_target() {
  dotnet msbuild build/Publish.proj -target:"$1" -property:Configuration="$CONFIGURATION" "${@:2}" -verbosity:quiet -nologo
}

# The type library, which vpc.exe loads, and the C++ header. Both are made from the IDL, by any widl that finds all that the IDL imports.
publish_contract() {
  if ! interop/build-typelib.sh --check; then
    warn "VirtualPC.tlb and the C++ header are left out. vpc.exe does not run without its type library."
    export VPCCOMAPI_ALLOW_SKIP=1
    return
  fi
  interop/build-typelib.sh "$PUBLISH_FOLDER/win-x64"
}
