#!/bin/sh
# SPDX-License-Identifier: MIT
# Prove `make demo` and `make test` in a bare Debian 12: debootstrap, git and make, and a clone of what is committed.
#
# Usage: test/fresh/run.sh [TARGET...]    make's targets to prove, one after the other (demo test)
# Needs root, debootstrap, some 4 GB below FRESH_DIR (_output/fresh), and what the machine uses to reach its mirror.
# FRESH_KEEP=1 keeps the tree, to look at it with chroot; the next run begins anew all the same.
# Example: FRESH_DIR=/var/tmp/fresh test/fresh/run.sh demo
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

[ $# -gt 0 ] || set -- demo test
folder=$(mkdir -p -- "${FRESH_DIR:-_output/fresh}" && cd -- "${FRESH_DIR:-_output/fresh}" && pwd -P)
root=$folder/root

fail() {
	printf 'fresh: %s\n' "$1" >&2
	exit 1
}

# Whatever happens nothing of the machine's stays mounted in the tree; only then may it be removed.
unmount() {
	for mount in dev/shm dev/pts dev sys proc; do
		! mountpoint -q -- "$root/$mount" || umount -- "$root/$mount" || umount -l -- "$root/$mount"
	done
}

remove() {
	unmount
	! grep -q " $root/" /proc/mounts || fail "something is still mounted below $root"
	rm -rf --one-file-system -- "$root"
}

# A minimal /dev: the machine's own devices are not in there.
make_devices() {
	mount -t tmpfs -o mode=755,size=1m fresh-dev "$root/dev"
	mkdir -- "$root/dev/shm" "$root/dev/pts"
	while read -r name major minor; do
		mknod -m 666 -- "$root/dev/$name" c "$major" "$minor"
	done <<-'EOF_DEVICES'
		null 1 3
		zero 1 5
		full 1 7
		random 1 8
		urandom 1 9
		tty 5 0
		ptmx 5 2
	EOF_DEVICES
	ln -s /proc/self/fd "$root/dev/fd"
	ln -s fd/0 "$root/dev/stdin"
	ln -s fd/1 "$root/dev/stdout"
	ln -s fd/2 "$root/dev/stderr"
	mount -t tmpfs -o mode=1777 fresh-shm "$root/dev/shm"
	mount -t devpts fresh-pts "$root/dev/pts"
}

make_tree() {
	mirror=$(scripts/deps.sh mirror bookworm)
	[ -n "$mirror" ] || fail 'no apt source of this machine names bookworm'
	debootstrap --variant=minbase --include=git,make bookworm "$root" "$mirror" >"$folder/debootstrap.log" 2>&1 ||
		fail "debootstrap failed, see $folder/debootstrap.log"
	cp -- /etc/resolv.conf /etc/hosts "$root/etc/"
	mount -t proc fresh-proc "$root/proc"
	mount -t sysfs -o ro fresh-sys "$root/sys"
	make_devices
	git clone -q --no-local -- . "$root/root/pprof.mk"
	# Whom this machine trusts: npm's registry may be reached through a proxy of its own.
	if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
		cp -- /etc/ssl/certs/ca-certificates.crt "$root/root/trusted.crt"
	fi
}

# inside COMMAND...: in the clone, with an environment of its own. npm's registry is the machine's business.
inside() {
	registry='' trusted=''
	[ ! -f "$root/root/trusted.crt" ] || trusted=/root/trusted.crt
	if command -v npm >/dev/null; then
		registry=$(npm config get registry 2>/dev/null || :)
	fi
	chroot "$root" env -i HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		${registry:+"npm_config_registry=$registry"} ${trusted:+"npm_config_cafile=$trusted"} \
		sh -c 'cd /root/pprof.mk && exec "$@"' sh "$@"
}

# prove COMMAND...
prove() {
	printf '== fresh: %s\n' "$*"
	begin=$(date +%s)
	if inside "$@" </dev/null; then
		tally 1 0
	else
		tally 0 1
	fi
	printf '   fresh: %s: %d s\n' "$*" $(($(date +%s) - begin))
}

[ "$(id -u)" = 0 ] || fail 'needs root, for chroot and mounts'
scripts/deps.sh fresh
remove
trap 'unmount' EXIT
trap 'exit 130' INT TERM
make_tree
for target; do
	prove make "$target"
done
[ -n "${FRESH_KEEP-}" ] || remove
tally_end
