#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: test/truth/run.sh [timed | untimed] [BATS_OPTION...]    untimed: what runs beside other things
set -eu
here=$(dirname -- "$0")
which=both
case ${1-} in
timed) which=alone ;;
untimed) which=others ;;
esac
[ "$which" = both ] || shift
# What compares times wants the machine for itself. Two at once: nearly all of them need one processor, and ask for the time on it.
exec "$here/../run-bats.sh" --parts 2 --tries 3 --alone bench --alone cpu --alone cpu_window --alone waits --which "$which" "$here" "$@"
