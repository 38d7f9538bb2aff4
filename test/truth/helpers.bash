# SPDX-License-Identifier: MIT
# What the tests of CPU profiles ask.

need_perf_event() {
	"$FIXTURES/perf_works" || skip "perf_event is refused here: the rate is the kernel tick's"
}

# split PROGRAM TEST TOLERANCE OPTION...: 60/30/10 within so many points.
split() {
	local program=$1 name=$2 tolerance=$3 file total part
	shift 3
	profile "$program" "$name" --kinds cpu "$@"
	equal 'exit status' "$status" 0
	file=$out/$name.cpu.pb.gz
	total=$(sum "$file" 1)
	for part in work_sixty:60 work_thirty:30 work_ten:10; do
		within "$program $name ${part%:*} of $total samples" \
			"$(percent "$(sum_leaf "$file" 1 "^${part%:*}@")" "$total")" \
			"$((${part#*:} - tolerance))" "$((${part#*:} + tolerance))"
	done
}
