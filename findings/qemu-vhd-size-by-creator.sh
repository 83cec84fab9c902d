#!/bin/bash
# Expected: the size of a VHD is one of its fields ("Current Size"), whoever wrote the file.
# So it is: QEMU takes the size from the field for some values of "Creator Application", and from cylinders, heads and sectors for all others. Two images that differ in four
#   letters (and the checksum over them) have different sizes. Which letters are trusted depends on the version: 7.2 trusts a list (win, d2v, qem2, tap) and
#   calculates for all others, VirtualBox's among them; 10.0 calculates for vpc and qemu alone, and trusts all others.
# Versions: QEMU 7.2.22 (Debian 12), which this runs. With 10.0.13 (Debian 13) vbox, vs, CXS and unknown creators have the size of the field.
# Why it matters: the geometry cannot express every size, so the last sectors are missing: the backup partition table of a GPT disk, or the end of a file system. A disk image
#   shrinks or grows by an upgrade of QEMU, and a converted copy lacks its end without an error.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -qq qemu-utils=1:7.2+dfsg-7+deb12u18+b3 \
  libaio1 libfuse3-3 libglib2.0-0 libgmp10 libgnutls30 libhogweed6 libidn2-0 libnettle8 libnuma1 libp11-kit0 libtasn1-6 libunistring2 liburing2 2>/dev/null
for package in *.deb; do
  dpkg-deb -x "$package" root
done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu"

cat >make.py <<'PYTHON'
import struct, sys, uuid

size, (cylinders, heads, sectors) = 268_435_456, (520, 16, 63)

def sealed(data, offset):
    data = bytearray(data)
    data[offset:offset + 4] = struct.pack(">I", ~sum(data) & 0xFFFFFFFF)
    return bytes(data)

for creator in sys.argv[1:]:
    footer = bytearray(512)
    footer[0:8] = b"conectix"
    struct.pack_into(">IIQI4sI4sQQHBBI", footer, 8, 2, 0x10000, 512, 0x0F000000, creator.encode().ljust(4, b"\0" if creator == "tap" else b" "), 0x60001, b"Wi2k",
                     size, size, cylinders, heads, sectors, 3)
    footer[68:84] = uuid.uuid4().bytes
    header = bytearray(1024)
    header[0:8] = b"cxsparse"
    struct.pack_into(">QQIII", header, 8, 0xFFFFFFFFFFFFFFFF, 1536, 0x10000, size >> 21, 2 << 20)
    with open(creator + ".vhd", "wb") as file:
        file.write(sealed(footer, 64) + sealed(header, 36) + b"\xFF" * 512 + sealed(footer, 64))
PYTHON
creators=(vpc qemu vbox vs CXS win d2v qem2 tap)
python3 make.py "${creators[@]}"

root/usr/bin/qemu-img --version | head -n1
seen=""
for creator in "${creators[@]}"; do
  bytes="$(root/usr/bin/qemu-img info -f vpc "$creator.vhd" | sed -n 's/.*(\([0-9]*\) bytes).*/\1/p')"
  printf '%-4s %s\n' "$creator" "$bytes"
  seen+="$bytes "
done
calculated=$((520 * 16 * 63 * 512)) field=268435456
expected="$calculated $calculated $calculated $calculated $calculated $field $field $field $field "
if [ "$seen" != "$expected" ]; then
  echo "This has changed: the sizes are not those that were seen ($expected)." >&2
  exit 1
fi
echo "Still so: the size field counts for four creators, the geometry for the others: 65,536 bytes less."
