# SPDX-License-Identifier: MIT
# Go's benchmark format (golang/proposal design/14313), one figure a line, with tabs between:
#
#     config KEY VALUE
#     figure NAME ITERATIONS UNIT VALUE
#
# Anything else is passed over as that text says, but for a line that begins as a result and is none: it is named, and the
# exit status is 1.
BEGIN { OFS = "\t" }

# `key: value`: the key has no upper case letter and no space. What begins in column 1 and no later.
match($0, /^[^A-Z[:space:]#:][^A-Z[:space:]:]*:([ \t]|$)/) {
	key = substr($0, 1, index($0, ":") - 1)
	value = substr($0, index($0, ":") + 1)
	sub(/^[ \t]+/, "", value)
	print "config", key, value
	next
}

/^Benchmark/ {
	if (!is_result()) {
		print FILENAME ":" FNR ": no result: " $0 >"/dev/stderr"
		bad = 1
		next
	}
	for (i = 3; i < NF; i += 2)
		print "figure", $1, $2, $(i + 1), $i
}

END { exit bad }

# Name, iterations, and pairs of value and unit; a unit once.
function is_result(    i, seen)
{
	if ($1 !~ /^Benchmark[^a-z]/ || NF < 4 || NF % 2 || $2 !~ /^[1-9][0-9]*$/)
		return 0
	for (i = 3; i < NF; i += 2)
		if ($i !~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/ || seen[$(i + 1)]++)
			return 0
	return 1
}
