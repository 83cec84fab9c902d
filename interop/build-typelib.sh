#!/usr/bin/env bash
# Makes the type library and the C/C++ header from VirtualPC.idl, with Wine's IDL compiler (widl).
# usage: interop/build-typelib.sh FOLDER | --check
# Leaves FOLDER/VirtualPC.tlb, FOLDER/include/vpccominterfaces.h and FOLDER/include/vpccominterfaces_i.c (the GUIDs, for programs that
# do not include initguid.h). With --check it says only whether there is all that it needs.
set -euo pipefail

fail() {
  echo "build-typelib: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: $0 FOLDER | --check"
OUTPUT=""
if [ "$1" != --check ]; then
  mkdir -p "$1/include"
  OUTPUT="$(cd "$1" && pwd)"
fi
readonly OUTPUT
# widl writes the name of its input into the header; a relative name keeps the output the same on every machine.
cd "$(dirname "${BASH_SOURCE[0]}")"

# Where Wine keeps the standard IDL files and the standard type library.
readonly INCLUDES="/usr/include/wine/wine/windows /usr/include/wine/windows /usr/include/wine-development/windows"
readonly STANDARD_LIBRARIES="/usr/lib/*/wine/x86_64-windows/stdole2.tlb /usr/lib/wine/x86_64-windows/stdole2.tlb"

# Finds the compiler, the folder of IDL files and that of stdole2.tlb that together make the type library. There are widls that lack what they need,
# and some that crash; so each combination is tried, and the first one that works is taken.
find_compiler() {
  local trial library compiler includes
  trial="$(mktemp)"
  # Both lists are of words; the first one has a pattern in it.
  # shellcheck disable=SC2086
  for library in $STANDARD_LIBRARIES; do
    [ -e "$library" ] || continue
    for compiler in widl x86_64-w64-mingw32-widl; do
      command -v "$compiler" >/dev/null || continue
      for includes in $INCLUDES; do
        if [ -d "$includes" ] &&
          ("$compiler" -m64 -I"$includes" -L"$(dirname "$library")" -t -o "$trial" VirtualPC.idl) >/dev/null 2>&1; then
          rm -f "$trial"
          COMPILER=("$compiler" -m64 -I"$includes")
          LIBRARY_FOLDER="$(dirname "$library")"
          return
        fi
      done
    done
  done
  rm -f "$trial"
  fail "there is no IDL compiler (widl) that finds oaidl.idl and stdole2.tlb. On Debian: apt-get install wine64-tools libwine-dev libwine"
}

compile() {
  "${COMPILER[@]}" -L"$LIBRARY_FOLDER" -t -o "$OUTPUT/VirtualPC.tlb" VirtualPC.idl
  "${COMPILER[@]}" -h -H "$OUTPUT/include/vpccominterfaces.h" -u -U "$OUTPUT/include/vpccominterfaces_i.c" VirtualPC.idl
}

# widl and MIDL differ in two type flags. The contract, whose original came from MIDL, decides:
#  - widl marks each dual interface as oleautomation (0x100); MIDL does so only where the IDL says it;
#  - widl marks an application object (0x1) as just that; MIDL marks it as predeclared (0x8) as well.
# In the file, the number of types stands at 0x20; a header of 0x54 bytes and an offset for each type go before the directory, whose first
# entry says where the types are; each takes 100 bytes and has its flags at 0x30.
correct_type_flags() {
  local library="$OUTPUT/VirtualPC.tlb" types table position flags i
  types="$(read_number "$library" $((0x20)))"
  table="$(read_number "$library" $((0x54 + 4 * types)))"
  for ((i = 0; i < types; i++)); do
    position=$((table + 100 * i + 0x30))
    flags="$(read_number "$library" "$position")"
    if ((flags & 0x40)); then
      write_number "$library" "$position" $((flags & ~0x100))
    elif ((flags & 0x1)); then
      write_number "$library" "$position" $((flags | 0x8))
    fi
  done
}

# A 32-bit little-endian number in a file.
read_number() {
  od -An -v -t u4 --endian=little -j "$2" -N 4 "$1" | tr -d ' '
}

write_number() {
  local number="$3" bytes
  printf -v bytes '\\x%02x\\x%02x\\x%02x\\x%02x' \
    $((number & 0xFF)) $((number >> 8 & 0xFF)) $((number >> 16 & 0xFF)) $((number >> 24 & 0xFF))
  printf '%b' "$bytes" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

find_compiler
if [ -n "$OUTPUT" ]; then
  compile
  correct_type_flags
fi
