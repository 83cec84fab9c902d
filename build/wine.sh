# shellcheck shell=bash
# A Windows for samples and demo: a Wine prefix below artifacts/, made once. It touches no other prefix of the user.

SAMPLE_PREFIX=artifacts/wine/samples
readonly WINE_START_LIMIT=120

have_wine() {
  have wine && have wineserver && have x86_64-w64-mingw32-g++
}

# The COM server needs its type library, which is left out where no IDL compiler works.
have_com() {
  have_wine && [ -e "$PUBLISH_FOLDER/win-x64/VirtualPC.tlb" ]
}

# Under Wine 8 .NET needs its code mapped once: mapped twice, as is its default, a garbage collection ends the process (docs/vpc.md).
# There is no display; its driver for Wayland, which Wine 10 has, would complain about that before every program's first word.
wine_environment() {
  env -u DISPLAY WINEPREFIX="$REPOSITORY/$SAMPLE_PREFIX" WINEDEBUG=-all WINEDLLOVERRIDES="winemenubuilder.exe=;winewayland.drv=" \
    DOTNET_EnableWriteXorExecute=0 "$@"
}

# Wine's own complaint about drive Z: is of no use to anybody.
run_wine() {
  wine_environment wine "$@" 2> >(grep -v 'FS volume label' >&2)
}

# How a Windows program names a file of the repository.
windows_path() {
  printf 'Z:%s' "${REPOSITORY//\//\\}\\${1//\//\\}"
}

# Starts Wine's services with a program that lives as long as the script does; they would otherwise hold the output of the first client.
start_wine() {
  mkdir -p "$SAMPLE_PREFIX"
  start_background wine wine_environment wine cmd /c "echo Wine is up & ping -n 3600 127.0.0.1 >NUL"
  wait_for_text wine "Wine is up" "$WINE_START_LIMIT"
}

stop_wine() {
  [ ! -d "$SAMPLE_PREFIX" ] || wine_environment wineserver --kill 2>/dev/null || true
}
