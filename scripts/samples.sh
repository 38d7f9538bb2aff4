#!/bin/sh
# SPDX-License-Identifier: MIT
# Write what the commands of the documentation really print into it. Read the difference before committing it.
#
# Usage: samples.sh [FILE.md...]
# Without FILE: README.md and docs/*.md. Between the lines
#
#     <!-- sample: COMMAND -->
#     <!-- /sample -->
#
# goes the output of COMMAND, a line of shell, run in a copy of the example project, a fresh one for each file, in a git
# repository of its own. This repository's folder is printed as .../pprof.mk.
#
# Needs what `scripts/deps.sh run` installs, and git; PPROF_TOOL in the environment: another pprofmk than the one built
# here.
# Example: scripts/samples.sh docs/pprof.list.md
set -eu

home=$(cd -- "$(dirname -- "$0")/.." && pwd)
work=$home/_output/samples
project=$work/examples/send-code

copy_example() {
	rm -rf -- "$work"
	mkdir -p "$work"
	git -C "$home" archive HEAD .gitignore examples/send-code | tar -xf - -C "$work"
	git -C "$work" init -q
	git -C "$work" add .gitignore examples
	git -C "$work" -c user.name=samples -c user.email=samples@example.org commit -q -m 'the example'
	ln -s "$home/scripts" "$home/include" "$work"
	make -s -C "$project" pprof.test Func=test_send_code Package=internal/controller/user >/dev/null 2>&1
}

# run COMMAND: its output, indented as a block of Markdown.
run() {
	(cd -- "$project" && MAKEFLAGS=--no-print-directory timeout -s INT 120 sh -c "$1" 2>&1 </dev/null) |
		sed -e "s,$home,.../pprof.mk,g" -e 's/[[:space:]]*$//' -e 's/^./    &/' |
		awk 'NF { for (; blank; blank--) print ""; print; seen = 1; next } seen { blank++ }' || :
}

# refresh FILE
refresh() {
	while IFS= read -r line; do
		case $line in
		'<!-- /sample -->')
			in_sample=
			;;
		esac
		[ -n "$in_sample" ] || printf '%s\n' "$line"
		case $line in
		'<!-- sample: '*' -->')
			in_sample=1
			command=${line#'<!-- sample: '}
			echo
			run "${command%' -->'}"
			echo
			;;
		esac
	done <"$1"
}

[ $# -gt 0 ] || set -- "$home/README.md" "$home"/docs/*.md
for file; do
	grep -q '^<!-- sample: ' "$file" || continue
	copy_example
	in_sample=
	refresh "$file" >"$file.tmp"
	mv -- "$file.tmp" "$file"
	printf '%s\n' "$file"
done
