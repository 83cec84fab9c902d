# shellcheck shell=bash
# Restores and builds the solution once. Publishing and testing use what this leaves.

readonly CONFIGURATION=Release

restore() {
  say "Restoring packages, exactly those of the lock files"
  dotnet restore VpcComApi.sln --locked-mode --verbosity quiet
}

build() {
  restore
  say "Building ($CONFIGURATION, warnings are errors)"
  dotnet build VpcComApi.sln --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
}
