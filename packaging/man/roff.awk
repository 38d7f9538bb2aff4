# SPDX-License-Identifier: MIT
# Text as manual pages want it.
#
#   part    text: as it is, a line each; lines: unfilled; summary: rows of `name  text`;
#           command: what `pprofmk help COMMAND` prints

# plain(TEXT): so that no letter of it is a request or an escape.
function plain(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

# item(NAME, TEXT): values to choose from, a|b|c, may be more than a line has room for.
function item(name, text) {
	text = plain(text)
	gsub(/\|/, "|\\:", text)
	printf ".TP\n.B %s\n%s\n", plain(name), text
}

# after(N): the line without its first N words.
function after(n, text) {
	text = $0
	sub(/^ */, "", text)
	while (n-- > 0)
		sub(/^[^ ]+ */, "", text)
	return text
}

BEGIN { if (part == "lines") print ".nf" }
END { if (part == "lines") print ".fi" }

part == "text" || part == "lines" { print plain($0) }
part == "summary" { item($1, after(1)) }
part == "command" && /^usage: / { printf ".SS %s\n", plain($3); usage = 1 }
part == "command" && usage { if (NF) print plain(after(/^usage: / ? 1 : 0)); else usage = 0 }
part == "command" && /^Purpose: / { $2 = toupper(substr($2, 1, 1)) substr($2, 2); print ".PP"; print plain(after(1)) }
part == "command" && /^  --/ && !usage { item($1 " " $2, after(2)) }
