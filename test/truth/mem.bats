#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Memory profiles of programs that keep their own account: equal to the byte, but for the peak (1 %).

load ../helpers/helpers

setup() {
	setup_out
}

# account PROGRAM TEST: what the program itself counted, "allocs bytes in-use-objects in-use-bytes", equals the profile.
account() {
	local file=$out/$2.mem.pb.gz expected
	profile "$1" "$2" --kinds mem --count 1
	equal 'exit status' "$status" 0
	expected=$(printf '%s\n' "$output" "$stderr" | sed -n 's/^expect: alloc_objects \([0-9]*\) alloc_space \([0-9]*\) inuse_objects \([0-9]*\) inuse_space \([0-9]*\).*/\1 \2 \3 \4/p')
	[ -n "$expected" ]
	equal "$1 $2" "$(sum "$file" 1) $(sum "$file" 2) $(sum "$file" 3) $(sum "$file" 4)" "$expected"
}

# site FUNCTION OBJECTS BYTES: allocated by that function in $file.
site() {
	equal "$1 objects and bytes" "$(sum "$file" 1 "(^|;)$1@") $(sum "$file" 2 "(^|;)$1@")" "$2 $3"
}

# in_use FUNCTION OBJECTS BYTES
in_use() {
	equal "$1 in use" "$(sum "$file" 3 "(^|;)$1@") $(sum "$file" 4 "(^|;)$1@")" "$2 $3"
}

@test "mem: sample types in order, alloc_space shown first" {
	profile mem_leaks test_no_leak --kinds mem
	equal 'exit status' "$status" 0
	equal columns "$(columns "$out/test_no_leak.mem.pb.gz" | tr '\n' ' ')" \
		'alloc_objects/count alloc_space/bytes[dflt] inuse_objects/count inuse_space/bytes peak_objects/count peak_space/bytes '
}

@test "mem: every way to allocate is counted to the byte" {
	account mem_counts test_every_call
}

@test "mem: eight threads, to the byte" {
	account mem_counts test_eight_threads
}

@test "mem: the same with gperftools linked in, as our rules link it" {
	account mem_counts.gperftools test_every_call
	account mem_counts.gperftools test_eight_threads
}

@test "mem: each site of eight threads has its share" {
	local calls=$((8 * 2000)) file=$out/test_eight_threads.mem.pb.gz
	profile mem_counts test_eight_threads --kinds mem --count 1
	equal 'exit status' "$status" 0
	site use_malloc "$calls" $((calls * 17))
	site use_calloc "$calls" $((calls * 99))
	site use_realloc $((calls * 3)) $((calls * (40 + 4000 + 100)))
	site use_realloc_to_nothing "$calls" $((calls * 64))
	site use_reallocarray "$calls" $((calls * 77))
	site use_aligned_alloc "$calls" $((calls * 640))
	site use_posix_memalign "$calls" $((calls * 300))
	site use_memalign "$calls" $((calls * 130))
	site use_valloc "$calls" $((calls * 5000))
	site use_strdup "$calls" $((calls * 12))
	site use_strndup "$calls" $((calls * 7))
	site allocate_to_hand_over "$calls" $((calls * 48))
	site use_large $((8 * 20)) $((8 * 20 * 3 << 20))
	in_use keep_one 8 800
	in_use use_realloc 0 0
	in_use use_all 0 0
}

@test "mem: what asprintf leaves in use" {
	local file=$out/test_asprintf.mem.pb.gz
	profile mem_counts test_asprintf --kinds mem --count 1
	equal 'exit status' "$status" 0
	in_use use_asprintf 1 20
}

@test "mem: runs add up" {
	profile mem_peak test_peak_churn --kinds mem --count 3
	equal 'exit status' "$status" 0
	equal 'objects of three runs' "$(sum "$out/test_peak_churn.mem.pb.gz" 1)" 3000000
	equal 'bytes of three runs' "$(sum "$out/test_peak_churn.mem.pb.gz" 2)" $((3000000 * 512))
	equal 'in use' "$(sum "$out/test_peak_churn.mem.pb.gz" 4)" 0
}

# peak NAME OBJECTS BYTES: of the whole profile in $file, within 1 %.
peak() {
	within "$1 peak objects" "$(sum "$file" 5)" $(($2 * 99 / 100)) $(($2 * 101 / 100))
	within "$1 peak bytes" "$(sum "$file" 6)" $(($3 * 99 / 100)) $(($3 * 101 / 100))
}

@test "mem: the peak, and who held it" {
	local file=$out/test_peak.mem.pb.gz mib=$((1 << 20))
	profile mem_peak test_peak --kinds mem --count 1
	equal 'exit status' "$status" 0
	peak test_peak 74 $((74 * mib))
	equal 'of the base' "$(sum "$file" 6 allocate_base)" $((10 * mib))
	equal 'of the first hump' "$(sum "$file" 6 allocate_first_hump)" $((64 * mib))
	equal 'of the second, lower one' "$(sum "$file" 6 allocate_second_hump)" 0
	in_use allocate_base 10 $((10 * mib))
	in_use allocate_first_hump 0 0
}

@test "mem: the peak of eight threads" {
	local file=$out/test_peak_threads.mem.pb.gz
	profile mem_peak test_peak_threads --kinds mem --count 1
	equal 'exit status' "$status" 0
	peak test_peak_threads 8000 8000000
}

@test "mem: the peak of a million short-lived blocks" {
	local file=$out/test_peak_churn.mem.pb.gz
	profile mem_peak test_peak_churn --kinds mem --count 1
	equal 'exit status' "$status" 0
	site allocate_churn 1000000 512000000
	peak test_peak_churn 100 51200
}

@test "mem: leaks by site" {
	local file=$out/test_leaks.mem.pb.gz site
	profile mem_leaks test_leaks --kinds mem --count 1
	equal 'exit status' "$status" 0
	in_use leak_small 10 240
	in_use leak_big 3 12288
	in_use leak_in_thread 5 1000
	in_use leak_by_strdup 1 9
	in_use keep_for_later 0 0
	in_use freed_elsewhere 0 0
	for site in leak_small leak_big leak_in_thread leak_by_strdup; do
		has "$output" "$site"
	done
	# libc keeps what it allocates for a thread: the only other thing in use.
	equal 'anything else' "$(sum "$file" 4)" $((240 + 12288 + 1000 + 9 + $(sum "$file" 4 '(^|;)_*pthread_create')))
}

@test "mem: a test that leaks nothing is said to" {
	profile mem_leaks test_no_leak --kinds mem --count 1
	equal 'exit status' "$status" 0
	equal 'in use' "$(sum "$out/test_no_leak.mem.pb.gz" 4)" 0
	has "$output" 'leaked 0'
	lacks "$output" 'still allocated'
}

@test "mem: fixtures are outside the window" {
	profile window test_window --kinds mem --count 5
	equal 'exit status' "$status" 0
	equal 'five runs of 24 bytes' "$(sum "$out/test_window.mem.pb.gz" 1) $(sum "$out/test_window.mem.pb.gz" 2)" '5 120'
	equal 'in use after the tear-down' "$(sum "$out/test_window.mem.pb.gz" 4)" 0
	profile window test_window --kinds mem --count 1 --alone no
	equal 'exit status' "$status" 0
	equal 'with the whole group' "$(sum "$out/test_window.mem.pb.gz" 1) $(sum "$out/test_window.mem.pb.gz" 2)" '1 24'
}

@test "mem: new and delete" {
	local file=$out/test_new_and_delete.mem.pb.gz
	profile throws test_new_and_delete --kinds mem --count 1
	equal 'exit status' "$status" 0
	equal objects "$(sum "$file" 1)" 601
	equal bytes "$(sum "$file" 2)" $((300 * 8 + 200 * 50 + 100 * 128 + 123))
	equal 'in use' "$(sum "$file" 3) $(sum "$file" 4)" '1 123'
}

@test "mem: allocations carry the thread that made them" {
	profile mem_leaks test_leaks --kinds mem --count 1
	equal 'exit status' "$status" 0
	equal 'without a thread or test label' "$(fold "$out/test_leaks.mem.pb.gz" | grep -cv 'test:\[test_leaks\] thread:\[')" 0
}
