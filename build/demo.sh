# shellcheck shell=bash
# Shows the whole chain: first natively, then through real COM under Wine. The exit code tells whether all of it worked.

readonly DEMO_HOME=artifacts/demo-home
# What the running step has written; it is shown when the step has ended.
readonly STEP_LOG="$LOG_FOLDER/demo-step.log"

demo() {
  local started="$SECONDS"
  setup
  build
  publish
  publish_test_tools

  # A step that fails leaves with its output still redirected.
  exec 3>&2
  trap end_demo EXIT
  use_own_machines
  demo_native
  if have_com; then
    demo_com
  else
    heading "Through COM: left out"
    tell "Wine, mingw-w64 or a working widl is not here and could not be installed. ./build.sh setup says what it needs."
  fi
  heading "Done in $((SECONDS - started)) seconds"
}

end_demo() {
  local outcome="$?"
  if [ "$outcome" -ne 0 ] && [ -e "$STEP_LOG" ]; then
    {
      warn "The last step failed. It wrote:"
      cat "$STEP_LOG" >&2
    } 2>&3
  fi
  end_windows_samples
}

# The demo has machines of its own; those of the user are left alone.
use_own_machines() {
  rm -rf "$DEMO_HOME"
  mkdir -p "$DEMO_HOME"
  export XDG_DATA_HOME="$REPOSITORY/$DEMO_HOME"
}

demo_native() {
  heading "1. Natively on Linux"
  tell "Host program -> named pipe -> vpcctl (the host process) -> VPCBus -> vmsrvc (the guest's service) -> TCP server in the guest."
  tell "The guest is emulated: it is a process beside the host process. The names and the bytes are those of the real thing."

  show "vpcctl list" "$NATIVE_PROGRAMS/vpcctl" list
  demo_step "Guest monitor: a program in the guest reports disk space and health to a program on the host." \
    "GuestMonitor.Host monitor 1" sample_guest_monitor 1
  demo_step "Remote command: a line typed on the host runs in the guest; output and exit code come back." \
    "RemoteCommand.Host command 'echo Hello from the guest; uname -sr'" \
    sample_remote_command 'echo Hello from the guest; uname -sr'
  demo_step "Print redirect: a document printed in the guest is spooled on the host." \
    "PrintRedirect.Host print SPOOL 1" sample_print_redirect
  show "vpcctl log" "$NATIVE_PROGRAMS/vpcctl" log
}

# usage: demo_step WHAT COMMAND-AS-SHOWN FUNCTION [ARGUMENT]...
# What runs beside the sample ends with it.
demo_step() {
  tell "$1"
  shift
  show "$@"
  stop_background
}

demo_com() {
  heading "2. Through real COM, under Wine"
  tell "Client -> COM -> vpc.exe, which nobody starts but COM -> VPCBus -> vmsrvc.exe -> a TCP server in C++ in the guest."
  show "vpc.exe /RegServer" begin_windows_samples

  demo_client cpp "C++, early bound, compiled against vpccominterfaces.h" client.exe
  demo_client vbscript "VBScript, late bound" "cscript client.vbs"
  demo_client powershell "PowerShell" "powershell client.ps1"
  demo_client csharp "C#, early bound" EarlyBoundClient.exe

  tell "What the guest program saw:"
  indent <"$LOG_FOLDER/guest-program.log"
}

demo_client() {
  tell "$2:"
  show "$3" run_windows_client "$1"
}

heading() {
  printf '\n== %s %s\n' "$1" "$(printf '=%.0s' $(seq $((100 - ${#1}))))"
}

tell() {
  printf '\n%s\n' "$*"
}

# usage: show COMMAND-AS-SHOWN PROGRAM [ARGUMENT]...
show() {
  printf '\n  $ %s\n' "$1"
  shift
  mkdir -p "$LOG_FOLDER"
  "$@" >"$STEP_LOG" 2>&1
  indent <"$STEP_LOG"
  rm -f "$STEP_LOG"
}

indent() {
  sed 's/^/    /'
}
