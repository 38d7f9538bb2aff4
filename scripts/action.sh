#!/bin/sh
# SPDX-License-Identifier: MIT
# The steps of action.yml, as a job of GitHub's runs them.
#
# Usage: action.sh install    what is missing; and pprof.mk itself, for Makefiles that find it with pkg-config
#        action.sh run        make pprof.ci; how it went is the output `tests`, passed or failed
#        action.sh gate       make pprof.gate, where there is a base; output `gate`: passed, failed or none
#        action.sh comment    summary.md and gate.md as one comment of the pull request, which is written anew each time
#        action.sh result     fail where a step has
#
# Needs the values of the inputs in ACTION_<name>, and what GitHub sets: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, RUNNER_TEMP,
# GITHUB_REPOSITORY. comment: gh, with GH_TOKEN.
# Example: ACTION_DIRECTORY=. GITHUB_OUTPUT=/dev/stdout scripts/action.sh run
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
# GitHub refuses comments of more than 65,536 characters.
comment_most_bytes=60000

say() {
	printf 'pprof.mk: %s\n' "$*" >&2
}

install_all() {
	"$here/deps.sh" run
	prefix=$RUNNER_TEMP/pprofmk
	make -s -C "$here/.." install PREFIX="$prefix"
	echo "PKG_CONFIG_PATH=$prefix/share/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}" >>"$GITHUB_ENV"
	echo "$prefix/bin" >>"$GITHUB_PATH"
}

# make_target TARGET ARGUMENT...: in the project, with the arguments that the input names, split at blanks.
make_target() {
	set -f
	# shellcheck disable=SC2086 # split as said
	make --no-print-directory -C "${ACTION_DIRECTORY:-.}" "$@" ${ACTION_PACKAGE:+"Package=$ACTION_PACKAGE"} ${ACTION_ARGUMENTS-}
}

# note NAME WORD: an output of the step.
note() {
	printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# A failure is the job's last step's to say: the report is kept first.
run_tests() {
	if make_target pprof.ci; then
		note tests passed
	else
		note tests failed
	fi
}

# The base, fetched where the checkout is a shallow one.
find_base() {
	base=$ACTION_BASE
	if [ -d "${ACTION_DIRECTORY:-.}/$base" ] ||
		git -C "${ACTION_DIRECTORY:-.}" rev-parse --verify --quiet "$base^{commit}" >/dev/null; then
		return
	fi
	case $base in
	-*) return ;;
	esac
	git -C "${ACTION_DIRECTORY:-.}" fetch --quiet --no-tags --depth=1 origin "${base#origin/}" || return
	base=$(git -C "${ACTION_DIRECTORY:-.}" rev-parse FETCH_HEAD)
}

run_gate() {
	if [ -z "${ACTION_BASE-}" ]; then
		note gate none
		return
	fi
	if find_base && make_target pprof.gate "Base=$base"; then
		note gate passed
	else
		note gate failed
	fi
}

# A comment is found again by its first line.
mark() {
	printf '<!-- pprof.mk %s -->\n' "$(printf '%s' "${ACTION_NAME-}" | tr -cd 'A-Za-z0-9._-')"
}

write_comment() {
	mark
	for file in summary.md gate.md; do
		[ ! -f "$out/$file" ] || { echo && cat -- "$out/$file"; }
	done
}

# Of a pull request from a fork the token may not write: that is no failure of the tests.
comment() {
	out=${ACTION_DIRECTORY:-.}/${ACTION_OUT:-_output/pprof}
	text=$(mktemp)
	trap 'rm -f -- "$text"' EXIT
	write_comment | head -c "$comment_most_bytes" >"$text"
	comments=repos/$GITHUB_REPOSITORY/issues
	old=$(gh api --paginate "$comments/$ACTION_PULL/comments" \
		--jq ".[] | select(.body | startswith(\"$(mark)\")) | .id" | head -n 1) || old=
	if [ -n "$old" ]; then
		gh api --silent --method PATCH "$comments/comments/$old" -F "body=@$text"
	else
		gh api --silent --method POST "$comments/$ACTION_PULL/comments" -F "body=@$text"
	fi || say 'the comment could not be written: the job needs `permissions: pull-requests: write`, which pull requests from forks do not get'
}

result() {
	status=0
	[ "${ACTION_TESTS-}" = passed ] || { say "tests: ${ACTION_TESTS:-not run}" && status=1; }
	case ${ACTION_GATE-} in
	passed | none) ;;
	*) say "gate: ${ACTION_GATE:-not run}" && status=1 ;;
	esac
	return "$status"
}

case ${1-} in
install) install_all ;;
run) run_tests ;;
gate) run_gate ;;
comment) comment ;;
result) result ;;
*)
	say "action.sh: what is \"${1-}\"? One of install run gate comment result"
	exit 2
	;;
esac
