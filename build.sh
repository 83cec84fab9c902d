#!/usr/bin/env bash
# The one way to set up, build, test, show and publish VpcComApi on Linux. Each subject stands in a file of its own under build/.
set -euo pipefail

REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly REPOSITORY
cd "$REPOSITORY"

# shellcheck source=build/common.sh
. build/common.sh
# shellcheck source=build/setup.sh
. build/setup.sh
# shellcheck source=build/compile.sh
. build/compile.sh
# shellcheck source=build/publish.sh
. build/publish.sh
# shellcheck source=build/guest-image.sh
. build/guest-image.sh
# shellcheck source=build/debian-packages.sh
. build/debian-packages.sh
# shellcheck source=build/packages.sh
. build/packages.sh
# shellcheck source=build/package-sources.sh
. build/package-sources.sh
# shellcheck source=build/clean-debian.sh
. build/clean-debian.sh
# shellcheck source=build/test.sh
. build/test.sh
# shellcheck source=build/faults.sh
. build/faults.sh
# shellcheck source=build/background.sh
. build/background.sh
# shellcheck source=build/wine.sh
. build/wine.sh
# shellcheck source=build/samples.sh
. build/samples.sh
# shellcheck source=build/demo.sh
. build/demo.sh
# shellcheck source=build/qemu-demo.sh
. build/qemu-demo.sh
# shellcheck source=build/bench.sh
. build/bench.sh
# shellcheck source=build/fuzz.sh
. build/fuzz.sh
# shellcheck source=build/model.sh
. build/model.sh
# shellcheck source=build/midl.sh
. build/midl.sh

help() {
  cat <<'TEXT'
usage: ./build.sh COMMAND

  setup     install what is lacking: Wine, mingw-w64, widl (apt-get, as root or through sudo)
  build     build everything, warnings are errors
  publish   leave the programs in artifacts/publish/win-x64 and artifacts/publish/linux-x64
  demo      setup, build, publish, then show the whole chain: natively, and through real COM under Wine
            with --qemu: a Linux that QEMU boots, reached natively and through COM, and pictures of its display
  guest-image
            make the small Linux guest for QEMU machines in artifacts/guest-image (Debian packages and vmsrvc)
  clean-debian
            make a minimal Debian in artifacts/clean-debian, in which tests install the packages (as root)
  packages  make the packages in artifacts/packages: of the guest service a .deb, a .zip for Windows, and a disc with both;
            of the host's programs a .deb
  test      [NAME...]: setup, build, publish, then run every test, or those of test projects or with a part of a name; the last line is
            "N passed, N failed, N skipped". --quick: build, then run what needs neither Wine nor QEMU
  faults    [--kills N] [--seed N]: kill each process at random moments under load, 1000 times, and show where every byte went
  sample    start one sample: cpp, vbscript, powershell, csharp, guest-monitor, remote-command, print-redirect
  bench     measure the product beside its peers, natively; options: docs/bench.md
  fuzz      feed the bus with what no guest would write, for 120 s or so many: fuzz [SECONDS [TARGET...]]
  model     check the model of the rings' signals for lost wake-ups, with spin (docs/model)
  check-midl
            --accept-license: compile the IDL with Microsoft's MIDL under Wine and compare its type library with widl's; exit code 3: not checked
  clean     delete all that was built
  help      show this text
TEXT
}

clean() {
  say "Deleting artifacts/ and all bin/ and obj/ folders"
  rm -rf artifacts
  find interop src tests samples bench build -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + 2>/dev/null || true
}

main() {
  local command="${1:-help}"
  case "$command" in
    help | -h | --help | clean) ;;
    *) require_dotnet ;;
  esac

  case "$command" in
    setup) setup ;;
    build) build ;;
    publish) build_and_publish ;;
    guest-image) setup && restore && guest_image ;;
    clean-debian) setup && clean_debian ;;
    packages) setup && restore_and_package ;;
    demo)
      case "${2:-}" in
        "") demo ;;
        --qemu) demo_qemu ;;
        *) fail "usage: ./build.sh demo [--qemu]" ;;
      esac
      ;;
    test) test_command "${@:2}" ;;
    faults) faults "${@:2}" ;;
    sample) sample "${2:-}" ;;
    bench) bench "${@:2}" ;;
    fuzz) fuzz "${@:2}" ;;
    model) model ;;
    check-midl) check_midl "${@:2}" ;;
    clean) clean ;;
    help | -h | --help) help ;;
    *)
      help >&2
      fail "There is no command '$1'."
      ;;
  esac
}

main "$@"
