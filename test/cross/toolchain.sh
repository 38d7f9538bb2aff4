#!/bin/sh
# SPDX-License-Identifier: MIT
# Make a folder of gcc, clang and binutils that build for AArch64, for the front of PATH: tests that call compilers get
# these. What they link names the libraries by where they are, so that it runs under qemu-user as it is, and the machine's
# own readelf and the like find them too.
#
# Usage: toolchain.sh FOLDER SYSROOT    absolute; SYSROOT is what sysroot.sh made
# Needs g++-aarch64-linux-gnu, and clang where that is to be had.
# Example: test/cross/toolchain.sh "$PWD/_output/cross/bin" "$PWD/_output/cross/sysroot"
set -eu

folder=$1
sysroot=$2
libraries=$sysroot/usr/lib/aarch64-linux-gnu:$sysroot/lib/aarch64-linux-gnu
links="-Wl,--disable-new-dtags,-rpath,$libraries -Wl,--dynamic-linker=$sysroot/lib/ld-linux-aarch64.so.1"

# tool NAME COMMAND: a script that calls COMMAND with its own arguments behind.
tool() {
	printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"$folder/$1.tmp"
	chmod +x "$folder/$1.tmp"
	mv -- "$folder/$1.tmp" "$folder/$1"
}

mkdir -p -- "$folder"
while read -r name compiler; do
	tool "$name" "aarch64-linux-gnu-$compiler --sysroot=$sysroot $links"
done <<'EOF_COMPILERS'
cc gcc
gcc gcc
c++ g++
g++ g++
EOF_COMPILERS
for name in clang clang++; do
	if clang=$(command -v "$name"); then
		tool "$name" "$clang --target=aarch64-linux-gnu --sysroot=$sysroot"
	fi
done
# Where gcc looks for it, asked for by -fuse-ld.
tool aarch64-linux-gnu-ld.lld ld.lld
for name in addr2line ar ld nm objcopy objdump readelf strip; do
	tool "$name" "aarch64-linux-gnu-$name"
done
