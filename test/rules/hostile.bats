#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Hostile values reach the tool as they are, or are refused. They are never run: a file "canary" would tell.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
}

HOSTILE=(
	"it's"
	'say "hi"'
	'a b  c'
	'$HOME'
	'$$'
	'$(shell touch canary)'
	'${shell touch canary}'
	'$(eval $(shell touch canary))'
	'$(info x)$(error y)'
	'$('
	'`touch canary`'
	'$(touch canary)'
	'x; touch canary'
	'x | touch canary'
	'x && touch canary #'
	"';touch canary;'"
	'";touch canary;"'
	'../../etc/passwd'
	'a\b\\c'
	'--help'
	'-n'
	'%'
	'*'
	'~'
	'a=b'
	'a:b'
	'#x'
	'x,y)'
	$'a\ntouch canary'
	$'a\n\ttouch canary\n'
	$'a\n$(shell touch canary)\n`touch canary`'
	$'tab\there'
	$'\e[31mred'
	$'\xff\xfe'
	'ü€'
)

no_canary() {
	[ -z "$(find . -name 'canary*')" ]
}

@test "Func is taken as it is" {
	for value in "${HOSTILE[@]}"; do
		rm -f called
		make pprof.test Bin=x Func="$value"
		called_with test "--func=${value//$'\n'/\\n}" --out=_output/pprof --bin=x
		no_canary
	done
}

@test "Func is taken as it is from the environment" {
	for value in "${HOSTILE[@]}"; do
		rm -f called
		Func=$value make pprof.test Bin=x
		called_with test "--func=${value//$'\n'/\\n}" --out=_output/pprof --bin=x
		no_canary
	done
}

@test "Func is taken as it is by the viewers" {
	for value in "${HOSTILE[@]}"; do
		make pprof.cpu Func="$value"
		called_with web "--func=${value//$'\n'/\\n}" --kind=cpu --out=_output/pprof
		make pprof.top Func="$value"
		called_with top "--func=${value//$'\n'/\\n}" --kind=cpu --out=_output/pprof
		make pprof.svg Func="$value" Type="$value"
		called_with svg "--func=${value//$'\n'/\\n}" --kind=cpu --out=_output/pprof "--type=${value//$'\n'/\\n}"
		make pprof.flame.diff Func="$value" Base="$value"
		called_with flame-diff "--func=${value//$'\n'/\\n}" --kind=cpu --out=_output/pprof "--base=${value//$'\n'/\\n}"
		make pprof.diff Func="$value" Base="$value"
		called_with diff "--func=${value//$'\n'/\\n}" --kind=cpu --out=_output/pprof "--base=${value//$'\n'/\\n}"
		no_canary
	done
}

@test "Addr is refused, or taken as it is; names of samples are taken as they are" {
	for value in "${HOSTILE[@]}"; do
		rm -f called
		run make pprof.live Addr="$value"
		[ "$value" = a:b ] || refused 'pprof.mk: Addr='
		run make pprof.trace Addr="$value:6060"
		[ ! -e called ] || called_with live "--addr=$value:6060" --kind=trace --out=_output/pprof
		make pprof.watch.diff Addr=:6060 Old="$value" New="$value"
		called_with watch-diff --addr=:6060 --out=_output/pprof "--old=${value//$'\n'/\\n}" "--new=${value//$'\n'/\\n}"
		no_canary
	done
}

@test "Url, App and Labels are taken as they are" {
	for value in "${HOSTILE[@]}"; do
		make pprof.push Url="$value" App="$value" Labels="$value"$'\n'
		no_canary
		grep -qxF -- "--pyroscope=${value//$'\n'/\\n}" called
		grep -qxF -- "--app=${value//$'\n'/\\n}" called
	done
}

@test "Budget and Base are taken as they are by the gate" {
	mkdir 'a $(touch canary) "folder'
	touch 'a $(touch canary) "folder/x.json'
	for value in "${HOSTILE[@]}"; do
		make pprof.gate Bin=x Func="$value" Base='a $(touch canary) "folder' Budget="$value"
		called_with gate "--func=${value//$'\n'/\\n}" --out=_output/pprof '--base=a $(touch canary) "folder' \
			"--budget=${value//$'\n'/\\n}" --bin=x
		no_canary
	done
}

@test "Package with Bin is a name, taken as it is" {
	for value in "${HOSTILE[@]}"; do
		make pprof.test Bin=x Package="$value"
		called_with test --out=_output/pprof "--package=${value//$'\n'/\\n}" --bin=x
		no_canary
	done
}

@test "Package to build is refused" {
	for value in "${HOSTILE[@]}"; do
		run make pprof.test Package="$value"
		refused 'pprof.mk: Package='
		no_canary
	done
}

@test "Bin of an existing file is taken as it is" {
	for value in "${HOSTILE[@]}"; do
		# A path with folders that are not there names no file here; a list of words is another test.
		[[ $value != */* ]] || continue
		touch -- "./$value"
		make pprof.test Bin="./$value"
		called_with test --out=_output/pprof "--bin=./${value//$'\n'/\\n}"
		rm -- "./$value"
		no_canary
	done
}

@test "Bin of no file is split and no more" {
	make pprof.test Bin='$(shell touch canary) ;touch `canary` "x y" *'
	called_with test --out=_output/pprof '--bin=$(shell' --bin=touch '--bin=canary)' '--bin=;touch' \
		'--bin=`canary`' '--bin="x' '--bin=y"' '--bin=*'
	no_canary
}

@test "Args are split and no more" {
	make pprof.test Bin=x Args='$(shell touch canary) ;touch `canary` "x y" * -- --func=z'
	called_with test --out=_output/pprof --bin=x -- '$(shell' touch 'canary)' ';touch' '`canary`' \
		'"x' 'y"' '*' -- --func=z
	no_canary
}

@test "values that are checked are refused" {
	for name in Time Count Alone Hz Kinds Kind Timeout Port Benchtime Bench_count Cpu Counters Alpha; do
		for value in "${HOSTILE[@]}"; do
			run make pprof.test Bin=x "$name=$value"
			refused "pprof.mk: $name="
			no_canary
		done
	done
}

@test "Func is taken as it is by benchmarks" {
	for value in "${HOSTILE[@]}"; do
		make pprof.bench Bin=x Func="$value"
		called_with bench "--func=${value//$'\n'/\\n}" --out=_output/pprof --bin=x
		no_canary
	done
}

@test "Base is taken as it is" {
	keeping_values
	for value in "${HOSTILE[@]}"; do
		make pprof.bench.diff Func=x Base="$value"
		grep -qxF -- "Base=${value//$'\n'/\\n}" values
		no_canary
	done
}

@test "Base that is no file and no revision is refused" {
	git init -q .
	git -c user.name=rules -c user.email=rules@example.org commit -q --allow-empty -m one
	for value in "${HOSTILE[@]}"; do
		run make pprof.bench.diff Func=x Base="$value"
		refused 'pprof.mk: Base='
		no_canary
	done
}

@test "Host is taken as it is" {
	for value in "${HOSTILE[@]}"; do
		make pprof.cpu Func=x Host="$value"
		called_with web --func=x --kind=cpu --out=_output/pprof "--host=${value//$'\n'/\\n}"
		no_canary
	done
}

@test "V that is not 1 does nothing" {
	for value in "${HOSTILE[@]}"; do
		make pprof.test Bin=x V="$value"
		no_canary
	done
}

@test "no control character of a value reaches the terminal" {
	run make pprof.test Package=$'\e[31mred\a'
	refused 'Package=?[31mred?'
	[[ $output != *$'\e'* ]]
}

@test "nothing of it is run by a make below" {
	mkdir below
	printf 'all: ; @echo below\n' >below/Makefile
	printf 'PPROF_PROGRAMS := x\nPPROF_BUILD = $(MAKE) -C below\n' >>Makefile
	for value in "${HOSTILE[@]}"; do
		make pprof.test Func="$value"
		grep -qxF -- "--func=${value//$'\n'/\\n}" called
		no_canary
	done
}
