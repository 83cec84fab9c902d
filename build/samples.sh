# shellcheck shell=bash
# Starts one sample with all that it needs: a guest program, a machine with a channel to it, and the host program.

readonly NATIVE_PROGRAMS="$PUBLISH_FOLDER/linux-x64"
readonly WINDOWS_PROGRAMS="$PUBLISH_FOLDER/win-x64"
readonly SAMPLE_BUILD="bin/$CONFIGURATION/net10.0"
readonly SAMPLE_PROGRAMS=artifacts/samples
readonly MACHINE="Windows XP Mode"
readonly GUEST_PORT=6174

sample() {
  case "${1:-}" in
    guest-monitor) native_sample sample_guest_monitor 2 ;;
    remote-command) native_sample sample_remote_command ;;
    print-redirect) native_sample sample_print_redirect ;;
    cpp | vbscript | powershell | csharp) windows_sample "$1" ;;
    *) fail "usage: ./build.sh sample cpp|vbscript|powershell|csharp|guest-monitor|remote-command|print-redirect" ;;
  esac
}

native_sample() {
  require_programs "$NATIVE_PROGRAMS/vpcctl"
  trap stop_background EXIT
  "$@"
}

windows_sample() {
  have_wine || fail "Wine and mingw-w64 are needed here. Run ./build.sh setup."
  require_programs "$WINDOWS_PROGRAMS/vpc.exe" artifacts/test-tools/PowerShellHost/PowerShellHost.exe
  trap end_windows_samples EXIT
  begin_windows_samples
  run_windows_client "$1"
}

require_programs() {
  local program
  for program in "$@"; do
    if [ ! -e "$program" ]; then
      build
      publish
      publish_test_tools
      return
    fi
  done
}

# --- Natively -------------------------------------------------------------------------------------------------------------------------

# usage: with_channel PIPE PORT GUEST-PROJECT [ARGUMENT]...
# Starts the guest program and, when it listens, a machine with a channel to it. The host program may then connect to PIPE.
with_channel() {
  local pipe="$1" port="$2" project="$3"
  shift 3
  start_background "$pipe-guest" dotnet "samples/$project/$SAMPLE_BUILD/${project##*/}.dll" "$@"
  wait_for_text "$pipe-guest" "Listening" 30
  start_background "$pipe-machine" "$NATIVE_PROGRAMS/vpcctl" up "$MACHINE" --channel "$pipe:$port"
  wait_for_text "$pipe-machine" "Ctrl-C ends it" 60
}

run_sample_program() {
  local project="$1"
  shift
  dotnet "samples/$project/$SAMPLE_BUILD/${project##*/}.dll" "$@"
}

# usage: sample_guest_monitor REPORTS
sample_guest_monitor() {
  with_channel monitor 6180 guest-monitor/GuestMonitor.Guest 6180 1
  run_sample_program guest-monitor/GuestMonitor.Host monitor "$1"
}

# usage: sample_remote_command [COMMAND LINE]; without one it reads lines from the keyboard.
sample_remote_command() {
  with_channel command 6181 remote-command/RemoteCommand.Guest 6181
  run_sample_program remote-command/RemoteCommand.Host command "$@"
}

sample_print_redirect() {
  local printer="$SAMPLE_PROGRAMS/guest-printer" spool="$SAMPLE_PROGRAMS/host-spool"
  rm -rf "$printer" "$spool"
  mkdir -p "$printer"
  with_channel print 6182 print-redirect/PrintRedirect.Guest "$printer" 6182
  printf 'A page that was printed in the guest.\n' >"$printer/page.part"
  mv "$printer/page.part" "$printer/page.txt"
  run_sample_program print-redirect/PrintRedirect.Host print "$spool" 1
  cat "$spool/0001-page.txt"
}

# --- Through real COM, under Wine ---------------------------------------------------------------------------------------------------------

# Registers the server and starts the guest program. The server itself is started by nobody but COM.
begin_windows_samples() {
  compile_cpp_samples
  start_wine
  run_wine "$WINDOWS_PROGRAMS/vpc.exe" /RegServer
  start_background guest-program wine_environment wine "$SAMPLE_PROGRAMS/server.exe" "$GUEST_PORT"
  wait_for_text guest-program "Listening" 30
}

end_windows_samples() {
  stop_wine
  stop_background
}

compile_cpp_samples() {
  mkdir -p "$SAMPLE_PROGRAMS"
  compile_cpp client -lole32 -loleaut32
  compile_cpp server -lws2_32
}

compile_cpp() {
  local name="$1"
  shift
  x86_64-w64-mingw32-g++ -std=c++17 -Wall -Wextra -O2 -static -I "$WINDOWS_PROGRAMS/include" \
    "samples/cpp/$name.cpp" -o "$SAMPLE_PROGRAMS/$name.exe" "$@"
}

# A client's output goes through a file: under Wine the COM server that the client's call starts inherits its output and would hold a pipe
# open. And a script that fails there ends without a word, so what was written is what counts.
run_windows_client() {
  local output="$LOG_FOLDER/$1-client.log"
  run_windows_program "$1" >"$output" 2>&1 || true
  cat "$output"
  grep -q '^Sent: ' "$output" || fail "The $1 client did not reach the guest program."
}

run_windows_program() {
  case "$1" in
    cpp) run_wine "$SAMPLE_PROGRAMS/client.exe" "$1" "$GUEST_PORT" ;;
    vbscript) run_wine cscript //nologo "$(windows_path samples/vbscript/client.vbs)" "$1" "$GUEST_PORT" ;;
    powershell)
      run_wine artifacts/test-tools/PowerShellHost/PowerShellHost.exe \
        "$(windows_path samples/powershell/client.ps1)" "$1" "$GUEST_PORT"
      ;;
    csharp) run_wine artifacts/test-tools/EarlyBoundClient/EarlyBoundClient.exe "$1" "$GUEST_PORT" ;;
  esac
}
