# SPDX-License-Identifier: MIT
# trace_facts.awk EXPECT ITEMS: what the program says of itself (its lines "expect: ..."; test/fixtures/traced.c) beside what its trace has
# (trace_items). A fact a line, columns separated by tabs:
#
#     life      THREAD LIFE SUM GAPS      nanoseconds of its life and of its states, and states that don't begin where the last one ended
#     cpu       THREAD PROGRAM TRACE      CPU time
#     kernel    THREAD READY TRACE OUT TRACE PREEMPTED TRACE
#                                           the kernel's counts (traced.c), each beside what the states say
#     wait      THREAD KIND PROGRAM TRACE one after the other
#     count     THREAD KIND PROGRAM TRACE number of these
#     waker     THREAD STATE WAKER COUNT  who ended its blocked states
#     state     THREAD STATE NS           as the states themselves have it
#     process   PROGRAM TRACE             CPU time of all threads, to the end of the body
#     cpus      OVERLAPS NS               items of CPUs that begin before the last one ended, and their time

BEGIN { FS = "\t" }

FILENAME == ARGV[1] && match($0, /expect: /) {
	count = split(substr($0, RSTART + 8), word, " ")
	if (word[1] == "thread")
		program_cpu[word[2]] = word[4]
	else if (word[1] == "kernel")
		kernel[word[2]] = word[3] "\t" word[4] "\t" word[5]
	else if (word[1] == "wait") {
		key = word[2] "\t" word[3]
		program_wait[key, ++program_count[key]] = word[4]
	} else if (word[1] == "process")
		process = word[2]
}
FILENAME == ARGV[1] { next }

$1 == "thread" {
	name[$2] = $4
	life[$2] = $7 - $6
	at[$2] = $6
	threads++
}
$1 == "sum" {
	sum[$2] += $4
	if ($3 == "running" || $3 == "syscall")
		on_cpu[$2] += $4
}
$1 == "state" {
	if ($5 == "running" || $5 == "syscall") {
		on_start[++on_count] = $3
		on_end[on_count] = $4
	}
	is_on = $5 == "running" || $5 == "syscall"
	if (was_on[$2] && !is_on) {
		if ($12 == "preempted")
			preempted[$2]++
		else
			out[$2]++
	}
	was_on[$2] = is_on
	gaps[$2] += $3 != at[$2]
	at[$2] = $4
	state[name[$2] "\t" $5] += $4 - $3
	if ($5 != "running" && $5 != "syscall" && $5 != "runnable")
		waker[name[$2] "\t" $5 "\t" $9]++
}
$1 == "event" && ($5 == "wait" || $5 == "syscall") {
	key = name[$2] "\t" $6
	trace_wait[key, ++trace_count[key]] = $4 - $3
}
$1 == "event" && $5 == "window" && $6 == 0 { body_end = $4 }
$1 == "cpu" {
	overlaps += $3 < cpu_end[$2]
	cpu_end[$2] = $4
	cpu_ns += $4 - $3
}

END {
	for (i = 0; i < threads; i++) {
		printf "life\t%s\t%d\t%d\t%d\n", name[i], life[i], sum[i], gaps[i]
		if (name[i] in program_cpu)
			printf "cpu\t%s\t%d\t%d\n", name[i], program_cpu[name[i]], on_cpu[i]
		if (name[i] in kernel) {
			split(kernel[name[i]], part, "\t")
			printf "kernel\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", name[i], part[1], state[name[i] "\trunnable"], part[2], out[i], part[3], preempted[i]
		}
	}
	for (key in program_count) {
		printf "count\t%s\t%d\t%d\n", key, program_count[key], trace_count[key]
		for (i = 1; i <= program_count[key]; i++)
			printf "wait\t%s\t%d\t%d\n", key, program_wait[key, i], trace_wait[key, i]
	}
	for (key in waker) {
		split(key, part, "\t")
		printf "waker\t%s\t%s\t%s\t%d\n", part[1], part[2], part[3] in name ? name[part[3]] : "-", waker[key]
	}
	for (key in state)
		printf "state\t%s\t%d\n", key, state[key]
	for (i = 1; i <= on_count; i++)
		if (on_start[i] < body_end)
			process_trace += (on_end[i] < body_end ? on_end[i] : body_end) - on_start[i]
	printf "process\t%d\t%d\n", process, process_trace
	printf "cpus\t%d\t%d\n", overlaps, cpu_ns
}
