# shellcheck shell=bash
# Makes a small Linux guest for tests and for the demo: Debian's cloud kernel, busybox, and the guest service as people get it, with the C library.
# Everything comes from Debian packages and this repository; nothing of it is committed.

readonly GUEST_IMAGE_FOLDER=artifacts/guest-image
readonly GUEST_KERNEL_PACKAGE=linux-image-cloud-amd64

# The kernel modules that the guest needs, each behind those that it depends on. A kernel may have some of them built in.
readonly GUEST_DRIVERS="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console button evdev
  scsi_common scsi_mod libata ata_piix cdrom sd_mod sr_mod isofs
  virtio_blk nls_cp437 nls_ascii fat vfat failover net_failover virtio_net"

guest_image() {
  local started=$SECONDS
  if ! can_link; then
    warn "gcc, objcopy (binutils) and libc6-dev are needed for the native guest service: the guest image is left out."
    # One of an earlier run has an earlier guest service.
    rm -rf "$GUEST_IMAGE_FOLDER"
    return
  fi
  publish_linux_programs
  if [ -s "$GUEST_IMAGE_FOLDER/kernel" ] && [ -s "$GUEST_IMAGE_FOLDER/initrd" ] && guest_image_is_current; then
    say "Guest image: $GUEST_IMAGE_FOLDER is up to date"
    return
  fi

  say "Guest image: Linux kernel, busybox and vmsrvc into $GUEST_IMAGE_FOLDER"
  rm -rf "$GUEST_IMAGE_FOLDER"
  mkdir -p "$GUEST_IMAGE_FOLDER"
  if ! download_guest_packages "$GUEST_IMAGE_FOLDER/work"; then
    warn "The guest image is left out."
    return
  fi

  merge_into_usr "$GUEST_IMAGE_FOLDER/work/packages"
  cp "$(guest_kernel "$GUEST_IMAGE_FOLDER/work/packages")" "$GUEST_IMAGE_FOLDER/work/kernel"
  make_guest_root "$GUEST_IMAGE_FOLDER/work/packages" "$GUEST_IMAGE_FOLDER/work/root" "$PUBLISH_FOLDER/linux-x64/vmsrvc"
  (cd "$GUEST_IMAGE_FOLDER/work/root" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=0:0 | gzip -1) \
    >"$GUEST_IMAGE_FOLDER/initrd.new"
  mv "$GUEST_IMAGE_FOLDER/work/kernel" "$GUEST_IMAGE_FOLDER/kernel"
  mv "$GUEST_IMAGE_FOLDER/initrd.new" "$GUEST_IMAGE_FOLDER/initrd"
  rm -rf "$GUEST_IMAGE_FOLDER/work"
  say "Guest image: done in $((SECONDS - started)) s ($(du -h "$GUEST_IMAGE_FOLDER/initrd" | cut -f1) initial RAM disk)"
}

# Downloads Debian's packages and unpacks them into FOLDER/packages. Says why when that is not possible.
download_guest_packages() {
  local kernel_packages package
  if ! have apt-get || ! have cpio || ! have xz; then
    warn "apt-get, cpio and xz are needed to make the guest image."
    return 1
  fi

  kernel_packages="$(guest_kernel_packages)"
  if [ -z "$kernel_packages" ]; then
    as_root true && apt_get update || true
    kernel_packages="$(guest_kernel_packages)"
  fi
  if [ -z "$kernel_packages" ]; then
    warn "There is no package $GUEST_KERNEL_PACKAGE to be had."
    return 1
  fi

  mkdir -p "$1"
  # One word a package.
  # shellcheck disable=SC2086
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download $kernel_packages busybox-static dmidecode) || return 1
  for package in "$1"/*.deb; do
    dpkg-deb --extract "$package" "$1/packages" || return 1
  done
}

# The packages that hold the kernel and its modules: one on Debian 12 and 13; newer releases have them in packages of their own, on which that one
# depends. What is in which is seen when they are unpacked.
guest_kernel_packages() {
  apt-cache depends --recurse --important "$GUEST_KERNEL_PACKAGE" 2>/dev/null | grep -E '^linux-[a-z]+-[0-9]' | sort -u | tr '\n' ' '
}

# Whether nothing that the image is made of has changed since it was made.
guest_image_is_current() {
  [ -z "$(find "$PUBLISH_FOLDER/linux-x64/vmsrvc" build/guest-image build/guest-image.sh -type f -newer "$GUEST_IMAGE_FOLDER/initrd" -print -quit)" ]
}

# Debian 12's packages have some of their files below /bin, /sbin and /lib, later ones all of them below /usr. Here they are below usr/.
merge_into_usr() {
  local folder
  for folder in bin sbin lib lib64; do
    if [ -d "$1/$folder" ] && [ ! -L "$1/$folder" ]; then
      mkdir -p "$1/usr/$folder"
      cp -a "$1/$folder/." "$1/usr/$folder/"
      rm -rf "${1:?}/$folder"
    fi
  done
}

# The kernel among unpacked packages: /boot/vmlinuz-VERSION, or /usr/lib/modules/VERSION/vmlinuz.
guest_kernel() {
  local kernel
  kernel="$(find "$1/boot" "$1/usr/lib/modules" -name 'vmlinuz*' -type f -print -quit 2>/dev/null || true)"
  [ -n "$kernel" ] || fail "The kernel's packages hold no kernel (vmlinuz)."
  echo "$kernel"
}

# make_guest_root PACKAGES ROOT VMSRVC
make_guest_root() {
  local packages="$1" root="$2" file
  mkdir -p "$root"/{bin,sbin,etc/acpi/PWRF,lib/modules,proc,sys,dev,tmp,root,usr/sbin}
  cp "$packages/usr/bin/busybox" "$root/bin/busybox"
  "$root/bin/busybox" --list-full | while IFS= read -r file; do
    mkdir -p "$root/$(dirname "$file")"
    [ -e "$root/$file" ] || ln -s /bin/busybox "$root/$file"
  done
  ln -sf /bin/busybox "$root/init"
  add_guest_drivers "$packages/usr/lib/modules" "$root"

  add_program_with_libraries "$3" "$root" sbin
  install -m 644 build/guest-image/inittab "$root/etc/inittab"
  install -m 755 build/guest-image/boot "$root/etc/boot"
  install -m 755 build/guest-image/tell build/guest-image/report build/guest-image/obey "$root/bin/"
  install -m 755 build/guest-image/power-button "$root/sbin/power-button"
  printf '#!/bin/sh\nexec poweroff\n' >"$root/etc/acpi/PWRF/00000080"
  chmod 755 "$root/etc/acpi/PWRF/00000080"
  printf 'root::0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
  add_program_with_libraries "$packages/usr/sbin/dmidecode" "$root" usr/sbin
}

# usage: add_guest_drivers MODULES ROOT
# Copies the modules, unpacked, and lists them in the order in which the guest loads them. A guest that lacks one would start without its disks, its
# button or its network and not say why, so one that is neither there nor built into the kernel is an error.
add_guest_drivers() {
  local modules="$1" root="$2" driver pattern file missing=""
  for driver in $GUEST_DRIVERS; do
    # A module's file may have hyphens where its name has underscores.
    pattern="${driver//_/[-_]}.ko"
    file="$(find "$modules" \( -name "$pattern" -o -name "$pattern.xz" \) -print -quit)"
    case "$file" in
      *.xz) xz --decompress --stdout "$file" >"$root/lib/modules/$driver.ko" ;;
      ?*) cp "$file" "$root/lib/modules/$driver.ko" ;;
      *)
        is_built_in "$modules" "$driver" || missing+=" $driver"
        continue
        ;;
    esac
    echo "$driver" >>"$root/lib/drivers"
  done
  [ -z "$missing" ] || fail "The guest's kernel has no modules (.ko, .ko.xz) of these names, nor are they built into it:$missing"
}

# Whether the list that comes with the kernel's modules says that the kernel itself holds one.
is_built_in() {
  find "$1" -name modules.builtin -exec cat {} + | grep -qE "/${2//_/[-_]}\.ko\$"
}

# usage: add_program_with_libraries PROGRAM ROOT FOLDER
# Copies a program and the shared libraries that it needs, which are the build machine's own.
add_program_with_libraries() {
  local program="$1" root="$2" library
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*' || true); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  install -m 755 "$program" "$root/$3/"
}
