#!/bin/bash
# Expected: programs agree on what a dynamic VHD (one without a parent) shows where a block is in the file and a sector's bit in its bitmap is clear: zeros, since a clear bit
#   says that the sector was never written.
# So it is: three programs read one image in three ways. libvhdi shows zeros, QEMU takes no notice of the bits and shows what stands in the file, 7-Zip refuses the image with
#   "Data Error".
# Versions: QEMU 7.2.22, libvhdi 20210425, 7-Zip 26.01 (Debian 12); 7-Zip 25.01 (Debian 13) refuses it, too.
# Why it matters: a writer that keeps the bitmap of a dynamic image exactly makes files that one reader refuses, and stale bytes that others show. Set all bits when a block
#   of a dynamic image is made, and write zeros into the rest of it; then all agree.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -qq qemu-utils=1:7.2+dfsg-7+deb12u18+b3 p7zip-full=16.02+really26.01+dfsg-0+deb12u1 libvhdi1=20210425-1+b2 python3-libvhdi=20210425-1+b2 \
  libaio1 libfuse3-3 libglib2.0-0 libgmp10 libgnutls30 libhogweed6 libidn2-0 libnettle8 libnuma1 libp11-kit0 libtasn1-6 libunistring2 liburing2 2>/dev/null
for package in *.deb; do
  dpkg-deb -x "$package" root
done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu" PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"

cat >make.py <<'PYTHON'
import struct, uuid

SIZE, BLOCK = 16 << 20, 2 << 20

def sealed(data, offset):
    data = bytearray(data)
    data[offset:offset + 4] = struct.pack(">I", ~sum(data) & 0xFFFFFFFF)
    return bytes(data)

# The bits of every second run of 8 sectors are clear: whole bytes, so that nothing depends on their order.
for name, bitmap in (("all.vhd", b"\xFF" * 512), ("half.vhd", b"\xFF\x00" * 256)):
    footer = bytearray(512)
    footer[0:8] = b"conectix"
    struct.pack_into(">IIQI4sI4sQQHBBI", footer, 8, 2, 0x10000, 512, 0x0F000000, b"win ", 0x60001, b"Wi2k", SIZE, SIZE, 481, 4, 17, 3)
    footer[68:84] = uuid.uuid4().bytes
    footer = sealed(footer, 64)
    header = bytearray(1024)
    header[0:8] = b"cxsparse"
    struct.pack_into(">QQIII", header, 8, 0xFFFFFFFFFFFFFFFF, 1536, 0x10000, SIZE // BLOCK, BLOCK)
    with open(name, "wb") as file:
        file.write(footer + sealed(header, 36) + struct.pack(">I", 4).ljust(512, b"\xFF") + bitmap + b"D" * BLOCK + footer)
PYTHON
python3 make.py

cat >libvhdi.py <<'PYTHON'
import sys, pyvhdi
image = pyvhdi.file()
image.open(sys.argv[1])
print(sum(image.read_buffer_at_offset(512, sector * 512) == b"D" * 512 for sector in range(4096)))
PYTHON
of_qemu() {
  root/usr/bin/qemu-img convert -f vpc -O raw "$1" raw
  echo $(($(tr -cd D <raw | wc -c) / 512))
}
of_7zip() {
  rm -rf seen
  if root/usr/lib/p7zip/7z x -oseen "$1" >7z.log 2>&1; then
    echo $(($(cat seen/* | tr -cd D | wc -c) / 512))
  else
    grep -o 'Data Error' 7z.log || echo refused
  fi
}

root/usr/bin/qemu-img --version | head -n1
root/usr/lib/p7zip/7z | sed -n 2p
/usr/bin/python3 -c 'import pyvhdi; print("libvhdi", pyvhdi.get_version())'
seen="$(of_qemu all.vhd), $(/usr/bin/python3 libvhdi.py all.vhd), $(of_7zip all.vhd); $(of_qemu half.vhd), $(/usr/bin/python3 libvhdi.py half.vhd), $(of_7zip half.vhd)"
echo "Sectors with data, by QEMU, libvhdi and 7-Zip, with all 4,096 bits set and with half of them: $seen"
if [ "$seen" != "4096, 4096, 4096; 4096, 2048, Data Error" ]; then
  echo "This has changed: it was 4096, 4096, 4096; 4096, 2048, Data Error." >&2
  exit 1
fi
echo "Still so: one shows the bytes, one zeros, one nothing."
