# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The checks of the values that people type; sourced, after say.sh. Values are in PPROF_ARG_<name>; an empty one is
# not given, and the tool's default holds.

# is_number TEXT MIN MAX: a decimal whole number in that range? MAX has at most ten digits.
is_number() {
	case $1 in
	'' | *[!0-9]* | ???????????*) return 1 ;;
	esac
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# is_duration TEXT: a decimal number above 0 with a unit?
is_duration() {
	case $1 in
	*ns | *us | *ms) number=${1%??} ;;
	*s | *m | *h) number=${1%?} ;;
	*) return 1 ;;
	esac
	case $number in
	*[!0-9.]* | *.*.* | .* | *. | '') return 1 ;;
	*[1-9]*) return 0 ;;
	esac
	return 1
}

# is_benchtime TEXT: a duration, or a number of iterations with an x behind?
is_benchtime() {
	case $1 in
	*x) is_number "${1%x}" 1 1000000000 ;;
	*) is_duration "$1" ;;
	esac
}

# is_tracesize TEXT: a decimal number above 0 with a unit of bytes? The tool knows its least.
is_tracesize() {
	case $1 in
	*kB | *KB | *MB | *GB | *TB) is_duration "${1%??}s" ;;
	*B) is_duration "${1%?}s" ;;
	*) return 1 ;;
	esac
}

# is_kept TEXT: a number of samples from 2 on, or a size?
is_kept() {
	is_number "$1" 2 1000000000 || is_tracesize "$1"
}

# is_address TEXT: may it be one? The tool reads it in full.
is_address() {
	case $1 in
	*[!]A-Za-z0-9.:/_%[-]* | -*) return 1 ;;
	*:*) return 0 ;;
	esac
	return 1
}

# is_flight TEXT: either?
is_flight() {
	is_duration "$1" || is_tracesize "$1"
}

# is_probability TEXT: a decimal number between 0 and 1, both left out?
is_probability() {
	case $1 in
	0.*[!0-9]*) return 1 ;;
	0.*[1-9]*) return 0 ;;
	esac
	return 1
}

# is_cpu_list TEXT: numbers from 1 on, with commas between? As the tool has it: at most 4096.
is_cpu_list() {
	rest=$1,
	while [ -n "$rest" ]; do
		is_number "${rest%%,*}" 1 4096 || return 1
		rest=${rest#*,}
	done
}

# is_list TEXT WORD...: some of the words, with commas between?
is_list() {
	rest=$1,
	shift
	while [ -n "$rest" ]; do
		is_one_of "${rest%%,*}" "$@" || return 1
		rest=${rest#*,}
	done
}

# is_one_of TEXT WORD...
is_one_of() {
	text=$1
	shift
	for word; do
		[ "$text" = "$word" ] && return 0
	done
	return 1
}

# How a check stops: wrong, or fail where the tool ends with 1 too.
refuse=wrong

# check NAME VALUE HINT TEST...: stop unless the value is empty or passes the test, called with the value first.
check() {
	name=$1 value=$2 hint=$3 predicate=$4
	shift 4
	[ -z "$value" ] || "$predicate" "$value" "$@" || "$refuse" "$name=$value: give $hint"
}

check_values() {
	check Time "${PPROF_ARG_Time-}" 'a duration like 500ms, 1s or 2m' is_duration
	check Timeout "${PPROF_ARG_Timeout-}" 'a duration like 30s or 10m' is_duration
	check Count "${PPROF_ARG_Count-}" '1 to 1000000000 runs' is_number 1 1000000000
	check Until "${PPROF_ARG_Until-}" 'fail' is_one_of fail
	check Flight "${PPROF_ARG_Flight-}" 'a time like 5s, of 10ms at least, or a size like 64MB, of 1MB at least' is_flight
	check Print "${PPROF_ARG_Print-}" 'full or short' is_one_of full short
	check Hz "${PPROF_ARG_Hz-}" '1 to 10000 samples a second' is_number 1 10000
	check Port "${PPROF_ARG_Port-}" 'a port, 1 to 65535' is_number 1 65535
	check Alone "${PPROF_ARG_Alone-}" 'yes or no' is_one_of yes no
	check Kinds "${PPROF_ARG_Kinds-}" 'some of cpu,mem,block (block brings mutex)' \
		is_list cpu mem block
	refuse=fail
	check Benchtime "${PPROF_ARG_Benchtime-}" 'a duration like 500ms or 1s, or a number of iterations like 100x' \
		is_benchtime
	refuse=wrong
	check Bench_count "${PPROF_ARG_Bench_count-}" '1 to 1000000 runs' is_number 1 1000000
	check Cpu "${PPROF_ARG_Cpu-}" 'numbers of processors, like 2 or 1,2,4' is_cpu_list
	check Counters "${PPROF_ARG_Counters-}" 'some of instructions,cycles,task-clock,page-faults,context-switches' \
		is_list instructions cycles task-clock page-faults context-switches
	check Normalize "${PPROF_ARG_Normalize-}" 'yes or no' is_one_of yes no
	check Tracesize "${PPROF_ARG_Tracesize-}" 'a size like 100MB or 1GB, of 1MB at least' is_tracesize
	check From "${PPROF_ARG_From-}" 'a time since the beginning of the trace like 500ms or 1.5s' is_duration
	check To "${PPROF_ARG_To-}" 'a time since the beginning of the trace like 500ms or 1.5s' is_duration
	check Format "${PPROF_ARG_Format-}" 'one of web text markdown csv json' is_one_of web text markdown csv json
	check Of "${PPROF_ARG_Of-}" 'some of net,sync,syscall,sched,cpu' is_list net sync syscall sched cpu
	check Timed "${PPROF_ARG_Timed-}" 'one of all benchmarks none' is_one_of all benchmarks none
	check Effect "${PPROF_ARG_Effect-}" '1 to 1000 percent' is_number 1 1000
	check Alpha "${PPROF_ARG_Alpha-}" 'a probability between 0 and 1, like 0.01' is_probability
	check Kind "${PPROF_ARG_Kind-}" 'one of cpu mem heap allocs block mutex threads net sync syscall sched running' \
		is_one_of cpu mem heap allocs block mutex threads net sync syscall sched running
	check Addr "${PPROF_ARG_Addr-}" 'an address like 127.0.0.1:6060' is_address
	check Seconds "${PPROF_ARG_Seconds-}" '1 to 3600 seconds' is_number 1 3600
	check Show "${PPROF_ARG_Show-}" 'yes or no' is_one_of yes no
	check Every "${PPROF_ARG_Every-}" 'a duration like 15s or 5m, 1s at least' is_duration
	check Keep "${PPROF_ARG_Keep-}" 'a number of samples from 2 on, or a size like 500MB' is_kept
}
