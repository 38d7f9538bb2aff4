# SPDX-License-Identifier: MIT
# What the suites themselves say of their tests, and what we say of them, in lines to be compared; for the tests here and
# for table.sh.
#
#   PROJECTS   where run.sh has put the sources and builds
#   PPROFMK    the tool
: "${PROJECTS:?}" "${PPROFMK:?}"

FACTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

suite=()
meson_tests=()

# suite_of PROJECT: sets suite to the options by which the tool finds its tests, and meson_tests where they are Meson's.
suite_of() {
	case $1 in
	libyang2) suite=(--ctest "$PROJECTS/libyang2-build") ;;
	netplan.io)
		suite=(--meson "$PROJECTS/netplan.io-build")
		mapfile -t meson_tests < <(meson_names "${suite[1]}")
		;;
	mtd-utils) suite=(--automake "$PROJECTS/mtd-utils") ;;
	*) return 1 ;;
	esac
}

# library_of PROJECT: a regular expression for the names of its library's functions.
library_of() {
	case $1 in
	libyang2) echo 'ly[a-z]*_' ;;
	netplan.io) echo '(netplan|process|handle|validate)_' ;;
	mtd-utils) echo '(libubi|ubi|libmtd|mtd|legacy)_' ;;
	esac
}

# Meson's own tests in Python are not cmocka's, and take minutes.
meson_names() {
	meson test -C "$1" --no-rebuild --list 2>/dev/null | while IFS= read -r name; do
		[ ! -x "$1/tests/ctests/$name" ] || printf '%s\n' "$name"
	done
}

# by_runner PROJECT: run its tests by its own runner, without us; what that prints. Tests that fail are no failure here.
by_runner() {
	local dir=${suite[1]}
	case $1 in
	libyang2) ctest --test-dir "$dir" -V ;;
	netplan.io) meson test -C "$dir" --no-rebuild "${meson_tests[@]}" ;;
	mtd-utils) make -C "$dir" check ;;
	esac 2>/dev/null || :
}

# run_suite PROJECT: the same, and print the tests' output, each line behind its program's name and a tab.
run_suite() {
	local dir=${suite[1]} file
	case $1 in
	libyang2)
		by_runner "$1" | awk '
			$1 == "Start" { sub(/:/, "", $2); name[$2] = $3 }
			match($0, /^[0-9]+: /) {
				number = substr($0, 1, RLENGTH - 2)
				print name[number] "\t" substr($0, RLENGTH + 1)
			}'
		;;
	netplan.io)
		by_runner "$1" >/dev/null
		node "$FACTS/meson-log.js" "$dir/meson-logs/testlog.json"
		;;
	mtd-utils)
		by_runner "$1" >/dev/null
		for file in "$dir"/*.trs; do
			file=${file##*/}
			sed "s/^/${file%.trs}	/" "$dir/${file%.trs}.log"
		done
		;;
	esac
}

# own_verdicts PROJECT: "program test verdict", of each test that cmocka announced.
own_verdicts() {
	run_suite "$1" | awk -f "$FACTS/cmocka.awk" | LC_ALL=C sort
}

# our_verdicts FOLDER: "program test kind verdict" of each manifest there. A test that ended its process has failed.
our_verdicts() {
	node "$FACTS/manifests.js" "$1" | awk '{ print $2, $3, $4, $5 }' | LC_ALL=C sort
}

# our_list: "program test", as the tool lists them.
our_list() {
	"$PPROFMK" list "${suite[@]}" --out "$1" 2>/dev/null | awk 'NR > 1 {
		sub(/.*\./, "", $1); sub(/.*\//, "", $2); print $2, $1 }' | LC_ALL=C sort
}

# unequal OWN OURS: "program test kind own ours" where the verdicts in these files differ, or one has none.
unequal() {
	awk 'NR == FNR { own[$1 " " $2] = $3; next }
		{
			test = $1 " " $2
			seen[test] = 1
			if (own[test] != $4)
				print test, $3, own[test] == "" ? "none" : own[test], $4
		}
		END {
			for (test in own)
				if (!seen[test])
					print test, "all", own[test], "none"
		}' "$1" "$2" | LC_ALL=C sort
}

# with_reason PROJECT: what unequal() may print of a project: the lines of reasons.txt, without their reason.
with_reason() {
	awk -v project="$1" '$1 == project && NF > 6 { print $2, $3, $4, $5, $6 }' "$FACTS/reasons.txt" | LC_ALL=C sort
}

# longest FOLDER: the titles of the three tests that passed there and whose bodies took longest.
longest() {
	node "$FACTS/manifests.js" "$1" | awk '$4 == "cpu" && $5 == "passed" { print $6, $1 }' | sort -rn | head -n 3 |
		cut -d ' ' -f 2
}
