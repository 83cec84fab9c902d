# shellcheck shell=bash
# What every other file here uses.

export DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_NOLOGO=1
# A fresh machine may have no ICU, and nothing here needs cultures.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}"
# No build server may stay behind when a command ends.
export MSBUILDDISABLENODEREUSE=1
export UseSharedCompilation=false

say() {
  printf '%s\n' "--- $*"
}

warn() {
  printf '%s\n' "!!! $*" >&2
}

fail() {
  warn "$*"
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

require_dotnet() {
  have dotnet || fail "The .NET SDK is missing. Install version 10 (https://dotnet.microsoft.com/download) and put dotnet into PATH."
}
