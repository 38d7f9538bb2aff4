#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Pictures of profiles as files: where they go, and what is said when there are none. What is in them: test/browser.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

# svg OPTION...: sets status, output and stderr.
svg() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" svg --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

@test "a picture of each kind, in the folder of the profiles" {
	profile mem_counts test_asprintf --kinds mem
	svg --func test_asprintf --kind mem
	equal 'exit status' "$status" 0
	equal 'what is said' "${lines[0]}" "$out/test_asprintf.mem.flame.svg"
	has "$(head -c 200 "$out/test_asprintf.mem.flame.svg")" '<svg xmlns='
	bytes=$(grep -o '<g data-v="[0-9]*"><title>all' "$out/test_asprintf.mem.flame.svg")
	equal 'bytes' "$bytes" "<g data-v=\"$(sum "$out/test_asprintf.mem.pb.gz" 2)\"><title>all"
	svg --func test_asprintf --kind mem --type alloc_objects
	objects=$(grep -o '<g data-v="[0-9]*"><title>all' "$out/test_asprintf.mem.flame.svg")
	equal 'objects' "$objects" "<g data-v=\"$(sum "$out/test_asprintf.mem.pb.gz" 1)\"><title>all"
	svg --func test_asprintf --kind heap
	[ -s "$out/test_asprintf.heap.flame.svg" ]
	equal 'left beside them' "$(find "$out" -name '*.tmp')" ''
}

@test "what is wrong is said, and an earlier picture stays" {
	profile mem_counts test_asprintf --kinds mem
	svg --func test_asprintf --kind mem
	sum=$(cksum <"$out/test_asprintf.mem.flame.svg")
	svg --func test_asprintf --kind mem --type bananas
	equal 'exit status of a wrong type' "$status" 2
	has "$stderr" 'has no sample type "bananas": --type is one of alloc_objects, alloc_space, inuse_objects, inuse_space, peak_objects, peak_space'
	svg --func test_asprint --kind mem
	equal 'exit status without a profile' "$status" 1
	has "$stderr" 'there is one of Func=test_asprintf'
	svg --func test_asprintf --kind mem --width 10
	equal 'exit status of a wrong width' "$status" 2
	head -c 100 "$out/test_asprintf.mem.pb.gz" >"$out/cut.mem.pb.gz"
	svg --func cut --kind mem
	equal 'exit status of a damaged profile' "$status" 1
	[ ! -e "$out/cut.mem.flame.svg" ]
	# No file may be larger than 4 kB: a full disk.
	run bash -c 'ulimit -f 4; trap "" XFSZ; "$@"' - "$PPROFMK" svg --func test_asprintf --kind mem --out "$out" --width 5000
	equal 'exit status of a full disk' "$status" 1
	has "$output" 'test_asprintf.mem.flame.svg: File too large'
	equal 'the earlier one' "$(cksum <"$out/test_asprintf.mem.flame.svg")" "$sum"
	equal 'left beside it' "$(find "$out" -name '*.tmp')" ''
}

@test "a comparison with a file, or with a folder; what is wrong is said" {
	profile mem_counts test_asprintf --kinds mem
	mkdir old
	cp "$out/test_asprintf.mem.pb.gz" old
	run --separate-stderr "$PPROFMK" flame-diff --out "$out" --func test_asprintf --kind mem --base old
	equal 'exit status' "$status" 0
	equal 'what is said' "$output" "$out/test_asprintf.mem.flame.diff.svg"
	equal 'colours of what has not changed' "$(awk '/class="boxes"/ { on = 1 } /^<.g>$/ { on = 0 } on' "$output" | grep -o 'rect class="[a-z0-9]*"' | sort -u)" 'rect class="same"'
	run "$PPROFMK" flame-diff --out "$out" --func test_asprintf --kind mem --base old/test_asprintf.mem.pb.gz
	equal 'exit status with a file' "$status" 0
	run "$PPROFMK" flame-diff --out "$out" --func test_asprintf --kind mem --base nowhere
	equal 'exit status without a base' "$status" 1
	has "$output" 'nowhere'
	profile mem_counts test_asprintf --kinds cpu --count 1
	run "$PPROFMK" flame-diff --out "$out" --func test_asprintf --kind mem --base "$out/test_asprintf.cpu.pb.gz"
	equal 'exit status of another kind' "$status" 1
	has "$output" 'has no sample type "alloc_space" in bytes to compare with'
	run "$PPROFMK" flame-diff --out "$out" --func test_asprintf --kind mem
	equal 'exit status without --base' "$status" 2
}

@test "top: by another sample type, and which there are" {
	profile mem_counts test_asprintf --kinds mem
	run timeout "$LIMIT" "$PPROFMK" top --func test_asprintf --kind mem --type alloc_objects --out "$out"
	equal 'exit status' "$status" 0
	equal 'what is shown first' "${lines[0]}" 'test_asprintf: mem, 2 alloc_objects, 120B alloc_space, 1 inuse_objects, 20B inuse_space, 2 peak_objects, 120B peak_space'
	equal 'what the functions took themselves' "$(awk 'NR > 2 { sum += $1 } END { print sum }' <<<"$output")" 2
	run timeout "$LIMIT" "$PPROFMK" top --func test_asprintf --kind mem --type cpu --out "$out"
	equal 'exit status of a type of another kind' "$status" 2
	has "$output" 'has no sample type "cpu": --type is one of alloc_objects, alloc_space'
}
