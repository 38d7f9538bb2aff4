#!/bin/sh
# SPDX-License-Identifier: MIT
# Install what BUILD holds and what belongs to it, or remove what was installed.
#
# Usage: install.sh install | uninstall BUILD
#   environment: PREFIX (absolute), DESTDIR (put before it), STRIP (command; empty: do not)
#
# What is installed is written to share/pprofmk/installed, a line each, from PREFIX: files, and folders that were not
# there before, with a slash behind. Uninstalling goes by that list, so an older version's files go as well.
# Example: make install PREFIX="$HOME/.local"
set -eu

cd -- "$(dirname -- "$0")/.."
# shellcheck source=scripts/say.sh
. scripts/say.sh

build=$2
root=${DESTDIR-}$PREFIX
list=share/pprofmk/installed

# mode FILE: that of its kind; the tree's may be those of somebody's umask.
mode() {
	if [ -x "$1" ]; then
		echo 755
	else
		echo 644
	fi
}

# wanted: what to install, a line each: how (a mode, `link`, or `spare`: only where nobody else has put one), source or
# where the link leads, and the place.
wanted() {
	printf '%s\n' \
		"755 $build/bin/pprofmk bin/pprofmk" \
		"644 $build/lib/libpprofmk.so lib/pprofmk/libpprofmk.so" \
		"644 $build/lib/libpprofmk-sync.so lib/pprofmk/libpprofmk-sync.so" \
		"644 $build/lib/libpprofmk-trace.so lib/pprofmk/libpprofmk-trace.so" \
		"644 $build/lib/libpprofmk-live.so lib/pprofmk/libpprofmk-live.so" \
		"644 $build/lib/libpprofmk-http.so lib/pprofmk/libpprofmk-http.so" \
		"644 include/pprofmk.h include/pprofmk.h" \
		"644 $build/pprofmk.pc share/pkgconfig/pprofmk.pc" \
		'644 cmake/pprofmk-config.cmake share/pprofmk/cmake/pprofmk-config.cmake' \
		'644 cmake/pprofmk-config-version.cmake share/pprofmk/cmake/pprofmk-config-version.cmake' \
		"644 $build/man/pprofmk.1 share/man/man1/pprofmk.1" \
		"644 $build/man/pprof.mk.7 share/man/man7/pprof.mk.7" \
		"644 packaging/completions/pprofmk.bash share/bash-completion/completions/pprofmk" \
		"644 packaging/completions/_pprofmk share/zsh/site-functions/_pprofmk" \
		'link ../../../bin/pprofmk share/pprofmk/bin/pprofmk' \
		'link ../../../include/pprofmk.h share/pprofmk/include/pprofmk.h'
	# bash-completion takes make's completion from the first folder that has one; in /usr that is its own.
	[ "$PREFIX" = /usr ] ||
		printf '%s\n' 'spare packaging/completions/pprofmk.bash share/bash-completion/completions/make'
	for file in scripts/make-rules/*.mk scripts/*.sh; do
		case ${file##*/} in
		# Of use in the repository only.
		build.mk | checks.mk | unit.mk | install.mk | install.sh | action.sh | demo.sh | pictures.sh | samples.sh) ;;
		*) printf '%s %s %s\n' "$(mode "$file")" "$file" "share/pprofmk/$file" ;;
		esac
	done
}

# was_installed PLACE: by an earlier run of this?
was_installed() {
	[ -f "$root/$list" ] && grep -qxF -- "$1" "$root/$list"
}

# make_folder PLACE: with those above it; new ones, and those that were new before, are printed.
make_folder() {
	case $1 in
	*/*) make_folder "${1%/*}" ;;
	*) [ "$1" = . ] || make_folder . ;;
	esac
	if [ ! -d "$root/$1" ]; then
		mkdir -p -- "$root/$1"
		printf '%s/\n' "$1"
	elif was_installed "$1/"; then
		printf '%s/\n' "$1"
	fi
}

# put HOW SOURCE PLACE: by rename, so that a program that runs keeps its own.
put() {
	if [ "$1" = link ]; then
		ln -sf -- "$2" "$root/$3.tmp"
	else
		install -m "$1" -- "$2" "$root/$3.tmp"
		case $3 in
		bin/* | lib/*) [ -z "${STRIP-}" ] || $STRIP "$root/$3.tmp" ;;
		esac
	fi
	mv -f -- "$root/$3.tmp" "$root/$3"
}

# install_wanted: prints each place, after the folders that were made for it.
install_wanted() {
	wanted | while read -r how source place; do
		if [ "$how" = spare ]; then
			how=644
			if [ -e "$root/$place" ] && ! was_installed "$place"; then
				say "$root/$place is somebody else's: left as it is"
				continue
			fi
		fi
		make_folder "${place%/*}"
		put "$how" "$source" "$place"
		printf '%s\n' "$place"
	done
}

# remove_listed FILE [KEPT]: what FILE lists and KEPT does not. Folders last, from the inside out, while they are empty.
remove_listed() {
	! grep -E '^/|(^|/)\.\.(/|$)' -- "$1" >&2 || fail "$root/$list names what is no place of ours"
	grep -vxF -f "${2:-/dev/null}" -- "$1" | LC_ALL=C sort -r | while IFS= read -r place; do
		case $place in
		*/) rmdir -- "$root/${place%./}" 2>/dev/null || : ;;
		*) rm -f -- "$root/$place" ;;
		esac
	done
}

case $root in
/*) ;;
*) wrong "PREFIX=$PREFIX: give an absolute path" ;;
esac
new=$(mktemp)
trap 'rm -f -- "$new"' EXIT
case $1 in
install)
	install_wanted >"$new.all"
	awk '!seen[$0]++' "$new.all" >"$new"
	rm -f -- "$new.all"
	printf '%s\n' "$list" >>"$new"
	if [ -f "$root/$list" ]; then
		remove_listed "$root/$list" "$new"
	fi
	put 644 "$new" "$list"
	;;
uninstall)
	[ -f "$root/$list" ] || fail "nothing is installed in $root: there is no $list"
	cp -- "$root/$list" "$new"
	remove_listed "$new"
	;;
esac
