#!/bin/sh
# SPDX-License-Identifier: MIT
# Remove the profiles, their pictures and manifests, the texts of benchmarks, reports, what was built for them and what is remembered of programs;
# nothing else that is in the folder.
#
# Usage: clean.sh
# Needs the folder in PPROF_ARG_OUT.
# Example: PPROF_ARG_OUT=_output/pprof scripts/clean.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"

out=${PPROF_ARG_OUT:-_output/pprof}
[ -d "$out" ] || exit 0

# A manifest is the .json that has a profile beside it, or that names the tool.
for manifest in "$out"/*.json "$out"/.*.json; do
	[ -f "$manifest" ] || continue
	if [ -n "$(find "$out" -maxdepth 1 -name '*.pb.gz' -path "${manifest%.json}.*" -print)" ] ||
		grep -q '"pprofmk"' -- "$manifest"; then
		rm -f -- "$manifest"
	fi
done
# Of tests, and of programs that run.
for folder in "$out" "$out/live"; do
	for kind in cpu mem block mutex threads; do
		rm -f -- "$folder"/*".$kind.pb.gz"
	done
	for trace in "$folder"/*.trace; do
		if [ -f "$trace" ] && [ "$(head -c 8 -- "$trace" | tr -d '\000')" = pproftr1 ]; then
			rm -f -- "$trace"
		fi
	done
done
for kind in cpu heap allocs block mutex threads; do
	rm -f -- "$out"/watch/*/[0-9]*-[0-9]*".$kind.pb.gz"
done
rmdir -- "$out"/watch/* "$out/watch" "$out/live" 2>/dev/null || :
rm -f -- "$out"/*.bench.txt
rm -f -- "$out"/*.pftrace
for kind in net sync syscall sched running; do
	rm -f -- "$out"/*".$kind.pb.gz" "$out"/*".$kind.part.pb.gz"
done
for kind in cpu mem heap allocs block mutex threads net sync syscall sched running; do
	rm -f -- "$out"/*."$kind".flame.svg "$out"/*."$kind".graph.svg "$out"/*."$kind".flame.diff.svg
done
# Of a gate: the memory of both sides, and what it said.
rm -f -- "$out"/gate/old/*.mem.pb.gz "$out"/gate/new/*.mem.pb.gz
rmdir -- "$out/gate/old" "$out/gate/new" "$out/gate" 2>/dev/null || :
if grep -qs '^## Gate' -- "$out/gate.md"; then
	rm -f -- "$out/gate.md"
fi
if grep -qs '^pprofmk catalog ' -- "$out/.catalog"; then
	rm -f -- "$out/.catalog"
fi
if grep -qs '"tool": "pprof.mk ' -- "$out/index.json"; then
	rm -f -- "$out/index.html" "$out/index.json" "$out/summary.md" "$out/junit.xml"
fi
rm -f -- "$out/.ci"
# Only a folder that package.mk made.
if [ -d "$out/build/.obj" ]; then
	rm -rf -- "$out/build"
fi
# Work trees of revisions (bench-diff.sh). Where git can't take one away, it forgets it by and by.
for tree in "$out"/base/*; do
	[ -f "$tree/.git" ] || continue
	git worktree remove --force --force -- "$tree" 2>/dev/null || rm -rf -- "$tree"
done
rm -f -- "$out/base/.lock"
rmdir -- "$out/base" "$out" 2>/dev/null || :
