#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page pprofmk(1), from what the tool says of itself.
#
# Usage: tool.sh PPROFMK
# Example: packaging/man/tool.sh _output/build/bin/pprofmk | man -l -
set -eu

here=$(dirname -- "$0")
tool=$1

roff() {
	awk -f "$here/roff.awk" -v part="$1"
}

version=$("$tool" version)
all=$("$tool" help)
cat <<EOF_HEAD
.TH PPROFMK 1 "" "$version" "pprof.mk"
.ad l
.SH NAME
pprofmk \- profiles of C unit tests (cmocka)
.SH SYNOPSIS
.B pprofmk
.I COMMAND
.RI [ "\-\-name value" ]...
.SH DESCRIPTION
Runs tests of cmocka programs, or benchmarks, and writes their profiles: CPU time, allocations, waits. The programs stay as
they are. The profiles are symbolized, gzipped profile.proto, as pprof and other viewers read them.
.PP
The targets pprof.* of make call this tool: see
.BR pprof.mk (7).
.PP
Defaults are in [brackets]. \-\-name=value is the same as \-\-name value.
.SH COMMANDS
EOF_HEAD
for command in $(printf '%s\n' "$all" | awk '/^  [a-z]/ { print $1 }'); do
	case $command in
	version | help) printf '%s\n' "$all" | grep -- "^  $command " | roff summary ;;
	*) "$tool" help "$command" | roff command ;;
	esac
done
printf '.SH EXIT STATUS\n'
printf '%s\n' "$all" | sed -n '/^Exit status: /,$ { s///; p; }' | roff text
cat <<'EOF_FOOT'
.SH ENVIRONMENT
.TP
.B PPROF
the pprof program that
.B pprofmk web
serves pages with
.TP
.B PPROF_HTTP_TOKEN
the token that a running program demands of
.B pprofmk live
and
.B watch
.TP
.BR PPROF_PUSH_TOKEN ", " PPROF_PUSH_USER ", " PPROF_PUSH_PASSWORD ", " PPROF_PUSH_TENANT
who we are at the server of
.B pprofmk push
.SH SEE ALSO
.BR pprof.mk (7),
.BR make (1)
EOF_FOOT
