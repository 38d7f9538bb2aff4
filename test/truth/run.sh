#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: test/truth/run.sh [BATS_OPTION...]
set -eu
here=$(dirname -- "$0")
# What compares times wants the machine for itself.
exec "$here/../run-bats.sh" --parts 2 --alone cpu --alone waits --alone bench "$here" "$@"
