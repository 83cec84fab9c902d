#!/bin/bash
# Expected: libvhdi (vhdimount, pyvhdi, forensic programs on them) shows of a differencing VHD what the format says: a sector whose bit is set comes from the image, one
#   whose bit is clear from its parent ("Virtual Hard Disk Image Format Specification" 1.0, block bitmaps).
# So it is: once a bit is set, all later sectors of the same byte are taken from the image, whatever their bits say. The parent's sectors are replaced by what happens to
#   stand in the child's block, mostly zeros, without an error. Images whose changes begin and end at multiples of 8 sectors (4 KB) look right, so tests with aligned
#   writes do not show it.
# Versions: libvhdi 20210425 (Debian 12), and the same with 20240509 (Debian 13).
# Why it matters: files that were recovered from an undo disk or a checkpoint with it may hold zeros where the parent had data, and nothing tells.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -qq libvhdi1=20210425-1+b2 python3-libvhdi=20210425-1+b2 2>/dev/null
for package in *.deb; do
  dpkg-deb -x "$package" root
done

cat >run.py <<'PYTHON'
import struct, sys, uuid
import pyvhdi

SIZE, BLOCK = 16 << 20, 2 << 20

def sealed(data, offset):
    data = bytearray(data)
    data[offset:offset + 4] = struct.pack(">I", ~sum(data) & 0xFFFFFFFF)
    return bytes(data)

def image(path, identifier, own, filling, parent=None):
    """One block; its sectors hold a letter each."""
    footer = bytearray(512)
    footer[0:8] = b"conectix"
    struct.pack_into(">IIQI4sI4sQQHBBI", footer, 8, 2, 0x10000, 512, 0x0F000000, b"win ", 0x60001, b"Wi2k", SIZE, SIZE, 481, 4, 17, 4 if parent else 3)
    footer[68:84] = identifier.bytes
    footer = sealed(footer, 64)
    header = bytearray(1024)
    header[0:8] = b"cxsparse"
    struct.pack_into(">QQIII", header, 8, 0xFFFFFFFFFFFFFFFF, 1536, 0x10000, SIZE // BLOCK, BLOCK)
    name = "parent.vhd"
    if parent:
        header[40:56] = parent.bytes
        header[64:64 + 2 * len(name)] = name.encode("utf-16-be")
        relative = (".\\" + name).encode("utf-16-le")
        header[576:600] = struct.pack(">4sIIIQ", b"W2ru", 512, len(relative), 0, 2048)
    table = struct.pack(">I", 2560 // 512).ljust(512, b"\xFF")
    place = relative.ljust(512, b"\0") if parent else bytes(512)
    bitmap = bytearray(512)
    for sector in own:
        bitmap[sector // 8] |= 0x80 >> (sector % 8)
    with open(path, "wb") as file:
        file.write(footer + sealed(header, 36) + table + place + bytes(bitmap) + filling * BLOCK + footer)

base, child = uuid.uuid4(), uuid.uuid4()
image("parent.vhd", base, range(BLOCK // 512), b"P")
own = {1, 10, 11, 16}
image("child.vhd", child, own, b"c", parent=base)

below, above = pyvhdi.file(), pyvhdi.file()
below.open("parent.vhd")
above.open("child.vhd")
above.set_parent(below)
seen = "".join(chr(above.read_buffer_at_offset(1, sector * 512)[0]) for sector in range(24))
right = "".join("c" if sector in own else "P" for sector in range(24))
print("libvhdi", pyvhdi.get_version())
print("by the format:", right)
print("libvhdi shows:", seen)
if seen == right:
    sys.exit("This has changed: libvhdi takes each sector from where its bit says.")
if seen != "Pccccccc" "PPcccccc" "cccccccc":
    sys.exit("This has changed: libvhdi is wrong in another way.")
print("Still so: from a set bit on, the rest of its byte counts as set.")
PYTHON
LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" /usr/bin/python3 run.py
