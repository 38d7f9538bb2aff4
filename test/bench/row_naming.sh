#!/bin/sh
# SPDX-License-Identifier: MIT
# Naming the addresses of a profile, as naming.sh measures it: a line for each namer.
#
# Usage: test/bench/row_naming.sh      lines for table.awk; test/bench/run.sh naming shows them as a table
# Needs what run.sh prepares and what naming.sh says.
# Example: test/bench/run.sh naming
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh

begin naming
BUILD="$BUILD" sh test/bench/naming.sh >"$values/output"
# "google/pprof with addr2line       4.20     12.0       300      6.0": seconds, ratio, MB, ratio
awk -v OFS='\t' '
NR == 1 { print "title", $0 " (ratio: to pprof.mk)"; next }
!/^(pprofmk|google\/pprof|go tool)/ { if (!/seconds/) print "note", $0; next }
{
	name = $1
	for (i = 2; i <= NF - 4; i++)
		name = name " " $i
	seconds = seconds line_of(name, $(NF - 3), "s", $(NF - 2), ">= 10 x", 10)
	memory = memory line_of(name ", memory", $(NF - 1), "MB", $NF, "> 1 x", 1.0001)
}
END { printf "%s%s", seconds, memory }
# The reach is of google/pprof: so much slower. Negated, it is a limit from above as all others.
function line_of(subject, value, unit, ratio, reach, limit,    text)
{
	text = "line" OFS subject OFS value OFS "" OFS "" OFS unit OFS ratio
	if (subject ~ /^google/)
		text = text OFS reach OFS -ratio OFS -ratio OFS -limit
	return text "\n"
}' "$values/output"
