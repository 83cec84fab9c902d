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
  dotnet msbuild build/Publish.proj -target:Publish -property:Configuration="$CONFIGURATION" -verbosity:quiet -nologo
  publish_contract
  place_integration_disc
}

publish_test_tools() {
  say "Publishing the tests' own Windows programs"
  rm -rf artifacts/test-tools
  dotnet msbuild build/Publish.proj -target:PublishTestTools -property:Configuration="$CONFIGURATION" -verbosity:quiet -nologo
}

# The type library, which vpc.exe loads, and the C++ header. Both are made from the IDL.
publish_contract() {
  if ! have widl && ! have x86_64-w64-mingw32-widl; then
    warn "widl is missing: VirtualPC.tlb and the C++ header are left out, and vpc.exe will not run without its type library."
    return
  fi
  interop/build-typelib.sh "$PUBLISH_FOLDER/win-x64"
}
