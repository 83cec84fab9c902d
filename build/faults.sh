# shellcheck shell=bash
# The long fault run: kills guest service, host, client and server at random moments under load, a thousand times unless told otherwise.

# usage: faults [--kills N] [--seed N]
faults() {
  restore
  say "Building the fault run ($CONFIGURATION)"
  dotnet build tests/FaultRun --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  say "Killing; Ctrl-C ends it without a ledger"
  "tests/FaultRun/bin/$CONFIGURATION/net10.0/FaultRun" "$@"
}
