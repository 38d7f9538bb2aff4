#!/bin/sh
# SPDX-License-Identifier: MIT
# Throughput of Debian's redis-server and nginx, unchanged, with libpprofmk-live.so preloaded: the endpoint idle, everything that can stay on
# switched on, and during a cpu profile; beside it what a second thread costs a server that has one, what tcmalloc alone makes of
# them, and gperftools' HEAPPROFILE.
#
# Usage: test/bench/row_server.sh [SERVER...]    lines for table.awk; test/bench/run.sh server shows them as a table
#   BENCH_TURNS   rounds, in each of which the servers are started anew (10)
#   BENCH_PORT    the first of 16 ports of the loopback (16080)
#   BENCH_SERVERS of redis nginx (both), where none is named
#   BENCH_SUBJECTS of thread off idle on cpu tcmalloc heapprofile (all): what is compared with the bare server
# Needs what run.sh prepares; servers and clients are of the set `bench`. Takes six minutes.
# Example: test/bench/run.sh server
#
# In a round each subject is measured between two measurements of the bare server, and compared with their mean, so that a machine that becomes
# slower or faster does as much to one as to the other. One ratio for each round: processes differ by how they lie in memory, and
# only a new start tells. redis gets SETs in pipelines of 16, so that it is busy with its own work and not with the kernel's; nginx a page of 1 KB,
# and is one process (master_process off).
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
# shellcheck source=test/bench/server.sh
. test/bench/server.sh
rounds=${BENCH_TURNS:-10}
first_port=${BENCH_PORT:-16080}
library=$PWD/$BUILD/lib/libpprofmk-live.so
case $BUILD in
/*) library=$BUILD/lib/libpprofmk-live.so ;;
esac
nginx=$(command -v nginx || printf '/usr/sbin/nginx\n')
subjects="bare ${BENCH_SUBJECTS:-off thread idle on cpu tcmalloc heapprofile}"

server_environment() {
	case $1 in
	bare) printf 'LD_PRELOAD=' ;;
	off) printf 'LD_PRELOAD=%s' "$library" ;;
	thread) printf 'LD_PRELOAD=%s' "$folder/one_thread.so" ;;
	idle | cpu) printf 'LD_PRELOAD=%s PPROF_HTTP=%s' "$library" "$(endpoint "$1")" ;;
	on) printf 'LD_PRELOAD=%s PPROF_HTTP=%s PPROF_FLIGHT=5s' "$library" "$(endpoint "$1")" ;;
	tcmalloc) printf 'LD_PRELOAD=libtcmalloc.so.4' ;;
	heapprofile) printf 'LD_PRELOAD=libtcmalloc.so.4 HEAPPROFILE=%s/heap' "$folder" ;;
	esac
}

# Requests of redis in half a second, about.
requests() {
	case $1 in
	heapprofile) printf '2000\n' ;;
	*) printf '300000\n' ;;
	esac
}

# note_load NAME FILE: figures that load() has written.
note_load() {
	read -r rate cpu <"$2"
	note "$1" "$rate"
	note "$1.cpu" "$cpu"
}

# A profile of the second in which the load comes.
profile_begin() {
	[ "$1" = cpu ] || return 0
	curl -s -o "$folder/profile" "http://$(endpoint "$1")/debug/pprof/profile?seconds=1" &
	profile=$!
}

profile_end() {
	[ "$1" = cpu ] || return 0
	wait "$profile"
	[ -s "$folder/profile" ] || die 'no cpu profile came'
}

# compare SERVER SUBJECT: $folder/bare has what the bare server did just before.
compare() {
	note_load "$1.$2.before" "$folder/bare"
	profile_begin "$2"
	load "$1" "$2" >"$folder/figures"
	profile_end "$2"
	note_load "$1.$2.with" "$folder/figures"
	load "$1" bare >"$folder/bare"
	note_load "$1.$2.after" "$folder/bare"
}

measure() {
	for name in $subjects; do
		start "$1" "$name"
	done
	for name in $subjects; do
		await "$1" "$name"
		# The keys are not there yet.
		[ "$1" != redis ] || load "$1" "$name" >"$folder/warm"
	done
	load "$1" bare >"$folder/bare"
	for name in $subjects; do
		[ "$name" = bare ] || compare "$1" "$name"
	done
	for name in $subjects; do
		stop "$name"
	done
}

stop_all() {
	for name in $subjects; do
		stop "$name"
	done
	rm -rf -- "$folder"
}

# means NAME: of the bare server before and after a subject, and the differences.
means() {
	for figure in '' .cpu; do
		note_pairs "$1.without$figure" '(a + b) / 2' "$1.before$figure" "$1.after$figure"
	done
	note_pairs "$1.less" '100 * (1 - a / b)' "$1.with" "$1.without"
	note_pairs "$1.more" '100 * (a / b - 1)' "$1.with.cpu" "$1.without.cpu"
}

# subject NAME: what is said of it, with a tab and what it may cost.
subject() {
	case $1 in
	off) printf 'preloaded, nothing asked\t' ;;
	thread) printf 'a thread that does nothing, not ours\t' ;;
	idle) printf 'endpoint idle, heap and waits on\t1' ;;
	on) printf 'the same, flight recorder on\t5' ;;
	cpu) printf 'during a cpu profile at 100 Hz\t3' ;;
	tcmalloc) printf 'tcmalloc alone\t' ;;
	heapprofile) printf 'gperftools, HEAPPROFILE\t' ;;
	esac
}

show() {
	title "$1: throughput, lost against the bare server, in pairs; CPU time of the server for a request, more by"
	first=${subjects#bare }
	first=${first%% *}
	means "$1.$first"
	line "$1.$first.without" 'bare, requests' /s 0
	line "$1.$first.without.cpu" 'bare, CPU time of a request' ns 0
	for name in $subjects; do
		[ "$name" != bare ] || continue
		means "$1.$name"
		what=$(subject "$name")
		limit=${what#*"$tab"}
		set -- "$1"
		[ -z "$limit" ] || set -- "$1" '' "<= $limit % lost" "$limit"
		server=$1
		shift
		line "$server.$name.less" "${what%"$tab"*}: lost" % 2 "$@"
		line "$server.$name.more" "    CPU time of a request, more by" % 2
		set -- "$server"
	done
}

# shellcheck disable=SC2086 # words
[ $# -gt 0 ] || set -- ${BENCH_SERVERS:-redis nginx}
for command in redis-server redis-benchmark redis-cli wrk curl "$nginx"; do
	command -v "$command" >/dev/null || die "$command is not there: scripts/deps.sh bench"
done
begin server
folder=$(mktemp -d)
cc -O2 -shared -fPIC -o "$folder/one_thread.so" test/bench/one_thread.c -pthread
trap stop_all EXIT
trap 'exit 1' INT TERM
for server; do
	round=0
	while [ "$round" -lt "$rounds" ]; do
		measure "$server"
		round=$((round + 1))
	done
done
for server; do
	show "$server"
done
