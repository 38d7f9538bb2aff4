# SPDX-License-Identifier: MIT
# Helpers of the truth and end-to-end tests: the tool, the fixtures, and readers of profiles that share no code with
# the tool. Loaded by every .bats file with: load ../helpers/helpers
#
#   BUILD      where the tool was built        _output/build
#   FIXTURES   where the fixtures are built    _output/test/fixtures

# status, output and stderr are set by `run`.
# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0

ROOT=$(cd "${BATS_TEST_DIRNAME:?}/../.." && pwd)
BUILD=${BUILD:-_output/build}
case $BUILD in /*) ;; *) BUILD=$ROOT/$BUILD ;; esac
FIXTURES=${FIXTURES:-$ROOT/_output/test/fixtures}
PPROFMK=${PPROFMK:-$BUILD/bin/pprofmk}
HELPERS=$ROOT/test/helpers
# shellcheck source=test/helpers/go.bash
. "$HELPERS/go.bash"

# No test may hang: the longest asks for 5 s of CPU, and a noisy machine takes its time.
LIMIT=120

# Tests that compare times are tried so often before they fail (run-bats.sh --tries): a machine that is shared takes the processor away when
# it likes, but not from the same test each time. Each further try is said, with what the one before it complained of.
BATS_TEST_RETRIES=$((${TRIES:-1} - 1))
COMPLAINTS=${BATS_FILE_TMPDIR:-}/complaints.${BATS_TEST_NUMBER:-}
if [ "${BATS_TEST_TRY_NUMBER:-1}" -gt 1 ]; then
	printf '# tried again: %s\n' "$(basename -- "$BATS_TEST_FILENAME"), test $BATS_TEST_NUMBER" >&3
	[ ! -e "$COMPLAINTS" ] || sed 's/^/#   /' "$COMPLAINTS" >&3
fi
[ -z "${BATS_TEST_TRY_NUMBER-}" ] || rm -f -- "$COMPLAINTS"

# complain FORMAT WORD...: what is not as it should be.
complain() {
	# shellcheck disable=SC2059 # the caller's format
	printf "$@" | tee -a -- "$COMPLAINTS" >&2
	return 1
}

# The outside reader: go tool pprof, without the network and without naming anything anew. run-bats.sh knows which that is.
go_pprof() {
	# shellcheck disable=SC2046,SC2086 # words
	set -- ${GO_TOOL_PPROF:-$(find_go_pprof)} -symbolize=none "$@"
	"$@" 2>"$BATS_TEST_TMPDIR/pprof.err"
}

# plainly COMMAND...: as from a terminal: bats' own descriptors are not inherited. Tests that count on the numbers they
# get would see them. A descriptor that isn't open may be closed all the same.
plainly() {
	"$@" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

# setup_out: an output folder of this test's own, in $out.
setup_out() {
	out=$BATS_TEST_TMPDIR/out
}

# pprofmk_one COMMAND PROGRAM TEST OPTION...: a command about one test of a fixture. Sets status, output and stderr.
pprofmk_one() {
	local command=$1 program=$2 name=$3
	shift 3
	# End-to-end tests ask how it ends, not how much there was: samples of a fifth of a second will do.
	case $command:$BATS_TEST_DIRNAME in test:*/e2e) set -- --time 0.2s "$@" ;; esac
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" "$command" --bin "$FIXTURES/$program" --func "$name" --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# profile PROGRAM TEST OPTION...: profile one test of a fixture into $out.
profile() {
	pprofmk_one test "$@"
}

# bench PROGRAM TEST OPTION...: run one test of a fixture as a benchmark. Its text is $text then.
bench() {
	pprofmk_one bench "$@"
	text=$out/$2.bench.txt
}

# figures NAME UNIT: of a benchmark in $text, one a run.
figures() {
	awk -f "$HELPERS/gobench.awk" "$text" |
		awk -F '\t' -v name="$1" -v unit="$2" '$1 == "figure" && $2 == name && $4 == unit { print $5 }'
}

# iterations NAME: of each of its runs in $text.
iterations() {
	awk -f "$HELPERS/gobench.awk" "$text" |
		awk -F '\t' -v name="$1" '$1 == "figure" && $2 == name && $4 == "ns/op" { print $3 }'
}

# compile PROGRAM FLAG...: of work.c, which the file's own source_of writes where it is not there.
compile() {
	local program=$1
	shift
	[ -e work.c ] || source_of work.c
	mkdir -p "$(dirname "$program")"
	"${CC:-cc}" -g -O2 -I"$ROOT/include" "$@" -o "$program" work.c -lcmocka
}

# fold FILE: the profile's samples, one a line; see fold.awk.
fold() {
	go_pprof -raw "$1" | awk -f "$HELPERS/fold.awk"
}

# sum FILE COLUMN [REGEX]: value COLUMN (from 1) summed over the samples with a frame or label that matches.
sum() {
	fold "$1" | awk -F '\t' -v column="$2" -v regex="${3:-}" '
		regex == "" || $2 ~ regex || $3 ~ regex { split($1, value, " "); total += value[column] }
		END { printf "%.0f\n", total }'
}

# sum_leaf FILE COLUMN REGEX: the same over samples whose leaf matches.
sum_leaf() {
	fold "$1" | awk -F '\t' -v column="$2" -v regex="$3" '
		{ split($3, frame, ";"); split($1, value, " ") }
		frame[1] ~ regex { total += value[column] }
		END { printf "%.0f\n", total }'
}

# columns FILE: the sample types, "type/unit", one a line.
columns() {
	go_pprof -raw "$1" | awk 'after { for (i = 1; i <= NF; i++) print $i; exit } /^Samples:/ { after = 1 }'
}

# percent PART WHOLE: with one digit after the point.
percent() {
	awk -v part="$1" -v whole="$2" 'BEGIN { printf "%.1f\n", whole ? 100 * part / whole : 0 }'
}

# within WHAT ACTUAL LEAST MOST
within() {
	awk -v actual="$2" -v least="$3" -v most="$4" 'BEGIN { exit !(actual + 0 >= least && actual + 0 <= most) }' && return
	complain '%s: %s, expected %s to %s\n' "$@"
}

# equal WHAT ACTUAL EXPECTED
equal() {
	[ "$2" = "$3" ] && return
	complain '%s: %s, expected %s\n' "$@"
}

# has TEXT PART: TEXT holds PART, literally.
has() {
	case $1 in *"$2"*) return 0 ;; esac
	complain 'not there: %s\nin: %s\n' "$2" "$1"
}

# lacks TEXT PART
lacks() {
	case $1 in *"$2"*) ;; *) return 0 ;; esac
	complain 'should not be there: %s\nin: %s\n' "$2" "$1"
}

# json FILE FILTER: a value of a manifest, by jq; a text without quotes.
json() {
	jq -rc "$2" "$1"
}

# ends_in_newline FILE
ends_in_newline() {
	[ -s "$1" ] && [ -z "$(tail -c 1 -- "$1")" ]
}

# whole_files FOLDER: every file there is a finished one: profiles that unpack and parse, manifests that parse.
whole_files() {
	local file documents=()
	[ -d "$1" ] || return 0
	while IFS= read -r file; do
		case $file in
		*.pb.gz) go_pprof -raw "$file" >/dev/null || { echo "not a profile: $file" >&2; return 1; } ;;
		*.bench.txt) ends_in_newline "$file" || { echo "not whole: $file" >&2; return 1; } ;;
		*/.catalog) ;;
		*.json) documents+=("$file") ;;
		*) echo "a file that should not be there: $file" >&2; return 1 ;;
		esac
	done < <(find "$1" -type f)
	[ "${#documents[@]}" = 0 ] || equal "JSON documents in ${documents[*]}" "$(jq -s length "${documents[@]}")" "${#documents[@]}"
}

# switches_asleep PID: how often it has left a processor, when it sleeps.
switches_asleep() {
	awk '/^State:/ && $2 != "S" { exit } /ctxt_switches:/ { sum += $2 } END { if (sum) print sum }' "/proc/$1/status" 2>/dev/null
}

# at_rest PROGRAM WORD: until such a one, with WORD in its command line, has slept through a tenth of a second: it hangs. Half a minute at
# most.
at_rest() {
	local pid before i
	for ((i = 0; i < 300; i++)); do
		for pid in $(pids_with "$2"); do
			[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] || continue
			before=$(switches_asleep "$pid")
			sleep 0.1
			[ -z "$before" ] || [ "$before" != "$(switches_asleep "$pid")" ] || return 0
		done
		sleep 0.05
	done
	return 1
}

# pids_with WORD: processes, zombies excluded, that have WORD in their command line. Those that there are before grep is.
pids_with() {
	local files=(/proc/[0-9]*/cmdline)
	grep -laF -- "$1" "${files[@]}" 2>/dev/null | tr -dc '0-9\n'
}
