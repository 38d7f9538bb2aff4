#!/bin/sh
# SPDX-License-Identifier: MIT
# Make a folder with Debian's AArch64 packages of all that pprof.mk is linked with, unpacked. The machine's own packages
# and architectures stay as they are. Does nothing when it is there.
#
# Usage: sysroot.sh FOLDER    absolute
# Needs apt-get, dpkg, and an apt source of Debian.
# Example: test/cross/sysroot.sh "$PWD/_output/cross/sysroot"
set -eu

packages='libc6-dev libcmocka-dev libgoogle-perftools-dev libdw-dev libelf-dev libprotobuf-c-dev libjansson-dev zlib1g-dev libzstd-dev libmicrohttpd-dev libcurl4-openssl-dev'
folder=$1
apt=$folder.apt

here=$(dirname -- "$0")
# shellcheck source=test/apt-private.sh
. "$here/../apt-private.sh"

write_config() {
	cat >"$APT_CONFIG" <<EOF_CONFIG
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
EOF_CONFIG
}

download() {
	apt_private_update
	# shellcheck disable=SC2086 # names
	apt_private --download-only --no-install-recommends -y install $packages
}

[ "$(cat -- "$folder/packages" 2>/dev/null)" != "$packages" ] || exit 0
rm -rf -- "$folder"
apt_private_sources deb
export APT_CONFIG="$apt/apt.conf"
write_config
# Lists of some days ago may name packages that are gone: then with new ones.
download || { rm -f -- "$apt/updated" "$apt"/archives/*.deb && download; }
mkdir -p -- "$folder"
for package in "$apt"/archives/*.deb; do
	dpkg -x "$package" "$folder"
done
printf '%s\n' "$packages" >"$folder/packages"
