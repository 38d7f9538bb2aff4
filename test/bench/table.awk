# SPDX-License-Identifier: MIT
# The lines that the rows' scripts print (see measure.sh) as one aligned table.
BEGIN {
	FS = "\t"
	form = "%-46s %12s  %-21s %7s  %-15s %s\n"
	printf form, "", "median", "95 % of the median", "ratio", "reach", "reached"
}

# What is held against the reach lies between low and high. The limit "none" asks for nothing above 0 that is sure, "+-2"
# for what lies from -2 to 2.
function verdict(low, high, limit)
{
	if (limit == "none")
		return low <= 0 ? "yes" : "no"
	if (sub(/^\+-/, "", limit) && low < -limit)
		return high < -limit ? "no" : "unclear"
	limit += 0
	if (high <= limit)
		return "yes"
	return low > limit ? "no" : "unclear"
}

$1 == "title" { printf "\n%s\n", $2 }
$1 == "note" { printf "    %s\n", $2 }
$1 == "line" {
	printf form, "  " $2, $3 " " $6, ($4 == "" ? "" : $4 " .. " $5), $7, $8,
		(NF > 8 ? verdict($9, $10, $11) : "")
}
