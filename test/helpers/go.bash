# SPDX-License-Identifier: MIT
# Which Go, and which pprof of it: sourced by helpers.bash and run-bats.sh.

# The newest Go from 1.22 on: older ones show C without inlined calls and without names in shared libraries.
find_go() {
	local go minor
	for go in "$(command -v go)" $(printf '%s\n' /usr/lib/go-1.*/bin/go | sort -rV) /usr/local/go/bin/go; do
		[ -x "$go" ] || continue
		minor=$(GOTOOLCHAIN=local "$go" version | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
		if [ "${minor:-0}" -ge 22 ]; then
			printf '%s\n' "$go"
			return
		fi
	done
	return 1
}

# find_go_pprof: the words to call its pprof with. As `go tool pprof` it takes twice as long to start.
find_go_pprof() {
	local go tool
	go=$(find_go) || return
	tool=$(GOTOOLCHAIN=local GOFLAGS='' GOTELEMETRY=off "$go" tool -n pprof 2>/dev/null)
	if [ -x "$tool" ]; then
		printf '%s\n' "$tool"
	else
		printf 'env GOTOOLCHAIN=local GOFLAGS= GOTELEMETRY=off %s tool pprof\n' "$go"
	fi
}
