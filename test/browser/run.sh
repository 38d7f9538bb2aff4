#!/bin/sh
# SPDX-License-Identifier: MIT
# Look at the example's profiles in the pprof web UI, with a real browser.
#
# Usage: test/browser/run.sh [FILE...]    for node --test (all)
# Needs node, npm and its registry the first time, Chromium, pprof.
# Example: test/browser/run.sh
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
# Ten times what it takes.
limit_s=450
export PPROF_OUT_UNDER_TEST="$PWD/_output/test/browser"

# Only where the lock file says something else than what is installed.
install_packages() (
	cd test/browser
	if [ -d node_modules ] && cmp -s package-lock.json node_modules/.installed; then
		return
	fi
	npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed
)

# profile ARGUMENT...
profile() {
	make -s --no-print-directory -C examples/send-code pprof.test Func=test_send_code \
		Package=internal/controller/user PPROF_OUT="$PPROF_OUT_UNDER_TEST" "$@"
}

# A run whose threads happen to share one processor has few waits: twenty have all of them.
if ! test/make-in.sh _output/build -f scripts/make-rules/unit.mk browser >"$log" 2>&1 ||
	! mkdir -p -- "$PPROF_OUT_UNDER_TEST" ||
	! _output/build/browser/known_trace "$PPROF_OUT_UNDER_TEST/test_convoy.trace" >>"$log" 2>&1 ||
	! profile Kinds=cpu,mem >"$log" 2>&1 || ! profile Kinds=block Count=20 >>"$log" 2>&1 ||
	! install_packages >>"$log" 2>&1; then
	cat -- "$log"
	tally 0 1
	tally_end
fi
cd test/browser
timeout "$limit_s" node --test --test-reporter=tap "$@" >"$log" 2>&1 || :
awk -v all="${V-}" '/^not ok / { bad = 1 } /^ok / { bad = 0 } bad || all || / # SKIP/' "$log"
good=$(sed -n 's/^# pass //p' "$log")
bad=$(awk '/^# (fail|cancelled) / { n += $3 } END { print n + 0 }' "$log")
# No test at all is a failure too.
[ "${good:-0}" != 0 ] || [ "$bad" != 0 ] || bad=1
tally "${good:-0}" "$bad"
tally_end
