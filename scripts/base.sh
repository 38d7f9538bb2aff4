# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A revision of git as the base of a comparison; sourced, after say.sh and packages.sh. It is checked out into a work tree of its own,
# in $PPROF_ARG_OUT/base, and built there by the present rules. $here is the folder of the scripts.

out=${PPROF_ARG_OUT:-_output/pprof}
base=${PPROF_ARG_Base-}
# What Base may be besides a revision, for messages.
: "${here:?}" "${base_is:=file or folder}"
# Work trees that are kept, the last ones used: each has the programs that were built in it.
kept=3
tab=$(printf '\t')

# shellcheck source=scripts/text.sh
. "$here/text.sh"

# Never a hook, nothing from the network, nobody is asked.
git_plainly() {
	GIT_TERMINAL_PROMPT=0 git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c submodule.recurse=false \
		-c advice.detachedHead=false "$@"
}

# Is the work tree there as the revision has it?
is_whole() {
	[ -e "$worktree/.git" ] &&
		[ "$(git_plainly -C "$worktree" rev-parse --verify --quiet HEAD)" = "$sha" ] &&
		[ -z "$(git_plainly -C "$worktree" status --porcelain --untracked-files=no)" ]
}

# remove_worktree FOLDER: and what git knows of it.
remove_worktree() {
	git_plainly worktree remove --force --force -- "$1" >/dev/null 2>&1 || rm -rf -- "$1"
}

# check_out_submodules TREE FOLDER: as the revision in the folder has them, out of the repositories that they have in the tree:
# nothing is fetched. What is not there in the tree is not built with there either.
check_out_submodules() {
	git_plainly -C "$2" -c core.quotePath=false ls-tree -r HEAD | sed -n 's/^160000 commit //p' |
		while IFS=$tab read -r commit path; do
			if [ ! -e "$1/$path/.git" ]; then
				say "Base=$base: the submodule $path is not checked out here, nor there then"
				continue
			fi
			git_plainly -C "$1/$path" worktree prune
			git_plainly -C "$1/$path" worktree add --quiet --detach --force "$2/$path" "$commit" >"$log" 2>&1 || {
				cat -- "$log" >&2
				fail "Base=$base: the submodule $path has no commit $commit here; \`git -C $path fetch\` may get it"
			}
			check_out_submodules "$1/$path" "$2/$path"
		done
}

remove_old_worktrees() {
	# shellcheck disable=SC2010,SC2012 # only names of digits are looked at
	ls -t -- "$out/base" | grep -x '[0-9a-f]*' | tail -n +$((kept + 1)) | while IFS= read -r old; do
		remove_worktree "$out/base/$old"
	done
}

# The user's own tree and index stay as they are: a work tree has its own.
check_out() {
	mkdir -p -- "$out/base" || fail "cannot make $out/base: give another folder with PPROF_OUT="
	if command -v flock >/dev/null; then
		exec 9>"$out/base/.lock"
		flock 9
	fi
	if ! is_whole; then
		remove_worktree "$worktree"
		git_plainly worktree add --quiet --detach --force "$worktree" "$sha" >"$log" 2>&1 || {
			cat -- "$log" >&2
			fail "Base=$base: git could not check it out into $worktree"
		}
		check_out_submodules "$(git_plainly rev-parse --show-toplevel)" "$(cd -- "$worktree" && pwd)" || {
			remove_worktree "$worktree"
			exit 1
		}
	fi
	touch -- "$worktree"
	remove_old_worktrees
}

# The revision of Base, in $sha, and the project's folder in its work tree, in $folder.
find_revision() {
	command -v git >/dev/null || wrong "Base=$base: there is no such $base_is, and no git to look for a revision"
	# What a hook or a git above us has set is of another call.
	# shellcheck disable=SC2046 # names of variables
	unset $(git rev-parse --local-env-vars)
	git_plainly rev-parse --is-inside-work-tree >"$log" 2>&1 || {
		sed -n 's/^fatal: //p' -- "$log" >&2
		wrong "Base=$base: there is no such $base_is, and this project is in no git repository"
	}
	case $base in
	-*) wrong "Base=$base: there is no such $base_is, and no revision of git begins with a -" ;;
	esac
	sha=$(git_plainly rev-parse --verify --quiet "$base^{commit}" 2>/dev/null) ||
		wrong "Base=$base: there is no such $base_is, and no such revision of git"
	worktree=$out/base/$sha
	folder=$worktree/$(git_plainly rev-parse --show-prefix)
	folder=${folder%/}
}

# build_base: the test programs of the revision, by the rules and flags of now, or by a command that knows how (cmake.sh).
build_base() (
	rules=$(realpath --relative-to="$folder" -- "$here" 2>/dev/null) || rules=$(cd -- "$here" && pwd)
	project=$PWD
	cd -- "$folder" || return
	PPROF_ARG_OUT=_output/pprof
	# Paths of this project, written out, are those of the other.
	PPROF_ARG_FLAGS=$(replace_all "${PPROF_ARG_FLAGS-}" "$project/" "$PWD/")
	export PPROF_ARG_OUT PPROF_ARG_FLAGS
	if [ -n "${PPROF_ARG_BASE_BUILD-}" ]; then
		"$PPROF_ARG_BASE_BUILD"
	elif [ -n "${PPROF_ARG_Bin-}" ]; then
		PPROF_ARG_Bin='' PPROF_ARG_Package='' "$rules/build-external.sh"
	else
		"$rules/build-external.sh"
		"$rules/build-packages.sh"
	fi
)

build_base_or_fail() {
	[ -d "$folder" ] || fail "Base=$base: that revision does not have this project's folder"
	[ -z "${PPROF_ARG_Package-}" ] || [ -n "${PPROF_ARG_Bin-}" ] || [ -d "$folder/$PPROF_ARG_Package" ] ||
		fail "Base=$base: that revision has no package $PPROF_ARG_Package: there is nothing to compare with"
	if [ -n "${PPROF_ARG_V-}" ]; then
		build_base || fail "Base=$base: that revision could not be built, as said above"
	elif ! build_base >"$log" 2>&1; then
		tail -n 20 -- "$log" >&2
		fail "Base=$base: that revision could not be built; the last lines are above, V=1 shows all"
	fi
}

# inside NAME VALUE: what another build makes, as a path from the project's folder.
inside() {
	path=$(replace_all "$2" "$PWD/" '')
	[ "$2" != "$PWD" ] || path=.
	case $path in
	/* | .. | ../*) wrong "$1=$path is outside the project: the revision $base has nothing of its own there" ;;
	esac
	[ -n "${PPROF_ARG_BUILD-}" ] ||
		wrong "$1=$path: how is it built? Set PPROF_BUILD to the command, or give Package=folder"
	printf '%s\n' "$path"
}

# Names are of the project's folder, so that they mean the same in the other.
make_relative() {
	if [ -n "${PPROF_ARG_BASE_BUILD-}" ]; then
		[ -z "${PPROF_ARG_Bin-}" ] || wrong "Bin=$PPROF_ARG_Bin: of a revision, programs are those that its ctest knows; name tests with Func="
	elif [ -n "${PPROF_ARG_Bin-}" ]; then
		PPROF_ARG_Bin=$(inside Bin "$PPROF_ARG_Bin")
		export PPROF_ARG_Bin
	elif [ -n "${PPROF_ARG_Package-}" ]; then
		PPROF_ARG_Package=$(package_name "$PPROF_ARG_Package")
		export PPROF_ARG_Package
	else
		for suite in CTEST MESON AUTOMAKE; do
			eval "folder_of_suite=\${PPROF_ARG_$suite-}"
			[ -n "$folder_of_suite" ] || continue
			folder_of_suite=$(inside "PPROF_$suite" "$folder_of_suite")
			export "PPROF_ARG_$suite=$folder_of_suite"
		done
	fi
}

# build_revision: check out the revision that Base names, build its programs there and ours here. Then $folder is the project's
# folder in its work tree, and $sha the commit.
build_revision() {
	find_revision
	make_relative
	check_out
	say "Base=$base is $sha, in $worktree"
	build_base_or_fail
	exec 9>&-
	"$here/build-external.sh"
	"$here/build-packages.sh"
}

log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
