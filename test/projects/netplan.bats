#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netplan.io, built by Meson: its tests include the library's sources, and have fixtures of the group. Some fail by themselves where
# ovs-vsctl is not installed.

load ../helpers/helpers
load suite

setup_file() {
	both netplan.io
}

setup() {
	setup_out
}

@test "netplan.io: the tests that it runs are listed" {
	lists_agree 6 38
}

@test "netplan.io: each test's verdict is its own, in every kind" {
	verdicts_agree netplan.io
}

@test "netplan.io: its longest tests in every kind, with the library's functions by name" {
	profile_longest netplan.io
}
