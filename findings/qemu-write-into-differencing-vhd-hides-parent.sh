#!/bin/bash
# Expected: a program that does not know differencing VHDs refuses one, as QEMU refuses other variants that it does not know, or opens it for reading alone.
# So it is: QEMU's "vpc" driver opens the image for reading and writing as though it had no parent, without a warning; qemu-img info names no parent either. What is not in
#   the image reads as zeros. One write of 512 bytes adds a block of 2 MiB, fills the rest with zeros and sets all of its 4,096 bits: programs that do know the parent
#   then see 2 MiB less of it, for ever.
# Versions: QEMU 7.2.22 (Debian 12), and the same with 10.0.13 (Debian 13). The witness is 7-Zip 26.01, which reads the chain.
# Why it matters: a guest that is booted from an undo disk or a checkpoint with plain "-drive file=child.vhd", or a "qemu-nbd" mount, destroys what it shows.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -qq qemu-utils=1:7.2+dfsg-7+deb12u18+b3 p7zip-full=16.02+really26.01+dfsg-0+deb12u1 \
  libaio1 libfuse3-3 libglib2.0-0 libgmp10 libgnutls30 libhogweed6 libidn2-0 libnettle8 libnuma1 libp11-kit0 libtasn1-6 libunistring2 liburing2 2>/dev/null
for package in *.deb; do
  dpkg-deb -x "$package" root
done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu"

cat >make.py <<'PYTHON'
import struct, uuid

SIZE, BLOCK = 16 << 20, 2 << 20

def sealed(data, offset):
    data = bytearray(data)
    data[offset:offset + 4] = struct.pack(">I", ~sum(data) & 0xFFFFFFFF)
    return bytes(data)

def image(path, identifier, blocks, parent=None):
    footer = bytearray(512)
    footer[0:8] = b"conectix"
    struct.pack_into(">IIQI4sI4sQQHBBI", footer, 8, 2, 0x10000, 512, 0x0F000000, b"win ", 0x60001, b"Wi2k", SIZE, SIZE, 481, 4, 17, 4 if parent else 3)
    footer[68:84] = identifier.bytes
    footer = sealed(footer, 64)
    header = bytearray(1024)
    header[0:8] = b"cxsparse"
    struct.pack_into(">QQIII", header, 8, 0xFFFFFFFFFFFFFFFF, 1536, 0x10000, SIZE // BLOCK, BLOCK)
    place = bytes(512)
    if parent:
        header[40:56] = parent.bytes
        header[64:84] = "parent.vhd".encode("utf-16-be")
        relative = ".\\parent.vhd".encode("utf-16-le")
        header[576:600] = struct.pack(">4sIIIQ", b"W2ru", 512, len(relative), 0, 2048)
        place = relative.ljust(512, b"\0")
    table = b"".join(struct.pack(">I", 5 + 4097 * i) for i in range(blocks)).ljust(512, b"\xFF")
    with open(path, "wb") as file:
        file.write(footer + sealed(header, 36) + table + place + (b"\xFF" * 512 + b"P" * BLOCK) * blocks + footer)

base = uuid.uuid4()
image("parent.vhd", base, 2)
image("child.vhd", uuid.uuid4(), 0, base)
PYTHON
python3 make.py

# What a program that knows the parent sees: how many bytes are the parent's.
parents_bytes() {
  rm -rf seen
  root/usr/lib/p7zip/7z x -oseen child.vhd >7z.log || { cat 7z.log; exit 1; }
  tr -cd P <seen/child.img | wc -c
}

root/usr/bin/qemu-img --version | head -n1
root/usr/lib/p7zip/7z | sed -n 2p
root/usr/bin/qemu-img info child.vhd
before="$(parents_bytes)"
if ! root/usr/bin/qemu-io -f vpc -c 'write -P 0x77 4096 512' child.vhd; then
  echo "This has changed: QEMU refuses to write a differencing image." >&2
  exit 1
fi
after="$(parents_bytes)"
echo "Bytes of the parent that the child shows: $before before a write of 512 bytes, $after behind it."
if [ "$before" -ne $((4 << 20)) ] || [ "$after" -ne $((2 << 20)) ]; then
  echo "This has changed: the write hides $((before - after)) bytes of the parent and not 2 MiB." >&2
  exit 1
fi
echo "Still so: the write went through without a word, and 2 MiB of the parent are hidden."
