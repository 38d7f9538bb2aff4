#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What people type is checked before anything is built, and says what to do.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
}

@test "every value reaches the tool" {
	run make pprof.test Package=internal/store Func=test_store Time=500ms Count=3 Alone=no Hz=99 \
		Kinds=cpu,block Timeout=1.5m PPROF_OUT=out Args='--one two'
	[ "$status" = 0 ]
	called_with test --func=test_store --out=out --time=500ms --count=3 --alone=no --hz=99 \
		--kinds=cpu,block --timeout=1.5m --package=internal/store \
		--bin=out/build/internal/store/store_test -- --one two
}

@test "values may be set in the Makefile, and are expanded there" {
	printf 'NAME := store\nFunc = test_$(NAME)\nHz := 50\n' >>Makefile
	make pprof.test Package=internal/store
	grep -x -- --func=test_store called
	grep -x -- --hz=50 called
}

@test "the web UI is told the kind, host and port" {
	for kind in cpu mem heap allocs block mutex net sync syscall sched; do
		make "pprof.$kind" Func=test_store Port=8123 Host=127.0.0.1
		called_with web --func=test_store "--kind=$kind" --out=_output/pprof --host=127.0.0.1 --port=8123
	done
}

@test "pprof.top shows cpu, or Kind, by Type" {
	make pprof.top Func=test_store
	called_with top --func=test_store --kind=cpu --out=_output/pprof
	make pprof.top Func=test_store Kind=mem
	called_with top --func=test_store --kind=mem --out=_output/pprof
	make pprof.top Func=test_store Kind=mem Type=peak_space
	called_with top --func=test_store --kind=mem --out=_output/pprof --type=peak_space
}

@test "pprof.svg draws cpu, or Kind, by Type" {
	make pprof.svg Func=test_store
	called_with svg --func=test_store --kind=cpu --out=_output/pprof
	make pprof.svg Func=test_store Kind=mem Type=alloc_objects
	called_with svg --func=test_store --kind=mem --out=_output/pprof --type=alloc_objects
}

@test "pprof.flame.diff is told the base" {
	make pprof.flame.diff Func=test_store Base=old.pb.gz
	called_with flame-diff --func=test_store --kind=cpu --out=_output/pprof --base=old.pb.gz
	make pprof.flame.diff Func=test_store Base='a folder' Kind=mem Type=alloc_objects Normalize=no
	called_with flame-diff --func=test_store --kind=mem --out=_output/pprof '--base=a folder' --type=alloc_objects --normalize=no
	rm called
	run make pprof.flame.diff Func=test_store
	refused 'pprof.mk: say what to compare with: Base='
}

@test "what records a trace is told what it may take, and nothing of other kinds" {
	make pprof.trace Func=test_store Tracesize=1.5GB Timeout=3s Alone=no Hz=10 Kinds=cpu Time=1s
	called_with trace --func=test_store --out=_output/pprof --alone=no --timeout=3s --tracesize=1.5GB \
		--package=internal/store --bin=_output/pprof/build/internal/store/store_test
	rm called
	run make pprof.trace Func=test_store Tracesize=5
	refused 'pprof.mk: Tracesize=5: give a size like 100MB or 1GB'
}

@test "a test that is run until it fails is told how often, and what to keep" {
	make pprof.test Func=test_store Count=1000 Until=fail Flight=64MB
	called_with test --func=test_store --out=_output/pprof --count=1000 --until=fail --flight=64MB \
		--package=internal/store --bin=_output/pprof/build/internal/store/store_test
	rm called
	make pprof.test Package=internal/store Print=short
	called_with test --out=_output/pprof --print=short --package=internal/store --bin=_output/pprof/build/internal/store/store_test
	rm called
	run make pprof.test Func=test_store Print=long
	refused 'pprof.mk: Print=long: give full or short'
	run make pprof.test Func=test_store Count=2 Until=pass
	refused 'pprof.mk: Until=pass: give fail'
	run make pprof.test Func=test_store Flight=5
	refused 'pprof.mk: Flight=5: give a time like 5s, of 10ms at least, or a size like 64MB, of 1MB at least'
}

@test "what reads a trace is told the part and the format" {
	for command in stat locks path; do
		make "pprof.trace.$command" Func=test_store
		called_with "trace-$command" --func=test_store --out=_output/pprof
		make "pprof.trace.$command" Func=test_store From=1.5s To=2s Format=json
		called_with "trace-$command" --func=test_store --out=_output/pprof --format=json --from=1.5s --to=2s
	done
	make pprof.trace.show Func=test_store Port=8123 Host=127.0.0.1
	called_with trace-show --func=test_store --out=_output/pprof --host=127.0.0.1 --port=8123
	make pprof.trace.perfetto Func=test_store
	called_with trace-perfetto --func=test_store --out=_output/pprof
	make pprof.trace.dump Func=test_store To=2s
	called_with trace-dump --func=test_store --out=_output/pprof --to=2s
	make pprof.trace.profile Func=test_store Of=net,cpu Group='a worker' From=1s
	called_with trace-profile --func=test_store --out=_output/pprof --of=net,cpu '--group=a worker' --from=1s
	rm called
	run make pprof.trace.stat
	refused 'pprof.mk: say whose trace to show'
}

@test "what asks a running program is told where, what and for how long" {
	make pprof.live Addr=127.0.0.1:6060
	called_with live --addr=127.0.0.1:6060 --kind=cpu --out=_output/pprof
	make pprof.live Addr='[::1]:6060' Kind=threads Seconds=5 Show=no Func='a name' Timeout=2s Host=127.0.0.1 Port=8123
	called_with live '--addr=[::1]:6060' --kind=threads --out=_output/pprof '--name=a name' --seconds=5 --timeout=2s --show=no \
		--host=127.0.0.1 --port=8123
	make pprof.watch Addr=https://host:6060/debug/pprof
	called_with watch --addr=https://host:6060/debug/pprof --out=_output/pprof
	make pprof.watch Addr=:6060 Kind=block Every=15s Seconds=5 Keep=500MB Count=3 Timeout=2s
	called_with watch --addr=:6060 --kind=block --out=_output/pprof --every=15s --seconds=5 --keep=500MB --count=3 --timeout=2s
	make pprof.watch.diff Addr=:6060 Old=-3 New=18:15 Format=web Type=inuse_objects Port=8123
	called_with watch-diff --addr=:6060 --out=_output/pprof --old=-3 --new=18:15 --type=inuse_objects --format=web --port=8123
	rm called
	for target in live watch watch.diff; do
		run make "pprof.$target"
		refused 'pprof.mk: say which program to ask: Addr='
	done
	[ ! -e _output ]
}

@test "pprof.push is told the server, the name and the labels" {
	make pprof.push Url=https://pyroscope.example:4040
	called_with push --pyroscope=https://pyroscope.example:4040 --out=_output/pprof
	make pprof.push Url=http://x App=shop/api Labels='os=linux  env=ci' Timeout=5s
	called_with push --pyroscope=http://x --out=_output/pprof --app=shop/api --timeout=5s --label=os=linux --label=env=ci
	make pprof.push Url=http://x Labels=$'a=b c*\nd=e'
	called_with push --pyroscope=http://x --out=_output/pprof '--label=a=b c*' --label=d=e
	rm called
	run make pprof.push
	refused 'pprof.mk: say where to send profiles: Url='
}

@test "pprof.trace with Addr runs no test and builds none; pprof.trace.show needs no name" {
	make pprof.trace Addr=127.0.0.1:6060 Seconds=5 Tracesize=2GB Func=test_store Package=internal/store Show=no
	called_with live --addr=127.0.0.1:6060 --kind=trace --out=_output/pprof --name=test_store --seconds=5 --tracesize=2GB
	make pprof.trace.show Port=8123
	called_with trace-show --out=_output/pprof --port=8123
	[ ! -e _output ]
}

@test "pprof.diff is told the base, and how to show it" {
	make pprof.diff Func=test_store Base=old.pb.gz
	called_with diff --func=test_store --kind=cpu --out=_output/pprof --base=old.pb.gz
	make pprof.diff Func=test_store Base='a folder' Kind=mem Type=alloc_objects Normalize=yes Format=text Alpha=0.05 \
		Host=127.0.0.1 Port=8123
	called_with diff --func=test_store --kind=mem --out=_output/pprof '--base=a folder' --type=alloc_objects --normalize=yes \
		--format=text --alpha=0.05 --host=127.0.0.1 --port=8123
	rm called
	run make pprof.diff Func=test_store
	refused 'pprof.mk: say what to compare with: Base='
	run make pprof.diff Base=x
	refused 'pprof.mk: say whose profile to show: Func='
	run make pprof.diff Func=test_store Base=x Format=markdown
	refused 'pprof.mk: Format=markdown: give web or text'
	run make pprof.diff Func=test_store Base=x Format=html
	refused 'pprof.mk: Format=html: give one of'
}

@test "a package's own profiles are named after it" {
	make pprof.cpu Package=./test/internal/store/
	called_with web --func=internal/store --kind=cpu --out=_output/pprof
}

@test "values out of range are refused, each with what to give" {
	for bad in Hz=0 Hz=10001 Hz=-1 Hz=fast Hz=1e3 Hz=99999999999999999999 Count=0 Count=1.5 Time=1 Time=0s Time=s \
		Time=1x Time=-1s Time=1.2.3s Timeout=0m Timeout=never Alone=maybe Kinds=cpu,gpu Kinds=',' 'Kinds=cpu,' \
		Kinds=mutex Kind=all Normalize=maybe From=1 To=later Format=xml Of=mem Port=0 Port=65536 Port=http Addr=6060 Addr=--help:1 \
		Seconds=abc Seconds=0 Seconds=3601 Seconds=1.5 Every=0 Every=0s Every=10 Keep=0 Keep=1 Keep=-5 Keep=0MB Keep=5x Show=maybe; do
		run make pprof.test Func=x "$bad"
		refused "pprof.mk: $bad: give " || { echo "$bad"; false; }
	done
	[ ! -e _output ]
}

@test "values in range are taken" {
	for good in Hz=1 Hz=10000 Count=1000000000 Time=0.5s Time=1ns Timeout=2h Kinds=mem Kinds=cpu,mem,block \
		Alone=yes Port=1 Port=65535; do
		make pprof.test Package=internal/store "$good"
	done
}

@test "nothing asked is refused" {
	run make pprof.test
	refused 'say what to profile'
	run make pprof.cpu
	refused 'say whose profile to show'
}

@test "an empty PPROF_OUT is refused" {
	run make all PPROF_OUT=
	refused 'PPROF_OUT is empty'
	PPROF_OUT='' run make all
	refused 'PPROF_OUT is empty'
}

@test "PPROF_OUT with a space is refused, but not for the project's folder in front of it" {
	run make pprof.test Func=x PPROF_OUT='a b'
	refused 'PPROF_OUT has a space'
	new_project "$BATS_TEST_TMPDIR/my project"
	make pprof.test Package=internal/store PPROF_OUT="$PWD/out"
	grep -x -- --out=out called
}

@test "a package that is none is refused" {
	mkdir empty
	for bad in nowhere empty; do
		run make pprof.test Package="$bad"
		refused "$bad"
	done
}

@test "a package outside the project is refused" {
	for bad in .. ../project internal/../../x /etc internal/.. "$BATS_TEST_TMPDIR"; do
		run make pprof.test Package="$bad"
		refused "Package=$bad"
	done
}

@test "a PPROF_TOOL that is none is refused" {
	run make pprof.test Func=x PPROF_TOOL=./nothing
	refused 'PPROF_TOOL=./nothing is no program'
}

@test "Bin: one program, a list, a glob, a name with spaces" {
	make pprof.test Bin=build/a_test
	called_with test --out=_output/pprof --bin=build/a_test
	make pprof.test Bin='build/a_test  build/b*'
	called_with test --out=_output/pprof --bin=build/a_test '--bin=build/b*'
	touch 'a test'
	make pprof.test Bin='a test' Package='any name'
	called_with test --out=_output/pprof '--package=any name' '--bin=a test'
	[ ! -e _output ]
}

@test "Args are split at newlines when there are any" {
	make pprof.test Bin=x Args='a  b*'
	called_with test --out=_output/pprof --bin=x -- a 'b*'
	make pprof.test Bin=x Args=$'a  b\nc d'
	called_with test --out=_output/pprof --bin=x -- 'a  b' 'c d'
}

@test "a slip in a variable's name is told of, and nothing else is" {
	run make pprof.test func=test_store
	refused 'pprof.mk: func= is no variable of pprof.mk: did you mean Func=?'
	[[ $output == *'pprof.mk: say what to profile'* ]]
	run make pprof.top Fucn=x Func=test_store KIND=mem Kidn=cpu PPROF_CFLAG=-O1
	[ "$status" = 0 ]
	for slip in Fucn:Func KIND:Kind Kidn:Kind PPROF_CFLAG:PPROF_CFLAGS; do
		[[ $output == *"${slip%:*}= is no variable of pprof.mk: did you mean ${slip#*:}=?"* ]]
	done
	run make pprof.top Func=test_store Kind=mem CC=cc DEBUG=1 TYPES=x my_time=1 'a;b=c' PPROF_OUT=out
	[ "$status" = 0 ]
	[ "$output" = "" ]
}

@test "a slip is told of once" {
	run make pprof.test Package=internal/store kinds=cpu
	[ "$(grep -c 'did you mean Kinds=' <<<"$output")" = 1 ]
}

@test "Kind= where Kinds= was meant, and the other way round" {
	run make pprof.test Package=internal/store Kind=mem
	[ "$status" = 0 ]
	[[ $output == *'pprof.mk: Kind= says nothing to this target: did you mean Kinds=?'* ]]
	run make pprof.top Func=test_store Kinds=mem
	[[ $output == *'pprof.mk: Kinds= says nothing to this target: did you mean Kind=?'* ]]
	printf 'Kind := mem\n' >>Makefile
	run make pprof.test Package=internal/store
	[[ $output != *'did you mean'* ]]
}
