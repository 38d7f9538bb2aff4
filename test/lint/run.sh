#!/bin/sh
# SPDX-License-Identifier: MIT
# What can be said of the sources without running them. Each check passes or fails as a whole.
#
# Usage: test/lint/run.sh [CHECK...]    of format spdx layers arch hosts shell cppcheck gcc clang tidy (all)
# Needs what `scripts/deps.sh test` installs.
# Example: test/lint/run.sh format tidy
# shellcheck disable=SC2317 # checks are called by name
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

build=_output/test/lint
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

# files PATTERN...: ours of these names, whether in git yet or not, a line each.
files() {
	git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

check_format() {
	files '*.c' '*.h' | xargs clang-format --dry-run -Werror
}

check_spdx() {
	files '*.c' '*.h' '*.cc' '*.sh' '*.mk' '*.bats' '*.bash' '*.awk' '*.mjs' '*.js' Makefile '*/Makefile' |
		xargs grep -L 'SPDX-License-Identifier: MIT' | sed 's/$/: no SPDX line/' | show_and_fail
}

# folders_below LAYER: what files of one of the layer's folders include of a folder that stands below it in docs/design.md's table.
folders_below() {
	files "internal/$1/*/*.[ch]" | xargs grep -noE "#include \"$1/[a-z]+/[a-z0-9_]+" |
		awk -F '[:/]' -v layer="$1" '
			FNR == NR { if ($0 ~ "^\\| `internal/" layer "/`") reading = 1; else if (!/^\|/) reading = 0
				else if (reading && split($0, part, "`") > 2) place[part[2]] = ++count
				next }
			!($3 in place) || !($7 in place) { print $0 " (not in the table of docs/design.md)"; next }
			place[$7] > place[$3] && $8 != "trace_wait"' FS='|' docs/design.md FS='[:/]' -
}

# Arrows go downward only: see docs/design.md.
check_layers() {
	{
		files 'internal/base/*.[ch]' | xargs grep -nE '#include "(format|runtime|tool|web)/'
		files 'internal/format/*.[ch]' | xargs grep -nE '#include "(runtime|tool|web)/'
		files 'internal/runtime/*.[ch]' | xargs grep -nE '#include "(tool|web)/'
		files 'internal/tool/*.[ch]' | xargs grep -nE '#include "runtime/'
		folders_below tool
		folders_below runtime
	} | sed 's/$/: a lower layer knows a higher one/' | show_and_fail
}

# What only one processor has: its name, intrinsics, registers; and system calls that AArch64's Linux never had.
arch_words='__(x86_64|amd64|i386|aarch64|arm)__|_M_X64|intrin\.h|<(cpuid|arm_neon|arm_acle)\.h>|\<_mm(256|512)?_|'\
'__builtin_(ia32|aarch64)_|\<rdtscp?\>|%%[re]?[abcds][xpi]\>|%%r[0-9]+\>|\<REG_(R[A-Z0-9]+|EFL)\>|\<gregs\>|\<uc_mcontext\>'
arch_calls='\<(SYS|__NR)_(open|creat|stat|lstat|access|poll|select|fork|vfork|pipe|dup2|chmod|chown|lchown|rename|unlink|'\
'mkdir|rmdir|link|symlink|readlink|mknod|epoll_create|epoll_wait|eventfd|signalfd|inotify_init|time|utime|utimes|getdents|'\
'alarm|pause|arch_prctl)\>|\<syscall\([0-9]'

# Files that may know the processor say so by their name.
check_arch() {
	files '*.c' '*.h' '*.cc' | grep -vE '_(arch|x86_64|aarch64)\.[ch]$' | xargs grep -nE "$arch_words|$arch_calls" |
		sed 's/$/: belongs in a file named _arch, _x86_64 or _aarch64/' | show_and_fail
}

# Where packages come from is the machine's business.
check_hosts() {
	files '*package-lock.json' | while IFS= read -r lock; do
		grep -n '"resolved"' -- "$lock" /dev/null || :
	done | show_and_fail
}

# Of bats: each test is a subshell, and `run` and the helpers set variables for it.
check_shell() {
	files '*.sh' .ci/run | xargs shellcheck -x &&
		files '*.bats' '*.bash' | xargs shellcheck -x -e SC2030,SC2031,SC2034,SC2154
}

check_cppcheck() {
	mkdir -p -- "$build/cppcheck"
	# missingInclude: system headers are not looked at. normalCheckLevel and the like are notes, no findings.
	cppcheck -q -j"$(nproc)" --cppcheck-build-dir="$build/cppcheck" --std=c11 -D_GNU_SOURCE -D__x86_64__ \
		-Iinternal -Iinclude --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --error-exitcode=1 internal
}

# Where the unit tests' objects are, so that nothing is compiled twice.
check_gcc() {
	test/make-in.sh _output/build build
}

check_clang() {
	test/make-clang.sh build
}

# The analyzer goes 10,000 steps through a function instead of 225,000: a tenth of the time, and what it comes to are 95.11 % of
# the blocks of code instead of 95.19 (its debug.Stats). Starting takes 50 ms: so many files at once.
check_tidy() {
	check_gcc
	files 'internal/*.c' 'test/unit/*.c' | xargs -P "$(nproc)" -n 12 sh -c '
		clang-tidy --quiet "$@" -- -std=c11 -D_GNU_SOURCE -Iinternal -Iinclude -I. -I_output/build/gen \
			-Xclang -analyzer-config -Xclang max-nodes=10000 2>/dev/null' sh
}

# Shows what comes in; something is a failure.
show_and_fail() {
	! grep .
}

[ $# -gt 0 ] || set -- format spdx layers arch hosts shell cppcheck gcc clang tidy
for check; do
	if "check_$check" >"$log" 2>&1; then
		printf 'ok %s\n' "$check"
		tally 1 0
	else
		printf 'not ok %s\n' "$check"
		cat -- "$log"
		tally 0 1
	fi
done
tally_end
