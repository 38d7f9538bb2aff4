#!/bin/sh
# SPDX-License-Identifier: MIT
# Run a script as root on a copy of this machine's file system: an overlay in memory, of which nothing is left.
#
# Usage: on_a_copy.sh FOLDER COMMAND...   FOLDER is copied to /root/given there, the current folder of the command
# Ends with the command's status, or 77 where that can't be done: no root, no mount namespaces, no overlays.
# Example: test/install/on_a_copy.sh packages dpkg -i pprofmk.deb
set -eu

if [ "${ON_A_COPY-}" != inside ]; then
	unshare -m true 2>/dev/null || exit 77
	exec env ON_A_COPY=inside unshare -m "$0" "$@"
fi

folder=$1
shift
# The namespace is ours and private, so whatever is mounted here goes with the process.
mount -t tmpfs -o size=512m copy /mnt || exit 77
mkdir /mnt/changes /mnt/work /mnt/root
mount -t overlay copy -o lowerdir=/,upperdir=/mnt/changes,workdir=/mnt/work /mnt/root 2>/dev/null || exit 77
mount -t proc copy /mnt/root/proc || exit 77
mount --rbind /dev /mnt/root/dev || exit 77
rm -rf -- /mnt/root/root/given
cp -R -- "$folder" /mnt/root/root/given
exec chroot /mnt/root env -i HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	sh -c 'cd /root/given && exec "$@"' sh "$@"
