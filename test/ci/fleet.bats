#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The configurations for Parca and Alloy that are there to be copied, against what these define.

bats_require_minimum_version 1.5.0
ROOT=$(cd "${BATS_TEST_DIRNAME:?}/../.." && pwd)

setup() {
	cp "$ROOT"/examples/fleet/* "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Has the check something to say of a changed file? refused WHAT FILE SED TEXT
refused() {
	sed "$3" "$2" >changed
	! cmp -s "$2" changed
	run node "$BATS_TEST_DIRNAME/fleet.mjs" "$1" changed
	echo "$output"
	[ "$status" = 1 ] && [[ $output == *"$4"* ]]
}

@test "Parca's: keys, types, times, all five paths" {
	node "$BATS_TEST_DIRNAME/fleet.mjs" parca parca.yaml
	refused parca parca.yaml 's/credentials_file/credential_file/' 'no key credential_file'
	refused parca parca.yaml 's/scrape_timeout: 15s/scrape_timeout: 10s/' 'must be greater than the interval'
	refused parca parca.yaml 's/delta: true/delta: false/' 'delta of process_cpu'
	refused parca parca.yaml 's,pprof/allocs,pprof/heap,' 'memory is not asked for at /debug/pprof/allocs'
	refused parca parca.yaml "s,'10.0.0.7:6060','http://10.0.0.7:6060'," 'is not a valid hostname'
	refused parca parca.yaml 's/^  - job_name/ - job_name/' 'changed'
}

@test "Alloy's: its syntax, blocks, attributes, times, all five paths" {
	node "$BATS_TEST_DIRNAME/fleet.mjs" alloy pyroscope.alloy
	refused alloy pyroscope.alloy 's/credentials_file/credential_file/' 'no key credential_file'
	refused alloy pyroscope.alloy 's/"14s"/"15s"/' 'at least 1 second smaller'
	refused alloy pyroscope.alloy 's/profile.mutex/profile.locks/' 'no block profile.locks'
	refused alloy pyroscope.alloy 's/write.fleet.receiver/write.other.receiver/' 'nothing is called pyroscope.write.other.receiver'
	refused alloy pyroscope.alloy 's/    url = .*//' 'url is missing'
	refused alloy pyroscope.alloy 's/^  authorization {/  authorization/' 'expected'
}

@test "docs/fleet.md shows them as they are" {
	for file in *; do
		sed 's/^/    /; s/^ *$//' "$file" >shown
		node -e 'const [docs, shown] = process.argv.slice(1).map((file) => require("fs").readFileSync(file, "utf8"));
			process.exit(docs.includes(shown) ? 0 : 1)' "$ROOT/docs/fleet.md" shown
	done
}
