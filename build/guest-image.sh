# shellcheck shell=bash
# Makes a small Linux guest for tests and for the demo: Debian's cloud kernel, busybox, and the guest service as one static native program.
# Everything comes from Debian packages and this repository; nothing of it is committed.

readonly GUEST_IMAGE_FOLDER=artifacts/guest-image

# The kernel modules that the guest needs, each behind those that it depends on.
readonly GUEST_DRIVERS="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console button evdev
  scsi_common scsi_mod libata ata_piix cdrom sd_mod sr_mod isofs
  virtio_blk nls_cp437 nls_ascii fat vfat failover net_failover virtio_net"

guest_image() {
  local started=$SECONDS
  if [ -s "$GUEST_IMAGE_FOLDER/kernel" ] && [ -s "$GUEST_IMAGE_FOLDER/initrd" ] && guest_image_is_current; then
    say "Guest image: $GUEST_IMAGE_FOLDER is up to date"
    return
  fi

  say "Guest image: Linux kernel, busybox and vmsrvc into $GUEST_IMAGE_FOLDER"
  rm -rf "$GUEST_IMAGE_FOLDER"
  mkdir -p "$GUEST_IMAGE_FOLDER"
  if ! download_guest_packages "$GUEST_IMAGE_FOLDER/work"; then
    warn "The guest image is left out, and so are the tests of QEMU machines."
    export VPCCOMAPI_ALLOW_SKIP=1
    return
  fi

  # Static: the guest has no shared libraries.
  publish_guest_service "$GUEST_IMAGE_FOLDER/work/vmsrvc" -property:StaticExecutable=true -property:PositionIndependentExecutable=false
  make_guest_root "$GUEST_IMAGE_FOLDER/work/packages" "$GUEST_IMAGE_FOLDER/work/root" "$GUEST_IMAGE_FOLDER/work/vmsrvc/vmsrvc"
  (cd "$GUEST_IMAGE_FOLDER/work/root" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=0:0 | gzip -1) \
    >"$GUEST_IMAGE_FOLDER/initrd.new"
  cp "$GUEST_IMAGE_FOLDER"/work/packages/boot/vmlinuz-* "$GUEST_IMAGE_FOLDER/kernel"
  mv "$GUEST_IMAGE_FOLDER/initrd.new" "$GUEST_IMAGE_FOLDER/initrd"
  rm -rf "$GUEST_IMAGE_FOLDER/work"
  say "Guest image: done in $((SECONDS - started)) s ($(du -h "$GUEST_IMAGE_FOLDER/initrd" | cut -f1) initial RAM disk)"
}

# Downloads Debian's packages and unpacks them into FOLDER/packages. Says why when that is not possible.
download_guest_packages() {
  local kernel_package package
  if ! have apt-get || ! have gcc || ! have cpio; then
    warn "apt-get, gcc and cpio are needed to make the guest image."
    return 1
  fi

  kernel_package="$(guest_kernel_package)"
  if [ -z "$kernel_package" ]; then
    as_root true && apt_get update || true
    kernel_package="$(guest_kernel_package)"
  fi
  if [ -z "$kernel_package" ]; then
    warn "There is no package linux-image-cloud-amd64 to be had."
    return 1
  fi

  mkdir -p "$1"
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download "$kernel_package" busybox-static dmidecode) || return 1
  for package in "$1"/*.deb; do
    dpkg-deb --extract "$package" "$1/packages"
  done
}

guest_kernel_package() {
  apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1
}

# Whether nothing that the image is made of has changed since it was made.
guest_image_is_current() {
  [ -z "$(find src/GuestServices src/VpcBus src/EventLogging src/VirtualMachines.Emulated/Board build/guest-image build/guest-image.sh Directory.Packages.props \
    -type f -not -path '*/bin/*' -not -path '*/obj/*' -newer "$GUEST_IMAGE_FOLDER/initrd" -print -quit)" ]
}

# usage: publish_guest_service FOLDER [OPTION]...
# The guest service as one native program: no runtime is needed in the guest.
publish_guest_service() {
  dotnet publish src/GuestServices --configuration Release --runtime linux-x64 --output "$1" --artifacts-path "$1.build" \
    -property:PublishAot=true -property:StripSymbols=true "${@:2}" -verbosity:quiet -nologo
}

# make_guest_root PACKAGES ROOT VMSRVC
make_guest_root() {
  local packages="$1" root="$2" modules driver file
  mkdir -p "$root"/{bin,sbin,etc/acpi/PWRF,lib/modules,proc,sys,dev,tmp,root,usr/sbin}
  cp "$packages/bin/busybox" "$root/bin/busybox"
  "$root/bin/busybox" --list-full | while IFS= read -r file; do
    mkdir -p "$root/$(dirname "$file")"
    [ -e "$root/$file" ] || ln -s /bin/busybox "$root/$file"
  done
  ln -sf /bin/busybox "$root/init"

  modules="$(echo "$packages"/lib/modules/*)"
  for driver in $GUEST_DRIVERS; do
    file="$(find "$modules" -name "$driver.ko" -print -quit)"
    [ -n "$file" ] || continue
    cp "$file" "$root/lib/modules/"
    echo "$driver"
  done >"$root/lib/drivers"

  install -m 755 "$3" "$root/sbin/vmsrvc"
  install -m 644 build/guest-image/inittab "$root/etc/inittab"
  install -m 755 build/guest-image/boot "$root/etc/boot"
  install -m 755 build/guest-image/tell build/guest-image/report build/guest-image/obey "$root/bin/"
  install -m 755 build/guest-image/power-button "$root/sbin/power-button"
  printf '#!/bin/sh\nexec poweroff\n' >"$root/etc/acpi/PWRF/00000080"
  chmod 755 "$root/etc/acpi/PWRF/00000080"
  printf 'root::0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
  add_program_with_libraries "$packages/usr/sbin/dmidecode" "$root"
}

# Copies a program of a package and the shared libraries that it needs. They are the build machine's own; where they do not fit, the program is left out.
add_program_with_libraries() {
  local program="$1" root="$2" library
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*' || true); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  install -m 755 "$program" "$root/usr/sbin/"
}
