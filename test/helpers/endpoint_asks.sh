#!/bin/sh
# SPDX-License-Identifier: MIT
# Ask a server of profiles, and print what matters of each answer: its status and headers, and the line of an error.
#
# Usage: endpoint_asks.sh ADDRESS     the requests of endpoint_go.txt
#        endpoint_asks.sh record      what Go 1.23 answers: to be put in its place once the difference has been looked at
# Example: endpoint_asks.sh 127.0.0.1:6060
set -eu

here=$(dirname -- "$0")
golden=$here/../e2e/endpoint_go.txt

# ask ADDRESS METHOD PATH
ask() {
	printf '%s %s\n' "$2" "$3"
	head=
	[ "$2" != HEAD ] || head=-I
	# shellcheck disable=SC2086 # an option or none
	curl -sS -g --path-as-is -m 30 -i -o - -X "$2" $head "http://$1$3" | LC_ALL=C awk '
		NR == 1 { status = $2; print "  " status; next }
		in_body { if (!body++ && status >= 400) print "  . " $0; next }
		/^\r?$/ { in_body = 1; next }
		tolower($1) ~ /^(content-type|content-disposition|x-content-type-options|x-go-pprof|allow):/ { sub(/\r/, ""); print "  " $0 }' |
		LC_ALL=C sort
}

ask_all() {
	while IFS=' ' read -r method path; do
		ask "$1" "$method" "$path"
	done
}

if [ "${1-}" = record ]; then
	program=$(mktemp)
	GOTOOLCHAIN=local go build -o "$program" "$here/endpoint_go.go"
	"$program" 127.0.0.1:6262 &
	trap 'kill $!; rm -f -- "$program"' EXIT
	sleep 1
	set -- 127.0.0.1:6262
fi
grep "^[A-Z]" "$golden" | ask_all "$1"
