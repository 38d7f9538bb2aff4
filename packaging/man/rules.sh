#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page pprof.mk(7): what the head of pprof.mk says, and the targets.
#
# Usage: rules.sh VERSION
# Example: packaging/man/rules.sh 0.1.0 | man -l -
set -eu

here=$(dirname -- "$0")
scripts=$here/../../scripts

cat <<EOF_HEAD
.TH PPROF.MK 7 "" "pprof.mk $1" "pprof.mk"
.ad l
.SH NAME
pprof.mk \- make rules that profile C unit tests (cmocka)
.SH SYNOPSIS
.nf
include \$(shell pkg\-config \-\-variable=rules pprofmk)
.fi
.SH TARGETS
EOF_HEAD
"$scripts/help.sh" '^pprof[.]' "$scripts"/make-rules/*.mk | sed 's/^make //' | awk -f "$here/roff.awk" -v part=summary
printf '.SH DESCRIPTION\n'
# From the line that says what it is to the first that is code.
sed -n '2,/^[^#]/ { /^#/!q; s/^# \{0,1\}//; p; }' "$scripts/make-rules/pprof.mk" | sed '/./,$!d' |
	awk -f "$here/roff.awk" -v part=lines
printf '.SH SEE ALSO\n.BR pprofmk (1),\n.BR make (1)\n'
