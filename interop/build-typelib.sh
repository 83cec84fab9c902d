#!/usr/bin/env bash
# Makes the type library and the C/C++ header from VirtualPC.idl, with Wine's IDL compiler (widl).
# usage: interop/build-typelib.sh FOLDER
# Leaves FOLDER/VirtualPC.tlb, FOLDER/include/vpccominterfaces.h and FOLDER/include/vpccominterfaces_i.c (the GUIDs, for programs that
# do not include initguid.h).
set -euo pipefail

fail() {
  echo "build-typelib: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: $0 FOLDER"
mkdir -p "$1/include"
OUTPUT="$(cd "$1" && pwd)"
readonly OUTPUT
# widl writes the name of its input into the header; a relative name keeps the output the same on every machine.
cd "$(dirname "${BASH_SOURCE[0]}")"

find_compiler() {
  command -v widl || command -v x86_64-w64-mingw32-widl || fail "widl is missing. On Debian: apt-get install wine64-tools"
}

# The first existing path of those given.
first_existing() {
  local path
  for path in "$@"; do
    if [ -e "$path" ]; then
      echo "$path"
      return
    fi
  done
  return 1
}

compile() {
  local compiler includes standard_library
  compiler="$(find_compiler)"
  includes="$(first_existing /usr/include/wine/wine/windows /usr/include/wine/windows /usr/include/wine-development/windows)" ||
    fail "Wine's IDL files (oaidl.idl) are missing. On Debian: apt-get install libwine-dev"
  standard_library="$(first_existing /usr/lib/*/wine/x86_64-windows/stdole2.tlb /usr/lib/wine/x86_64-windows/stdole2.tlb)" ||
    fail "stdole2.tlb is missing. On Debian: apt-get install libwine"

  "$compiler" -m64 -I"$includes" -L"$(dirname "$standard_library")" -t -o "$OUTPUT/VirtualPC.tlb" VirtualPC.idl
  "$compiler" -m64 -I"$includes" -h -H "$OUTPUT/include/vpccominterfaces.h" -u -U "$OUTPUT/include/vpccominterfaces_i.c" VirtualPC.idl
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

compile
correct_type_flags
