#!/bin/sh
# SPDX-License-Identifier: MIT
# Ask a program for what Parca and Alloy ask for, as often as in so many turns of theirs, as fast as it answers; meanwhile one cpu
# profile after the other. Prints memory and descriptors of the program and of the process that names, before and behind.
#
# Usage: scrapes.sh ADDRESS PID TURNS TOOL    TOOL: the program was started with this as PPROF_TOOL, and it alone
# Example: scrapes.sh 127.0.0.1:6060 1234 5760 /tmp/tool    a day, at one in 15 s
set -eu

url=http://$1/debug/pprof pid=$2 turns=$3 tool=$(realpath -- "$4")
over=$(mktemp)
trap 'rm -f -- "$over"' EXIT

ours() {
	for task in /proc/"$pid"/task/*; do
		[ "$(cat "$task/comm")" != pprof-http ] || echo "$task"
	done
}

# A child of nobody, it is found by the file that it runs.
namer() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/exe")" != "$tool" ] || echo "$process"
	done
}

count() {
	find "$1/fd" -mindepth 1 2>/dev/null | wc -l
}

kilobytes() {
	awk '$1 == "RssAnon:" { print $2 }' "$1/status"
}

# figures NAME
figures() {
	printf '%s: program %s kB, %s and %s descriptors; naming %s kB, %s descriptors\n' "$1" "$(kilobytes "/proc/$pid")" \
		"$(count "/proc/$pid")" "$(count "$(ours)")" "$(kilobytes "$(namer)")" "$(count "$(namer)")"
}

# ask FROM TO: prints the statuses that there were.
ask() {
	curl -sS -m 60 "$url/{allocs,block,goroutine,mutex}?[$1-$2]" -o /dev/null -w '%{http_code}\n' --stderr - |
		grep -E '^[0-9]+$' | sort | uniq -c | sed 's/^ */  /'
}

profiles() {
	until [ -s "$over" ]; do
		curl -sS -m 60 "$url/profile?seconds=1" -o /dev/null -w '%{http_code}\n'
	done | sort | uniq -c | sed 's/^ */  profiles: /'
}

profiles &
ask 1 $((turns / 10))
figures "after $((turns / 10)) turns"
ask $((turns / 10 + 1)) "$turns"
echo over >"$over"
wait
figures "after $turns turns"
