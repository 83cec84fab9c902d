# shellcheck shell=bash
# Feeds what a guest may write with inputs that no guest would: coverage-guided, natively, for so many seconds altogether.

readonly FUZZ_FOLDER=artifacts/fuzz
# The same as in Directory.Packages.props.
readonly SHARPFUZZ_VERSION=2.3.0

fuzz() {
  local seconds="${1:-120}"
  case "$seconds" in
    '' | *[!0-9]*) fail "usage: ./build.sh fuzz [SECONDS [TARGET...]]" ;;
  esac
  shift || true

  say "Building, with branches counted"
  dotnet restore tests/Fuzz --locked-mode --verbosity quiet
  dotnet build tests/Fuzz --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  rm -rf "$FUZZ_FOLDER/bin"
  mkdir -p "$FUZZ_FOLDER"
  cp -r "tests/Fuzz/bin/$CONFIGURATION/net10.0" "$FUZZ_FOLDER/bin"
  [ -x "$FUZZ_FOLDER/tool/sharpfuzz" ] ||
    dotnet tool install SharpFuzz.CommandLine --version "$SHARPFUZZ_VERSION" --tool-path "$FUZZ_FOLDER/tool" --verbosity quiet
  "$FUZZ_FOLDER/tool/sharpfuzz" "$FUZZ_FOLDER/bin/VpcBus.dll"

  say "Fuzzing; what is found stays in $FUZZ_FOLDER"
  dotnet "$FUZZ_FOLDER/bin/Fuzz.dll" run "$seconds" "$FUZZ_FOLDER" "$@"
}
