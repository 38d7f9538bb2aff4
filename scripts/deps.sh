#!/bin/sh
# SPDX-License-Identifier: MIT
# Install what is missing: compiler, libraries, pprof. Says what it will install before it does, and does nothing when
# all is there.
#
# Usage: deps.sh [run | test | fresh | bench | cross]    install that set, see deps-table.sh (run)
#        deps.sh check [SET]                     only say what is missing
#        deps.sh mirror SUITE                    the mirror that this machine's apt sources name for a suite
#
# Knows apt, dnf, pacman, zypper and apk; needs root or sudo where something is missing. Where it cannot install it
# names the missing packages and exits with 1. DEPS_ROOT is put before /etc and /usr, for tests.
# Example: scripts/deps.sh && scripts/deps.sh test
set -eu

here=$(dirname -- "$0")
root=${DEPS_ROOT-}
# shellcheck source=scripts/deps-table.sh
. "$here/deps-table.sh"
# shellcheck source=scripts/apt-sources.sh
. "$here/apt-sources.sh"

say() {
	printf 'deps.sh: %s\n' "$*" >&2
}

fail() {
	say "$@"
	exit 1
}

# have_command NAME[|NAME...]
have_command() (
	IFS='|'
	# shellcheck disable=SC2086 # split at the bars
	for name in $1; do
		! command -v "$name" >/dev/null || exit 0
	done
	exit 1
)

# Is there a google/pprof: the program itself, or that of Go 1.22 or later? Earlier ones show C badly.
have_pprof() {
	! command -v pprof >/dev/null || return 0
	for go in "$(command -v go || :)" "$root"/usr/lib/go-*/bin/go "$root"/usr/local/go/bin/go; do
		[ -x "$go" ] || continue
		minor=$(GOTOOLCHAIN=local "$go" version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
		[ "${minor:-0}" -lt 22 ] || return 0
	done
	return 1
}

# have CHECK
have() {
	case $1 in
	cmd=*) have_command "${1#cmd=}" ;;
	pc=*) pkg-config --exists "${1#pc=}" 2>/dev/null ;;
	header=*) [ -e "$root/usr/include/${1#header=}" ] ;;
	# Packages of clang put its sanitizers beside its headers, under the machine's triple or linux.
	rt=clang) ls "$(clang -print-resource-dir 2>/dev/null)"/lib/*/libclang_rt.asan*.a >/dev/null 2>&1 ;;
	# Names inside the C library. By build id on Debian; other systems get them from a debuginfod.
	dbg=libc) [ -d "$root/usr/lib/debug/.build-id" ] ;;
	pprof) have_pprof ;;
	esac
}

manager() {
	for name in apt-get dnf pacman zypper apk; do
		if command -v "$name" >/dev/null; then
			printf '%s\n' "${name%-get}"
			return
		fi
	done
}

# Names of the set's packages that are missing, in this manager's words, a line each.
missing() {
	deps_table | awk -v set="$1" -v manager="$manager" '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i == manager) column = i; next }
	$1 == set && !(column && $column == "-") { print $2, column ? $column : $2 }' | while read -r check package; do
		have "$check" || printf '%s\n' "$package"
	done | sort -u
}

codename() {
	sed -n 's/^VERSION_CODENAME=//p' "$root/etc/os-release" 2>/dev/null | tr -d '"'
}

# Names on apt's systems other than Debian 12: their own Go is new enough, or what is missing will be said.
apt_names() {
	if [ "$(codename)" = bookworm ]; then
		cat
	else
		sed 's/^golang-1.23-go$/golang-go/'
	fi
}

# Debian 12 has Go 1.19, and 1.23 in its backports: a source of their own, on the mirror that the machine uses.
apt_backports() {
	[ -z "$(apt_source "$root" bookworm-backports bookworm-backports)" ] || return 0
	source=$(apt_source "$root" bookworm bookworm-backports)
	[ -n "$source" ] || source=$(apt_source "$root" stable bookworm-backports)
	[ -n "$source" ] || fail 'no apt source names bookworm, so golang-1.23-go cannot be had:' \
		'install Go 1.22 or later, or the pprof program, and run this again'
	file=$root/etc/apt/sources.list.d/pprofmk-backports.list
	case $source in
	Types:*) file=${file%.list}.sources ;;
	esac
	say "adding $file, for golang-1.23-go:"
	printf '%s\n' "$source" | sed 's/^/    /' >&2
	printf '%s\n' "$source" | as_root tee -- "$file" >/dev/null
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

may_install() {
	[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2
}

# install PACKAGE...
install() {
	case $manager in
	apt)
		case " $* " in
		*' golang-1.23-go '*) apt_backports ;;
		esac
		# Without the network what is already downloaded may do.
		apt_get update || :
		apt_get install -y --no-install-recommends "$@"
		;;
	dnf) as_root dnf install -y --setopt=install_weak_deps=False "$@" >&2 ;;
	pacman) as_root pacman -Sy --needed --noconfirm "$@" >&2 ;;
	zypper) as_root zypper --non-interactive install --no-recommends "$@" >&2 ;;
	apk) as_root apk add "$@" >&2 ;;
	esac
}

# names SET: what is missing, on one line.
names() {
	if [ "$manager" = apt ]; then
		missing "$1" | apt_names
	else
		missing "$1"
	fi | tr '\n' ' ' | sed 's/ $//'
}

install_set() {
	packages=$(names "$1")
	[ -n "$packages" ] || return 0
	[ -n "$manager" ] || fail "knows none of this machine's package managers; missing: $packages"
	say "$manager will install: $packages"
	may_install || fail "cannot install, neither root nor sudo here; missing: $packages"
	# shellcheck disable=SC2086 # names
	install $packages || fail "could not install; missing: $packages"
	packages=$(names "$1")
	[ -z "$packages" ] || fail "installed, but these are still not found: $packages"
}

check_set() {
	packages=$(names "$1")
	[ -z "$packages" ] || fail "missing: $packages; \`$0 $1\` installs them"
}

manager=$(manager)
case ${1:-run} in
run | test | fresh | bench | cross) install_set "${1:-run}" ;;
check) check_set "${2:-run}" ;;
mirror) apt_mirror "$root" "$2" ;;
*)
	say "what is \"$1\"? Usage: deps.sh [run | test | fresh | bench | check SET | mirror SUITE]"
	exit 2
	;;
esac
