# shellcheck shell=bash
# Shows a machine with an operating system of its own: QEMU boots a small Linux without any network, and programs in it are reached from the host,
# first through vpcctl, then through COM under Wine. Every step has a limit, and nothing of it stays.

readonly QEMU_DEMO_FOLDER=artifacts/qemu-demo
readonly QEMU_MACHINE="Small Linux"
# A Windows of its own: its first machine becomes one of QEMU.
readonly QEMU_PREFIX=artifacts/wine/qemu-demo
# An emulated processor on a busy computer needs some ten seconds to boot.
readonly QEMU_STEP_LIMIT=120

demo_qemu() {
  local started="$SECONDS"
  setup
  have qemu-system-x86_64 || fail "QEMU is missing. Install it: apt-get install qemu-system-x86"
  build
  publish
  guest_image
  [ -s "$GUEST_IMAGE_FOLDER/initrd" ] || fail "The guest image could not be made; the lines above say why."

  trap end_demo_qemu EXIT
  rm -rf "$QEMU_DEMO_FOLDER"
  mkdir -p "$QEMU_DEMO_FOLDER"
  use_own_machines
  demo_qemu_native
  if have_com; then
    demo_qemu_com
  else
    heading "Through COM: left out"
    tell "Wine, mingw-w64 or a working widl is not here and could not be installed. ./build.sh setup says what it needs."
  fi
  heading "Done in $((SECONDS - started)) seconds"
  tell "The pictures of the guest's display:"
  ls "$QEMU_DEMO_FOLDER"/*.png | sed "s|^|  $REPOSITORY/|"
}

# Turns the machine off, whatever has happened; with vpcctl's host process QEMU ends in any case.
end_demo_qemu() {
  local outcome="$?"
  timeout "$QEMU_STEP_LIMIT" "$NATIVE_PROGRAMS/vpcctl" stop "$QEMU_MACHINE" >/dev/null 2>&1 || true
  if [ "$outcome" -ne 0 ] && [ -e "$STEP_LOG" ]; then
    warn "The last step failed. It wrote:"
    cat "$STEP_LOG" >&2
  fi
  end_windows_samples
  rm -rf "$QEMU_PREFIX"
}

# usage: qemu_settings PATH-OF-THE-IMAGES; prints what makes a machine one of QEMU that boots the guest image, an argument a line.
qemu_settings() {
  local key=integration/vpccomapi/qemu
  printf '%s\n' --provider qemu --memory 128 --set "$key/kernel=$1/kernel" --set "$key/initial_ram_disk=$1/initrd" \
    --set "$key/kernel_arguments=console=tty0 quiet panic=-1 no_timer_check vt.global_cursor_default=0"
}

demo_qemu_native() {
  local settings
  heading "1. Natively on Linux"
  tell "Host program -> named pipe -> vpcctl (the host process) -> VPCBus -> virtio-serial port -> vmsrvc in a booted Linux -> a program in it."
  mapfile -t settings < <(qemu_settings "$REPOSITORY/$GUEST_IMAGE_FOLDER")
  show "vpcctl create \"$QEMU_MACHINE\" --provider qemu --set .../kernel=..." vpcctl_step create "$QEMU_MACHINE" "${settings[@]}"
  show "vpcctl start \"$QEMU_MACHINE\"" vpcctl_step start "$QEMU_MACHINE"
  show "vpcctl state \"$QEMU_MACHINE\"" vpcctl_step state "$QEMU_MACHINE"
  show "vpcctl channel \"$QEMU_MACHINE\" --pipe command --port 6181" vpcctl_step channel "$QEMU_MACHINE" --pipe command --port 6181
  tell "A command line of the host runs in the guest. Its firmware has the machine's asset tag, and there is no network but its own loopback:"
  show "RemoteCommand.Host command 'uname -sr; dmidecode -s chassis-asset-tag; ls /sys/class/net; ...'" \
    timeout "$QEMU_STEP_LIMIT" dotnet "samples/remote-command/RemoteCommand.Host/$SAMPLE_BUILD/RemoteCommand.Host.dll" command \
    'uname -sr; dmidecode -s chassis-asset-tag; ls /sys/class/net; echo "  Hello from the host" >/dev/tty1'
  show "vpcctl screenshot \"$QEMU_MACHINE\" --out screen.png" \
    vpcctl_step screenshot "$QEMU_MACHINE" --out "$QEMU_DEMO_FOLDER/screen.png"
  show "vpcctl stop \"$QEMU_MACHINE\"" vpcctl_step stop "$QEMU_MACHINE"
}

vpcctl_step() {
  timeout "$QEMU_STEP_LIMIT" "$NATIVE_PROGRAMS/vpcctl" "$@"
}

demo_qemu_com() {
  heading "2. Through real COM, under Wine"
  tell "Client -> COM -> vpc.exe, a Windows program under Wine -> this system's QEMU -> the same Linux. The client is the one of samples/cpp, unchanged."
  SAMPLE_PREFIX="$QEMU_PREFIX"
  rm -rf "$QEMU_PREFIX"
  show "vpc.exe /RegServer" register_server
  show "cscript boot.vbs kernel initrd serial-2.txt   (makes \"$MACHINE\" a QEMU machine and starts it)" \
    limited_wine cscript //nologo "$(windows_path tests/EndToEnd.Tests/Qemu/boot.vbs)" \
    "$(windows_path "$GUEST_IMAGE_FOLDER/kernel")" "$(windows_path "$GUEST_IMAGE_FOLDER/initrd")" "$(windows_path "$QEMU_DEMO_FOLDER/serial-2.txt")"
  show "client.exe hello 6174" limited_wine "$SAMPLE_PROGRAMS/client.exe" hello 6174
  tell "What the guest says of itself, asked through another channel:"
  show "client.exe report 6175" limited_wine "$SAMPLE_PROGRAMS/client.exe" report 6175
  show "cscript client.vbs script 6174" limited_wine cscript //nologo "$(windows_path samples/vbscript/client.vbs)" script 6174
  show "vpcctl.exe screenshot \"$MACHINE\" --out thumbnail.png   (IVMDisplay.Thumbnail)" \
    limited_wine "$WINDOWS_PROGRAMS/vpcctl.exe" screenshot "$MACHINE" --out "$(windows_path "$QEMU_DEMO_FOLDER/thumbnail.png")"
  show "vpcctl.exe stop \"$MACHINE\"" limited_wine "$WINDOWS_PROGRAMS/vpcctl.exe" stop "$MACHINE"
}

register_server() {
  compile_cpp_samples
  start_wine
  limited_wine "$WINDOWS_PROGRAMS/vpc.exe" /RegServer
}

# A Windows program with a limit. Its output goes through a file: the COM server that its call may start inherits it and would hold a pipe open.
limited_wine() {
  local output="$LOG_FOLDER/qemu-demo-client.log" outcome=0
  wine_environment timeout "$QEMU_STEP_LIMIT" wine "$@" >"$output" 2>&1 || outcome=$?
  grep -v 'FS volume label' "$output" || true
  return "$outcome"
}
