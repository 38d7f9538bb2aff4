# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Helpers of the rows of the table, sourced by them. A row's script measures its subjects in turns, several times, and
# prints lines for table.awk: fields with tabs between.
#
#   title   TEXT
#   line    SUBJECT MEDIAN LOW HIGH UNIT RATIO [REACH LOW HIGH LIMIT]
#   note    TEXT
#
# LOW and HIGH are where the true median is with a probability of 95 %: see median.awk. The last three say what is held
# against the reach: LIMIT or "none", see table.awk.

: "${BUILD:=_output/build}"
: "${BENCH_OUT:=_output/test/bench}"
tool=$BUILD/bin/pprofmk
# shellcheck disable=SC2034 # for the rows
programs=$BENCH_OUT/bench
values=$BENCH_OUT/values
tab=$(printf '\t')

die() {
	printf 'bench: %s\n' "$*" >&2
	exit 1
}

# build PROGRAM...: with what a release has, and without frame pointers.
build() {
	for program; do
		set -- "$@" "$BENCH_OUT/bench/$program"
		shift
	done
	make -s -j"$(nproc)" -f scripts/make-rules/unit.mk "$@" BUILD="$BENCH_OUT" CC=gcc \
		BUILD_OPT='-O2 -g -fomit-frame-pointer'
}

# begin ROW: forget what was measured before.
begin() {
	values=$BENCH_OUT/values/$1
	rm -rf -- "$values"
	mkdir -p -- "$values"
}

# note NAME FIGURE: one more measurement of NAME.
note() {
	case $2 in
	'' | *[!0-9.e+-]*) die "$1: no figure, but \"$2\"" ;;
	esac
	printf '%s\n' "$2" >>"$values/$1"
}

has() {
	[ -s "$values/$1" ]
}

# note_pairs NAME EXPRESSION A B: from each turn's a of A and b of B one measurement of NAME, e.g. 'a - b'.
note_pairs() {
	paste "$values/$3" "$values/$4" | awk "{ a = \$1; b = \$2; print $2 }" >"$values/$1"
}

# median NAME: MEDIAN LOW HIGH.
median() {
	sort -g -- "$values/$1" | awk -f test/bench/median.awk
}

# figure WORD COMMAND...: the second field of the line of its output that begins with WORD.
figure() {
	word=$1
	shift
	"$@" 2>"$BENCH_OUT/log" | tee "$BENCH_OUT/output" | awk -v word="$word" '$1 == word { print $2 }'
}

# profiled KIND TEST PROGRAM [ARGUMENT...]: run one test once under our tool.
profiled() {
	kind=$1 test=$2 program=$3
	shift 3
	"$tool" test --bin "$program" --func "$test" --kinds "$kind" --count 1 --out "$BENCH_OUT/pprof" -- "$@"
}

title() {
	printf 'title\t%s\n' "$*"
}

remark() {
	printf 'note\t%s\n' "$*"
}

# line NAME SUBJECT UNIT DIGITS [BASE [REACH LIMIT [HELD]]]: a line of the table. BASE: of whom the ratio is. HELD: the name of
# the measurements that the reach is about, NAME where not given.
line() {
	has "$1" || return 0
	read -r middle low high <<EOF_MEDIAN
$(median "$1")
EOF_MEDIAN
	held=$low$tab$high ratio=
	if [ -n "${5-}" ] && has "$5"; then
		ratio=$(median "$5" | awk -v a="$middle" '{ printf "%.2f", a / $1 }')
	fi
	if [ -n "${8-}" ]; then
		held=$(median "$8" | awk -v OFS="$tab" '{ print $2, $3 }')
	fi
	printf "line\t%s\t%.$4f\t%.$4f\t%.$4f\t%s\t%s" "$2" "$middle" "$low" "$high" "$3" "$ratio"
	[ -z "${6-}" ] || printf '\t%s\t%s\t%s' "$6" "$held" "$7"
	printf '\n'
}
