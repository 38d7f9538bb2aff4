#!/bin/sh
# SPDX-License-Identifier: MIT
# Call the tool as the targets of pprof.mk ask.
#
# Usage: pprof.sh test | run | bench | trace | ci-test | ci-bench | report | list | doctor | top | svg | flame-diff | diff | web KIND |
#            trace-show | trace-stat | trace-locks | trace-path | trace-dump | trace-perfetto | trace-profile | bench-texts | bench-builds FOLDER |
#            gate | gate-builds FOLDER NAME | live | watch | watch-diff | push
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them, and the programs built.
# Example: PPROF_ARG_Func=test_send_code scripts/pprof.sh web cpu
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/values.sh
. "$here/values.sh"
# shellcheck source=scripts/names.sh
. "$here/names.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"
# shellcheck source=scripts/tool.sh
. "$here/tool.sh"

out=${PPROF_ARG_OUT:-_output/pprof}
tool=${PPROF_ARG_TOOL:-$(tool_path "$here/..")}
func=${PPROF_ARG_Func-} package=${PPROF_ARG_Package-} bin=${PPROF_ARG_Bin-}
newline='
'
spaces=$(printf ' \t')$newline
# 1: programs of *_bench.c are left alone.
passes_benchmarks=
bin_option=--bin
# 1: that there is nothing to run is no mistake.
may_be_none=

# Functions with_...: append to the tool's arguments, and go on to the next; the last one runs the tool.

run_tool() {
	if [ -n "${PPROF_ARG_V-}" ]; then
		for word in "$tool" "$@"; do
			printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
		done >&2
		printf '\n' >&2
	fi
	exec "$tool" "$@"
}

# split_at TEXT: from here on text is split where this list is: at its newlines if it has any, at spaces otherwise. It
# is not expanded in any way.
split_at() {
	set -f
	case $1 in
	*"$newline"*) IFS=$newline ;;
	*) IFS=$spaces ;;
	esac
}

with_arguments() {
	split_at "${PPROF_ARG_Args-}"
	# shellcheck disable=SC2086 # split as said above
	run_tool "$@" ${PPROF_ARG_Args:+--} ${PPROF_ARG_Args-}
}

with_packages() {
	IFS=$spaces
	set +f
	packages=$(packages_wanted "$here/.." "$out")
	for package in $packages; do
		set -- "$@" "--package=$package"
		for program in $(package_programs "$package" "$out/build"); do
			case $program in
			*_bench) [ -z "$passes_benchmarks" ] || continue ;;
			esac
			[ ! -x "$program" ] || set -- "$@" "--bin=$program"
		done
	done
	case $passes_benchmarks,$* in
	1,*--bin=* | 1,*--ctest=* | 1,*--meson=* | 1,*--automake=* | ,*) ;;
	*)
		[ -z "$may_be_none" ] || exit 0
		wrong "package $package has benchmarks only: make pprof.bench, or say which one with Func="
		;;
	esac
	with_arguments "$@"
}

# with_list LIST NEXT ARGUMENT...: a $bin_option for each word of the list, or one for a file whose name has spaces.
with_list() {
	list=$1 next=$2
	shift 2
	split_at "$list"
	[ ! -e "$list" ] || IFS=
	for word in $list; do
		set -- "$@" "$bin_option=$word"
	done
	"$next" "$@"
}

# with_suites NEXT ARGUMENT...: programs as another build's own suite runs them.
with_suites() {
	next=$1
	shift
	"$next" "$@" ${PPROF_ARG_CTEST:+"--ctest=$PPROF_ARG_CTEST"} \
		${PPROF_ARG_MESON:+"--meson=$PPROF_ARG_MESON"} \
		${PPROF_ARG_AUTOMAKE:+"--automake=$PPROF_ARG_AUTOMAKE"} \
		${PPROF_ARG_CONFIG:+"--config=$PPROF_ARG_CONFIG"}
}

with_suites_and_packages() {
	with_suites with_packages "$@"
}

with_programs() {
	if [ -n "$bin" ]; then
		with_list "$bin" with_arguments "$@" ${package:+"--package=$package"}
	elif [ -n "$package" ]; then
		with_packages "$@"
	else
		with_list "${PPROF_ARG_PROGRAMS-}" with_suites_and_packages "$@"
	fi
}

# The programs asked for, or those that are there; doctor knows no packages.
with_built_programs() {
	if [ -n "$bin" ]; then
		with_list "$bin" run_tool "$@"
	fi
	prefix=$out/build/
	if [ -n "$package" ]; then
		prefix=$prefix$(package_name "$package")/
	fi
	built=
	if [ -d "$out/build" ]; then
		built=$(find "$out/build" -path '*/.*' -prune -o \( -path "$prefix*_test" -o -path "$prefix*_bench" \) -type f -perm -u+x -print)
	fi
	if [ -n "$package" ]; then
		with_list "$built" run_tool "$@"
	else
		with_list "$built" with_suites run_tool "$@"
	fi
}

# run_tests COMMAND OPTION...: with the options that every way to run tests has.
run_tests() {
	command=$1
	shift
	tell_of_other Kind Kinds
	with_programs "$command" ${func:+"--func=$func"} "--out=$out" "$@" \
		${PPROF_ARG_Alone:+"--alone=$PPROF_ARG_Alone"} \
		${PPROF_ARG_Hz:+"--hz=$PPROF_ARG_Hz"} \
		${PPROF_ARG_Kinds:+"--kinds=$PPROF_ARG_Kinds"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"}
}

# All tests of a package are its tests, not its benchmarks.
run_test() {
	[ -n "$func" ] || passes_benchmarks=1
	run_tests test ${PPROF_ARG_Time:+"--time=$PPROF_ARG_Time"} \
		${PPROF_ARG_Count:+"--count=$PPROF_ARG_Count"} \
		${PPROF_ARG_Print:+"--print=$PPROF_ARG_Print"} \
		${PPROF_ARG_Until:+"--until=$PPROF_ARG_Until"} \
		${PPROF_ARG_Flight:+"--flight=$PPROF_ARG_Flight"}
}

# A program as a whole, which is called Func.
run_program() {
	[ -n "$bin" ] ||
		wrong 'say which program to run: Bin=program, a path or a name in PATH, and Args= (for tests by name: make pprof.test)'
	split_at "${PPROF_ARG_Args-}"
	# shellcheck disable=SC2086 # split as said above
	run_tool run ${func:+"--name=$func"} "--out=$out" \
		${PPROF_ARG_Hz:+"--hz=$PPROF_ARG_Hz"} \
		${PPROF_ARG_Kinds:+"--kinds=$PPROF_ARG_Kinds"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"} -- "$bin" ${PPROF_ARG_Args-}
}

run_bench() {
	run_tests bench "$@" ${PPROF_ARG_Benchtime:+"--benchtime=$PPROF_ARG_Benchtime"} \
		${PPROF_ARG_Bench_count:+"--bench-count=$PPROF_ARG_Bench_count"} \
		${PPROF_ARG_Cpu:+"--cpu=$PPROF_ARG_Cpu"} \
		${PPROF_ARG_Counters:+"--counters=$PPROF_ARG_Counters"}
}

# What make pprof.ci runs. A project may have no benchmarks, or nothing else. Tables of hundreds of tests nobody reads: they are in the page.
run_ci() {
	may_be_none=1
	[ -n "${PPROF_ARG_Print-}${PPROF_ARG_V-}" ] || PPROF_ARG_Print=short
	case $1 in
	test) run_test ;;
	bench) run_bench --needed=no ;;
	esac
}

run_report() {
	run_tool report "--out=$out" ${PPROF_ARG_Base:+"--base=$PPROF_ARG_Base"} \
		${PPROF_ARG_Since:+"--since=$PPROF_ARG_Since"}
}

# Text that was kept with that of the last run.
run_bench_texts() {
	run_tool bench-diff ${func:+"--func=$func"} "--base=${PPROF_ARG_Base-}" "--out=$out" \
		${PPROF_ARG_Alpha:+"--alpha=$PPROF_ARG_Alpha"}
}

# The programs of $base_folder that are asked for, which is another project with an output folder of its own.
with_base_packages() {
	bin_option=--bin
	IFS=$spaces
	set +f
	home=$(cd -- "$here/.." && pwd)
	base_packages=
	[ -n "$bin$package" ] || set -- "$@" ${PPROF_ARG_CTEST:+"--base-ctest=${PPROF_ARG_BASE_CTEST:-$PPROF_ARG_CTEST}"} \
		${PPROF_ARG_MESON:+"--base-meson=$PPROF_ARG_MESON"} \
		${PPROF_ARG_AUTOMAKE:+"--base-automake=$PPROF_ARG_AUTOMAKE"}
	[ -n "$bin" ] || base_packages=$(cd -- "$base_folder" && packages_wanted "$home" _output/pprof)
	for base_package in $base_packages; do
		set -- "$@" "--package=$base_package"
		for program in $(cd -- "$base_folder" && package_programs "$base_package" _output/pprof/build); do
			[ ! -x "$base_folder/$program" ] || set -- "$@" "--base-bin=$program"
		done
	done
	# What follows is of none of these.
	with_programs "$@" --package=
}

# run_builds COMMAND FOLDER OPTION...: the programs of the base, built there, and the present ones by turns.
run_builds() {
	command=$1 base_folder=$2
	shift 2
	bin_option=--base-bin
	with_list "${bin:-${PPROF_ARG_PROGRAMS-}}" with_base_packages "$command" \
		${func:+"--func=$func"} "--out=$out" "--base-dir=$base_folder" "$@" \
		${PPROF_ARG_Benchtime:+"--benchtime=$PPROF_ARG_Benchtime"} \
		${PPROF_ARG_Bench_count:+"--bench-count=$PPROF_ARG_Bench_count"} \
		${PPROF_ARG_Alpha:+"--alpha=$PPROF_ARG_Alpha"} \
		${PPROF_ARG_Alone:+"--alone=$PPROF_ARG_Alone"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"}
}

# gate_options NEXT ARGUMENT...: what a gate is told, whatever it compares with.
gate_options() {
	next=$1
	shift
	case ${PPROF_ARG_Format-} in
	'' | text | markdown) ;;
	*) wrong "Format=$PPROF_ARG_Format: give text or markdown" ;;
	esac
	"$next" "$@" ${PPROF_ARG_Format:+"--format=$PPROF_ARG_Format"} \
		${PPROF_ARG_Budget:+"--budget=$PPROF_ARG_Budget"} \
		${PPROF_ARG_Timed:+"--timed=$PPROF_ARG_Timed"} \
		${PPROF_ARG_Effect:+"--effect=$PPROF_ARG_Effect"}
}

# run_show COMMAND KIND ARGUMENT...: profiles of a whole package are named after it.
run_show() {
	command=$1 kind=$2
	shift 2
	[ "$command" = web ] || tell_of_other Kinds Kind
	if [ -z "$func" ] && [ -n "$package" ]; then
		func=$package
		[ ! -d "$package" ] || func=$(package_name "$package")
	fi
	[ -n "$func" ] ||
		wrong 'say whose profile to show: Func=test_name, or Package=folder for all its tests'
	run_tool "$command" "--func=$func" "--kind=$kind" "--out=$out" "$@"
}

# A run has one kind only, and no clock.
run_trace_tests() {
	with_programs trace ${func:+"--func=$func"} "--out=$out" \
		${PPROF_ARG_Alone:+"--alone=$PPROF_ARG_Alone"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"} \
		${PPROF_ARG_Tracesize:+"--tracesize=$PPROF_ARG_Tracesize"}
}

# run_live COMMAND KIND ARGUMENT...: ask the program at Addr.
run_live() {
	command=$1 kind=$2
	shift 2
	[ -n "${PPROF_ARG_Addr-}" ] || wrong 'say which program to ask: Addr=127.0.0.1:6060, where it answers'
	run_tool "$command" "--addr=$PPROF_ARG_Addr" ${kind:+"--kind=$kind"} "--out=$out" "$@"
}

# run_fetch KIND ARGUMENT...: something that is kept under a name.
run_fetch() {
	kind=$1
	shift
	run_live live "$kind" ${func:+"--name=$func"} ${PPROF_ARG_Seconds:+"--seconds=$PPROF_ARG_Seconds"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"} "$@"
}

# run_trace COMMAND ARGUMENT...: look at a trace.
run_trace() {
	command=$1
	shift
	[ -n "$func" ] || wrong 'say whose trace to show: Func=test_name'
	run_tool "$command" "--func=$func" "--out=$out" "$@"
}

# run_trace_part COMMAND ARGUMENT...: at a part of it.
run_trace_part() {
	run_trace "$@" ${PPROF_ARG_From:+"--from=$PPROF_ARG_From"} ${PPROF_ARG_To:+"--to=$PPROF_ARG_To"}
}

# with_labels ARGUMENT...
with_labels() {
	split_at "${PPROF_ARG_Labels-}"
	for word in ${PPROF_ARG_Labels-}; do
		set -- "$@" "--label=$word"
	done
	run_tool "$@"
}

# The newest one where nobody says which.
run_trace_show() {
	set -- ${PPROF_ARG_Host:+"--host=$PPROF_ARG_Host"} ${PPROF_ARG_Port:+"--port=$PPROF_ARG_Port"}
	[ -n "$func" ] || run_tool trace-show "--out=$out" "$@"
	run_trace trace-show "$@"
}

check_values
case ${1-} in
test) run_test ;;
run) run_program ;;
bench) run_bench ;;
ci-test) run_ci test ;;
ci-bench) run_ci bench ;;
report) run_report ;;
bench-texts) run_bench_texts ;;
bench-builds) run_builds bench-diff "$2" ${PPROF_ARG_Cpu:+"--cpu=$PPROF_ARG_Cpu"} ;;
gate) gate_options run_tests gate ${PPROF_ARG_Base:+"--base=$PPROF_ARG_Base"} ;;
gate-builds) gate_options run_builds gate "$2" "--base-name=$3" ;;
list) with_programs list ;;
doctor) with_built_programs doctor ;;
top) run_show top "${PPROF_ARG_Kind:-cpu}" ${PPROF_ARG_Type:+"--type=$PPROF_ARG_Type"} ;;
svg) run_show svg "${PPROF_ARG_Kind:-cpu}" ${PPROF_ARG_Type:+"--type=$PPROF_ARG_Type"} ;;
flame-diff)
	[ -n "${PPROF_ARG_Base-}" ] || wrong 'say what to compare with: Base=file.pb.gz, or a folder with such files'
	run_show flame-diff "${PPROF_ARG_Kind:-cpu}" "--base=$PPROF_ARG_Base" ${PPROF_ARG_Type:+"--type=$PPROF_ARG_Type"} \
		${PPROF_ARG_Normalize:+"--normalize=$PPROF_ARG_Normalize"}
	;;
diff)
	[ -n "${PPROF_ARG_Base-}" ] || wrong 'say what to compare with: Base=file.pb.gz, or a folder with such files'
	case ${PPROF_ARG_Format-} in
	'' | web | text) ;;
	*) wrong "Format=$PPROF_ARG_Format: give web or text" ;;
	esac
	run_show diff "${PPROF_ARG_Kind:-cpu}" "--base=$PPROF_ARG_Base" ${PPROF_ARG_Type:+"--type=$PPROF_ARG_Type"} \
		${PPROF_ARG_Normalize:+"--normalize=$PPROF_ARG_Normalize"} \
		${PPROF_ARG_Format:+"--format=$PPROF_ARG_Format"} ${PPROF_ARG_Alpha:+"--alpha=$PPROF_ARG_Alpha"} \
		${PPROF_ARG_Host:+"--host=$PPROF_ARG_Host"} ${PPROF_ARG_Port:+"--port=$PPROF_ARG_Port"}
	;;
web)
	run_show web "$2" ${PPROF_ARG_Host:+"--host=$PPROF_ARG_Host"} \
		${PPROF_ARG_Port:+"--port=$PPROF_ARG_Port"}
	;;
trace)
	[ -z "${PPROF_ARG_Addr-}" ] || run_fetch trace ${PPROF_ARG_Tracesize:+"--tracesize=$PPROF_ARG_Tracesize"}
	[ -n "$func" ] || passes_benchmarks=1
	run_trace_tests
	;;
trace-stat | trace-locks | trace-path) run_trace_part "$1" ${PPROF_ARG_Format:+"--format=$PPROF_ARG_Format"} ;;
trace-show) run_trace_show ;;
push)
	[ -n "${PPROF_ARG_Url-}" ] || wrong 'say where to send profiles: Url=http://pyroscope.example:4040'
	with_labels push "--pyroscope=$PPROF_ARG_Url" "--out=$out" ${PPROF_ARG_App:+"--app=$PPROF_ARG_App"} \
		${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"}
	;;
live)
	run_fetch "${PPROF_ARG_Kind:-cpu}" ${PPROF_ARG_Show:+"--show=$PPROF_ARG_Show"} \
		${PPROF_ARG_Host:+"--host=$PPROF_ARG_Host"} ${PPROF_ARG_Port:+"--port=$PPROF_ARG_Port"}
	;;
watch)
	run_live watch "${PPROF_ARG_Kind-}" ${PPROF_ARG_Every:+"--every=$PPROF_ARG_Every"} \
		${PPROF_ARG_Seconds:+"--seconds=$PPROF_ARG_Seconds"} ${PPROF_ARG_Keep:+"--keep=$PPROF_ARG_Keep"} \
		${PPROF_ARG_Count:+"--count=$PPROF_ARG_Count"} ${PPROF_ARG_Timeout:+"--timeout=$PPROF_ARG_Timeout"}
	;;
watch-diff)
	run_live watch-diff "${PPROF_ARG_Kind-}" ${PPROF_ARG_Old:+"--old=$PPROF_ARG_Old"} ${PPROF_ARG_New:+"--new=$PPROF_ARG_New"} \
		${PPROF_ARG_Type:+"--type=$PPROF_ARG_Type"} ${PPROF_ARG_Normalize:+"--normalize=$PPROF_ARG_Normalize"} \
		${PPROF_ARG_Format:+"--format=$PPROF_ARG_Format"} ${PPROF_ARG_Alpha:+"--alpha=$PPROF_ARG_Alpha"} \
		${PPROF_ARG_Host:+"--host=$PPROF_ARG_Host"} ${PPROF_ARG_Port:+"--port=$PPROF_ARG_Port"}
	;;
trace-dump) run_trace_part trace-dump ;;
trace-perfetto) run_trace trace-perfetto ;;
trace-profile)
	run_trace_part trace-profile ${PPROF_ARG_Of:+"--of=$PPROF_ARG_Of"} ${PPROF_ARG_Group:+"--group=$PPROF_ARG_Group"}
	;;
*) wrong "pprof.sh: what is \"${1-}\"? Its head says what there is" ;;
esac
