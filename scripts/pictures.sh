#!/bin/sh
# SPDX-License-Identifier: MIT
# Take the pictures of imgs/ again, from the real web UI of the example's profiles. Look at each before committing it.
#
# Usage: pictures.sh [trace]    only the views of a trace
# Needs what `scripts/deps.sh test` installs: Chromium, node and npm, git; and the tool, built (`make build`).
# Example: scripts/pictures.sh && git diff --stat imgs
set -eu

home=$(cd -- "$(dirname -- "$0")/.." && pwd)
work=$home/_output/pictures

# The example in a checkout of its own, so that a fix can be applied: $work/NAME/examples/send-code.
copy() {
	mkdir -p "$work/$1"
	git -C "$home" archive HEAD examples/send-code | tar -xf - -C "$work/$1"
	ln -s "$home/scripts" "$work/$1/scripts"
	git init -q "$work/$1"
}

# example NAME TARGET VARIABLE=VALUE...
# -ffile-prefix-map: the pages show no path of this machine.
example() {
	project=$work/$1/examples/send-code
	shift
	make -s -C "$project" PPROF_CFLAGS="-ffile-prefix-map=$project=." "$@"
}

# profile NAME VARIABLE=VALUE...
profile() {
	name=$1
	shift
	example "$name" pprof.test Func=test_send_code Package=internal/controller/user "$@"
}

# The profiles of the example, as it is and with its hot spot mended, and a report.
profile_all() {
	copy after
	git -C "$work/after" apply examples/send-code/fixes/hot-spot.patch
	profile before Kinds=cpu,mem
	# A run whose threads happen to share one CPU has few waits: twenty runs are alike.
	profile before Kinds=block Count=20
	profile after Kinds=cpu
	# Not in the folder of the others, whose profiles it would replace.
	example before pprof.ci PPROF_OUT=_output/report Time=50ms Benchtime=50ms >/dev/null
}

rm -rf -- "$work"
copy before
[ "${1-}" = trace ] || profile_all
example before pprof.trace Func=test_code_store_shared_by_threads Package=internal/store >/dev/null
[ -d "$home/test/browser/node_modules/playwright-core" ] ||
	npm --prefix "$home/test/browser" ci --no-audit --no-fund
node "$home/scripts/pictures.mjs" "$work/before/examples/send-code" "$work/after/examples/send-code" \
	"$home/imgs" "$@"
