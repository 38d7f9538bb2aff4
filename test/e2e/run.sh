#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: test/e2e/run.sh [BATS_OPTION...]
set -eu
here=$(dirname -- "$0")
exec "$here/../run-bats.sh" --parts 3 --tries 3 "$here" "$@"
