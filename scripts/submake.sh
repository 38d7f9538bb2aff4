# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Makes started below the user's; sourced, after say.sh.

# Drop the variables of the command line from what make hands down, and keep its options and job slots. A make
# that does not know them would expand them, and run what a hostile value says.
submake_forget() {
	MAKEFLAGS=${MAKEFLAGS-}
	MAKEFLAGS=${MAKEFLAGS%% -- *}
	export MAKEFLAGS
}

# submake LOCK ARGUMENT...: make, alone: two runs at once must not write the same files. As many jobs as processors
# where the user's make was given no number.
submake() {
	lock=$1
	shift
	submake_forget
	case $MAKEFLAGS in
	*-j*) ;;
	*) set -- "-j$(nproc 2>/dev/null || echo 2)" "$@" ;;
	esac
	set -- "${PPROF_ARG_MAKE:-make}" --no-print-directory "$@"
	mkdir -p -- "$(dirname -- "$lock")" || return
	if command -v flock >/dev/null; then
		flock -- "$lock" "$@"
	else
		"$@"
	fi
}
