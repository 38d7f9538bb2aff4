# SPDX-License-Identifier: MIT
# From `go tool pprof -raw`, one line a sample: its values, its labels, and its frames, leaf first, inlined ones too.
#
#     12 12000000<TAB>test:[test_x] thread:[main]<TAB>work@/src/a.c:12;test_x@/src/a.c:30;main@/src/a.c:40
#
# Locations come after the samples in that text: samples are kept until the end. A location without a name is its
# address. Names may have spaces (C++); files may not.

/^Samples:/ { section = "samples"; next }
/^Locations/ { section = "locations"; next }
/^Mappings/ { section = "mappings"; next }

section == "samples" && /^ *-?[0-9][-0-9 ]*: / {
	colon = index($0, ": ")
	values[++samples] = squeeze(substr($0, 1, colon - 1))
	stacks[samples] = squeeze(substr($0, colon + 2))
	next
}

section == "samples" && /^                [^ ]/ && samples {
	labels[samples] = (labels[samples] == "" ? "" : labels[samples] " ") squeeze($0)
	next
}

section == "locations" {
	line = $0
	if (match(line, /^ *[0-9]+: 0x[0-9a-f]+ /)) {
		split(substr(line, 1, RLENGTH), part, /[: ]+/)
		id = part[1] == "" ? part[2] : part[1]
		address = part[1] == "" ? part[3] : part[2]
		line = substr(line, RLENGTH + 1)
		sub(/^M=[0-9]+ /, "", line)
		sub(/^\[F\] /, "", line)
		frames[id] = ""
	}
	frames[id] = (frames[id] == "" ? "" : frames[id] ";") frame(line, address)
}

END {
	for (i = 1; i <= samples; i++) {
		depth = split(stacks[i], ids, " ")
		text = ""
		for (j = 1; j <= depth; j++)
			text = text (j > 1 ? ";" : "") frames[ids[j]]
		print values[i] "\t" labels[i] "\t" text
	}
}

function squeeze(text) {
	gsub(/ +/, " ", text)
	sub(/^ /, "", text)
	sub(/ $/, "", text)
	return text
}

# "name file:line:column s=start(system name)" to "name@file:line".
function frame(line, address,    place) {
	line = squeeze(line)
	if (line == "")
		return address
	sub(/ s=[0-9]+(\([^ ]*\))?$/, "", line)
	place = line
	sub(/^.* /, "", place)
	line = substr(line, 1, length(line) - length(place) - 1)
	sub(/:[0-9]+$/, "", place)
	gsub(/;/, ",", line)
	return line "@" place
}
