#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# CPU profiles of bodies that are short, in programs whose split is known: what begins and ends often, and what lies around it.

load ../helpers/helpers
load helpers

setup() {
	setup_out
}

@test "cpu: 60/30/10 for a body of two and a half sampling periods" {
	need_perf_event
	split cpu_split test_cpu_split_short 2 --time 5s
}

@test "cpu: 60/30/10 for a body of a 25th of a sampling period" {
	need_perf_event
	# Entering and leaving the window is part of what so short a body costs; only the ratio of the three is asked, and that
	# loosely: a timer that is some microseconds late, as a virtual machine's is (2 to 5 us), shows the code that runs then.
	# The first 5 of the body's 40 us are not seen, and some of the last are behind the window. A sampler whose period
	# began anew with each run would see one of the three, or none.
	profile cpu_split test_cpu_split_tiny --kinds cpu --time 5s
	equal 'exit status' "$status" 0
	local file=$out/test_cpu_split_tiny.cpu.pb.gz total
	total=$(sum_leaf "$file" 1 '^work_(sixty|thirty|ten)@')
	within 'samples in the three functions' "$total" 2500 6000
	within sixty "$(percent "$(sum_leaf "$file" 1 '^work_sixty@')" "$total")" 48 66
	within thirty "$(percent "$(sum_leaf "$file" 1 '^work_thirty@')" "$total")" 25 40
	within ten "$(percent "$(sum_leaf "$file" 1 '^work_ten@')" "$total")" 4 15
}

@test "cpu: fixtures are outside the window" {
	local file
	profile window test_window --kinds cpu --time 500ms
	equal 'exit status' "$status" 0
	file=$out/test_window.cpu.pb.gz
	equal 'samples in fixtures' "$(sum "$file" 1 fixture_work)" 0
	within 'share of the body' "$(percent "$(sum "$file" 1 body_work)" "$(sum "$file" 1)")" 99 100
	profile window test_window --kinds cpu --time 500ms --alone no
	equal 'exit status, with the whole group' "$status" 0
	equal 'samples in fixtures and the other test' "$(sum "$file" 1 fixture_work)" 0
}
