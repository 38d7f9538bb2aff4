# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the machine's apt sources say; sourced. ROOT is put before /etc, for tests.

# The machine's sources of a suite, as they are, with another suite in its place: a deb822 paragraph, or a line of the
# older format. apt_source ROOT SUITE NEW_SUITE. Prints nothing where no enabled source has the suite. Of a
# paragraph the mirror and Signed-By are kept, of a line the mirror and the options.
apt_source() {
	for file in "$1/etc/apt/sources.list" "$1"/etc/apt/sources.list.d/*.list \
		"$1"/etc/apt/sources.list.d/*.sources; do
		[ -r "$file" ] || continue
		case $file in
		*.sources) text=$(apt_paragraph "$file" "$2" "$3") ;;
		*) text=$(apt_line "$file" "$2" "$3") ;;
		esac
		if [ -n "$text" ]; then
			printf '%s\n' "$text"
			return
		fi
	done
}

# apt_line FILE SUITE NEW_SUITE
apt_line() {
	awk -v suite="$2" -v new="$3" '
	$1 != "deb" { next }
	{
		sub(/#.*/, "")
		options = ""
		rest = $0
		sub(/^[ \t]*deb[ \t]+/, "", rest)
		if (rest ~ /^\[/) {
			options = substr(rest, 1, index(rest, "]")) " "
			rest = substr(rest, index(rest, "]") + 1)
		}
		if (split(rest, part) > 2 && part[2] == suite && part[1] !~ /^cdrom:/ && rest ~ /[ \t]main([ \t]|$)/) {
			print "deb " options part[1] " " new " main"
			exit
		}
	}' "$1"
}

# apt_paragraph FILE SUITE NEW_SUITE
apt_paragraph() {
	awk -v suite="$2" -v new="$3" '
	function has(list, word) { return (" " list " ") ~ ("[ \t]" word "[ \t]") }
	function finish() {
		if (has(value["types"], "deb") && has(value["suites"], suite) && has(value["components"], "main") &&
		    tolower(value["enabled"]) !~ /no|false|0/ && !found) {
			found = 1
			print "Types: deb\nURIs:" value["uris"] "\nSuites: " new "\nComponents: main"
			if ("signed-by" in value)
				print "Signed-By:" value["signed-by"]
		}
		split("", value)
		name = ""
	}
	/^#/ { next }
	/^[ \t]*$/ { finish(); next }
	/^[ \t]/ { value[name] = value[name] "\n" $0; next }
	{
		name = tolower(substr($0, 1, index($0, ":") - 1))
		value[name] = substr($0, index($0, ":") + 1)
	}
	END { finish() }' "$1"
}

# apt_mirror ROOT SUITE: the first mirror of a suite.
apt_mirror() {
	apt_source "$1" "$2" "$2" | awk '
	$1 == "URIs:" { print $2; exit }
	$1 == "deb" {
		sub(/^deb[ \t]+(\[[^]]*\][ \t]+)?/, "")
		print $1
		exit
	}'
}
