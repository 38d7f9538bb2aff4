#!/bin/sh
# SPDX-License-Identifier: MIT
# From a fresh checkout to a first profile: install what is missing, build, profile a test of the example project.
#
# Usage: demo.sh
# Needs make; root or sudo where something is missing.
# Example: scripts/demo.sh
set -eu

here=$(dirname -- "$0")
cd -- "$here/.."

scripts/deps.sh run
make --no-print-directory -C examples/send-code pprof.test Func=test_send_code \
	Package=internal/controller/user
cat <<'EOF_NEXT'

That is typed in examples/send-code. From here, with a browser at http://localhost:8001:

    make -C examples/send-code pprof.cpu Func=test_send_code

EOF_NEXT
