#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: test/rules/run.sh [BATS_OPTION...]
set -eu
here=$(dirname -- "$0")
exec "$here/../run-bats.sh" --parts 2 "$here" "$@"
