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

# The type library, which vpc.exe loads, and the C++ header. Both are made from the IDL, by any widl that finds all that the IDL imports.
publish_contract() {
  if ! interop/build-typelib.sh --check; then
    warn "VirtualPC.tlb and the C++ header are left out. vpc.exe does not run without its type library."
    export VPCCOMAPI_ALLOW_SKIP=1
    return
  fi
  interop/build-typelib.sh "$PUBLISH_FOLDER/win-x64"
}
