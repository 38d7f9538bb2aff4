#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Names: for the addresses of real profiles, functions, inlined calls, files and lines equal what addr2line says.

load ../helpers/helpers

setup() {
	setup_out
}

# locations FILE PROGRAM: the locations of the profile in that object, "offset name@file:line;name@file:line", inlined
# calls first, the offset as in the file. Linkage stubs, which we name and addr2line does not, are left out.
locations() {
	go_pprof -raw "$1" | awk -v program="$2" '
		/^Locations/ { in_locations = 1; next }
		/^Mappings/ { in_locations = 0; in_mappings = 1; next }
		in_locations { line[++lines] = $0 }
		in_mappings && index($0, " " program " ") { split($0, part, /[:\/ ]+/); id = part[1]; start = part[2]; offset = part[4] }
		END { for (i = 1; i <= lines; i++) print id, start, offset, line[i] }' |
		node -e '
		let current = null;
		for (const text of require("fs").readFileSync(0, "utf8").split("\n")) {
			const [, id, start, offset, rest] = text.match(/^(\d+) (0x\w+) (0x\w+) (.*)$/) || [];
			if (!id) continue;
			const head = rest.match(/^ *\d+: (0x\w+) M=(\d+) (?:\[F\] )?(.*)$/);
			if (head) {
				if (current) console.log(current);
				const at = (BigInt(head[1]) - BigInt(start) + BigInt(offset)).toString(16);
				current = head[2] !== id ? null : at + " " + (head[3] ? frame(head[3]) : "??@:0");
			} else if (/^ *\d+: /.test(rest)) {
				if (current) console.log(current);
				current = null;
			} else if (current) current += ";" + frame(rest.trim());
		}
		if (current) console.log(current);
		function frame(text) {
			const part = text.match(/^(.*) (\S*):(\d+):\d+ s=\d+(?:\(\S*\))?$/);
			return part[1] + "@" + part[2] + ":" + part[3];
		}' | grep -v '@plt@' | sort -u
}

# delta_of PROGRAM: what its executable segment's addresses are more than its offsets in the file.
delta_of() {
	local segment
	segment=$(readelf -lW "$1" | awk '$1 == "LOAD" && /R E/ { print $3, $2; exit }')
	printf '%d\n' $((${segment% *} - ${segment#* }))
}

# Where a file of start code has no lines, both take its name from the symbol table, which says nothing of the place.
UNDRESS='s/ (discriminator [0-9]*)$//; s/^\(??\|crtstuff\.c\):[?0]$/:0/'

# reference PROGRAM < locations: the same lines by addr2line.
reference() {
	local program=$1 delta offset
	delta=$(delta_of "$program")
	while read -r offset _; do
		printf '%s ' "$offset"
		addr2line -Cfi -e "$program" "$(printf '%x' $((0x$offset + delta)))" |
			sed "$UNDRESS" | paste -d '@' - - | paste -sd ';'
	done
}

# llvm_says OFFSET PROGRAM: one line as above by llvm-symbolizer, which gives static C++ functions their arguments. It
# shows from which part of a function split by the compiler an address is; we name the function.
llvm_says() {
	local delta
	delta=$(delta_of "$2")
	printf '%s ' "$1"
	llvm-symbolizer --obj="$2" -Cfi --output-style=GNU "0x$(printf '%x' $((0x$1 + delta)))" |
		sed "$UNDRESS; s/ (\.cold[.0-9]*)\$//; /^\$/d" | paste -d '@' - - | paste -sd ';'
}

# agree FILE PROGRAM LEAST: at least LEAST locations, and every one as addr2line or llvm-symbolizer has it.
agree() {
	local line
	locations "$1" "$2" >"$BATS_TEST_TMPDIR/ours"
	reference "$2" <"$BATS_TEST_TMPDIR/ours" >"$BATS_TEST_TMPDIR/theirs"
	within "locations in $2" "$(wc -l <"$BATS_TEST_TMPDIR/ours")" "$3" 100000
	grep -vxFf "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/ours" >"$BATS_TEST_TMPDIR/differ" || return 0
	while read -r line; do
		equal "location ${line%% *} of $2" "$line" "$(llvm_says "${line%% *}" "$2")"
	done <"$BATS_TEST_TMPDIR/differ"
}

@test "names: equal addr2line's, for the stack shapes of each compiler" {
	local variant name
	for variant in stack_shapes stack_shapes.nopie stack_shapes.unoptimised; do
		profile "$variant" 'test_*' --kinds cpu,mem --time 50ms -- "$FIXTURES/stack_plugin.so"
		equal 'exit status' "$status" 0
		for name in test_recursion test_inlined test_qsort test_thread; do
			agree "$out/$name.cpu.pb.gz" "$FIXTURES/$variant" 2
		done
		agree "$out/test_plugin.cpu.pb.gz" "$FIXTURES/stack_plugin.so" 2
	done
}

@test "names: equal addr2line's, for every site of a memory profile" {
	profile mem_counts test_eight_threads --kinds mem --count 1
	equal 'exit status' "$status" 0
	agree "$out/test_eight_threads.mem.pb.gz" "$FIXTURES/mem_counts" 15
}

@test "names: C++ is demangled as addr2line does" {
	profile throws 'test_*' --kinds cpu,mem --time 50ms
	equal 'exit status' "$status" 0
	agree "$out/test_work_in_template.cpu.pb.gz" "$FIXTURES/throws" 2
	agree "$out/test_throws_and_catches.mem.pb.gz" "$FIXTURES/throws" 2
}

@test "names: a library without debug information has its exported functions" {
	profile cpu_split test_cpu_split --kinds cpu --count 1
	equal 'exit status' "$status" 0
	has "$(fold "$out/test_cpu_split.cpu.pb.gz")" _cmocka_run_group_tests
}

@test "names: with symbols only there are functions, stripped there are addresses, and stacks in both" {
	local file=$out/test_cpu_split.cpu.pb.gz
	profile cpu_split.symbols test_cpu_split --kinds cpu --time 500ms
	equal 'exit status' "$status" 0
	within 'share of work_sixty' "$(percent "$(sum_leaf "$file" 1 '^work_sixty@')" "$(sum "$file" 1)")" 55 65
	profile cpu_split.stripped test_cpu_split --kinds cpu --time 500ms
	equal 'exit status' "$status" 0
	equal 'work_sixty' "$(sum "$file" 1 work_sixty)" 0
	within 'share below libc' "$(percent "$(sum "$file" 1 __libc_start_main)" "$(sum "$file" 1)")" 99 100
}
