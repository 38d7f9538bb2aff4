#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The heap of a running program, from its recording to the profile.

load ../helpers/helpers
load ../helpers/live

# seen_at RATE ARGUMENT...: $out/heap.pb.gz of live_heap, 500 ms after its start. RATE: "" leaves it to the program.
seen_at() {
	local rate=$1
	shift
	run -0 --separate-stderr plainly env ${rate:+"PPROF_HEAP_RATE=$rate"} PPROF_HTTP="sleep=500 snapshot=$out/seen" \
		LD_PRELOAD="$out/libpprofmk-live.so" timeout "$LIMIT" "$FIXTURES/live_heap" "$@"
	equal 'what is said' "${stderr-}" ''
	"$BUILD/helpers/live_profile_make" heap "$out/heap.pb.gz" "$out/seen"
}

# figures FUNCTION: allocated and in use.
figures() {
	local column
	for column in 1 2 3 4; do
		sum "$out/heap.pb.gz" "$column" "(^|;)$1@"
	done | paste -sd ' '
}

@test "live heap: every allocation" {
	seen_at 1 1
	equal types "$(columns "$out/heap.pb.gz" | paste -sd ' ')" \
		'alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes'
	equal kept "$(figures keep_large)" '100 300000 100 300000'
	equal churned "$(figures churn)" '5000 200000 0 0'
	equal 'the leaf is who called malloc' "$(sum_leaf "$out/heap.pb.gz" 1 '^(keep_large|churn)@')" 5100
	has "$(go_pprof -raw "$out/heap.pb.gz")" 'bytes:[3000]'
	has "$(go_pprof -raw "$out/heap.pb.gz")" 'Period: 1'
}

@test "live heap: sampled every 2,000 bytes" {
	local figures
	seen_at 2000 1
	read -r -a figures <<<"$(figures keep_large)"
	# Four standard deviations: of 100 blocks of 3,000 bytes sqrt(100 * 0.29) = 5.4.
	within 'blocks kept' "${figures[2]}" 78 122
	within 'bytes of them' "${figures[3]}" 234000 366000
	equal 'in use is all' "${figures[0]} ${figures[1]}" "${figures[2]} ${figures[3]}"
	read -r -a figures <<<"$(figures churn)"
	# Of 5,000 of 40 bytes sqrt(5000 * 48) = 490.
	within 'blocks churned' "${figures[0]}" 3040 6960
	equal 'in use of them' "${figures[2]} ${figures[3]}" '0 0'
	has "$(go_pprof -raw "$out/heap.pb.gz")" 'Period: 2000'
}

@test "live heap: the program says how often" {
	seen_at '' 1 1
	equal kept "$(figures keep_large)" '100 300000 99 297000'
	equal 'churned while it was on' "$(figures churn)" '5000 200000 0 0'
	equal 'off' "$(figures when_off)" '0 0 0 0'
}
