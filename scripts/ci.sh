#!/bin/sh
# SPDX-License-Identifier: MIT
# Run tests and benchmarks, whatever becomes of them, and make the folder of their profiles a report: the one folder that a job
# of continuous integration has to keep.
#
# Usage: ci.sh
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them, and the programs built.
# Example: PPROF_ARG_Package=internal/store scripts/ci.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"

out=${PPROF_ARG_OUT:-_output/pprof}
func=${PPROF_ARG_Func-}
base=${PPROF_ARG_Base-}
traced=${PPROF_ARG_Trace-}

# Tests that were made before this run began are not part of it. Jobs that run in this folder at the same time are one run: it began
# when the first of them did, and each report has what all have made until then. The kernel ends a lock with its process, however
# that ends.
begin() {
	mkdir -p -- "$out" || fail "cannot make $out: give another folder with PPROF_OUT="
	if ! command -v flock >/dev/null; then
		remove_report
		date +%s >"$out/.ci"
		return
	fi
	exec 9>>"$out/.ci"
	if flock -n -x 9; then
		remove_report
		date +%s >"$out/.ci"
	fi
	flock -s 9
}

# A job that is killed must not leave the report of an earlier one.
remove_report() {
	rm -f -- "$out/index.html" "$out/index.json" "$out/summary.md" "$out/junit.xml"
}

# step NAME: a failure is remembered, and does not end the job.
step() {
	# Programs that stay behind do not keep the lock.
	"$here/pprof.sh" "$1" 9>&- || status=1
}

[ -z "$base" ] || [ -d "$base" ] ||
	wrong "Base=$base: give the folder that an earlier make pprof.ci has left"
status=0
begin
case $func in
bench_* | benchmark_*) ;;
*) step ci-test ;;
esac
case $func in
'' | bench_* | benchmark_*) step ci-bench ;;
esac
# Last: what it has is added to the manifests of the tests.
[ -z "$traced" ] || PPROF_ARG_Func=$traced "$here/pprof.sh" trace 9>&- || status=1
PPROF_ARG_Since=$(cat -- "$out/.ci")
export PPROF_ARG_Since
step report
exit "$status"
