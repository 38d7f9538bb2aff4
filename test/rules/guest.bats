#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# pprof.mk is a guest in its user's Makefile.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
}

# plain: the user's Makefile without us. Its own $(shell), which may name us, it keeps: make notes that there was one.
plain() {
	sed -e '/PPROF/d' -e 's/^include .*[$](shell.*/$(shell :)/' -e '/^include/d' Makefile
}

# dump FOLDER: names of all variables and targets of its Makefile, sorted.
dump() {
	make -pq -C "$1" all 2>/dev/null | sed -n \
		-e 's/^\(define\|override\|export\) //' \
		-e '/^\t/d' -e '/^#/d' \
		-e 's/^\([^ :=#]*\) *:\{0,2\}= .*/variable \1/p;s/^\([^ :=#]*\) :\{0,2\}=$/variable \1/p' \
		-e 's/^\([^ :=#%]*\):\( .*\)\{0,1\}$/target \1/p' | sort -u
}

@test "the first target stays the default goal" {
	run make
	[ "$output" = 'my all' ]
}

@test "the default goal stays free when we are included first" {
	printf 'include %s/pprof.mk\nmine: ; @echo mine\n' "$RULES" >Makefile
	run make
	[ "$output" = mine ]
}

@test "all, test, clean and help stay the user's" {
	for target in all test clean help; do
		run make "$target"
		[ "$output" = "my $target" ]
	done
}

@test "only PPROF_ variables and pprof. names are added" {
	mkdir plain
	plain >plain/Makefile
	dump plain >before
	dump . >after
	run comm -13 before after
	[ "$status" = 0 ]
	added=$output
	# That something is seen at all.
	[[ $added == *'variable PPROF_OUT'* ]]
	[[ $added == *'target pprof.test'* ]]
	run grep -vE '^(variable (PPROF_|pprof\.)|target (pprof\.|/))' <<<"$added"
	[ "$output" = '' ]
}

@test "nothing of the user's changes" {
	mkdir plain
	plain >plain/Makefile
	dump plain >before
	dump . >after
	run comm -23 before after
	[ "$output" = '' ]
}

# whole FILE: all values, rules and recipes, sorted; the names of makefiles, and what is ours, taken out.
whole() {
	make -pq -f "$1" all 2>/dev/null | sed -e '/^#/d' -e '/^$/d' -e '/^MAKEFILE_LIST/d' -e '/^[^ ]*\(mk\|akefile\):/d' \
		-e '/^\t.*pprof\./d' -e 's/ pprof\.[^ ]*//g' -e '/PPROF_/d' -e '/pprof\./d' -e '/^endef$/d' | sort
}

@test "no value, rule or recipe is another one than without us" {
	plain >plain.mk
	whole plain.mk >before
	grep -x 'CFLAGS := -O1 -Wextra' before
	diff before <(whole Makefile)
}

# strict PREFIX: the preamble of many a Makefile, with a prefix of recipes of its own.
strict() {
	cat >Makefile <<-EOF_MAKEFILE
		SHELL := bash
		.ONESHELL:
		.SHELLFLAGS := -eu -o pipefail -c
		.DELETE_ON_ERROR:
		.SECONDEXPANSION:
		.EXPORT_ALL_VARIABLES:
		MAKEFLAGS += --warn-undefined-variables
		MAKEFLAGS += -r -R
		empty :=
		.RECIPEPREFIX := \$(empty)$1\$(empty)
		PPROF_TOOL := ./pprofmk
		PPROF_DEPS.internal/user := internal/store
		all:
		$1 @echo my all
		include ${INCLUDED:-$RULES/pprof.mk}
		after:
		$1 @echo after
	EOF_MAKEFILE
}

@test "a user's own prefix of recipes, shell and flags of make are as they were, and no word is said of ours" {
	new_package internal/user user
	printf 'int store(void);\nint user(void);\nint user(void)\n{\n\treturn store();\n}\n' >internal/user/user.c
	for prefix in '>' ' '; do
		rm -rf called _output
		strict "$prefix"
		run make
		[ "$output" = 'my all' ]
		run make after
		[ "$output" = after ]
		run make pprof.test Package=internal/user
		echo "$output"
		[ "$status" = 0 ]
		[ "$output" = '' ]
		called_with test --out=_output/pprof --package=internal/user --bin=_output/pprof/build/internal/user/user_test
		_output/pprof/build/internal/user/user_test
		for target in list help doctor cpu clean; do
			run make "pprof.$target" Func=x
			[ "$status" = 0 ]
			[[ $output != *warning* ]] || { echo "$output"; false; }
		done
	done
}

@test "reading it makes no file and no folder" {
	before=$(find . | sort)
	make all
	diff <(printf '%s\n' "$before") <(find . | sort)
}

@test "it may be included twice" {
	printf 'include %s/pprof.mk\n' "$RULES" >>Makefile
	run make
	[ "$status" = 0 ]
	[ "$output" = 'my all' ]
}

@test "a make below the user's may include it too" {
	mkdir below
	cp Makefile pprofmk below
	printf 'below: pprof.values ; @$(MAKE) --no-print-directory -C below pprof.help\n' >>Makefile
	run make below Func=x
	[ "$status" = 0 ]
	[[ $output == *pprof.test* ]]
}

@test "a variable of the command line still reaches the user's recipes" {
	printf 'show: ; @echo "$$Host and $$Func"\n' >>Makefile
	run make show Host=there Func='a$b'
	[ "$output" = 'there and a$b' ]
}

@test "a project's folder may have a space" {
	new_project "$BATS_TEST_TMPDIR/my project"
	run make pprof.test Package=internal/store
	[ "$status" = 0 ]
	called_with test --out=_output/pprof --package=internal/store \
		--bin=_output/pprof/build/internal/store/store_test
	_output/pprof/build/internal/store/store_test
}

@test "our folder inside a project's with a space is found by its relative path" {
	new_project "$BATS_TEST_TMPDIR/my project"
	mkdir -p third/party
	cp -r -- "$SCRIPTS" third/party/scripts
	printf 'PPROF_TOOL := ./pprofmk\ninclude third/party/scripts/make-rules/pprof.mk\n' >Makefile
	run make pprof.test Package=internal/store
	[ "$status" = 0 ]
	[ -e called ]
}

@test "a space in the path to our own folder is refused" {
	cp -r -- "$SCRIPTS" 'our scripts'
	printf 'include our\\ scripts/make-rules/pprof.mk\nall: ; @echo all\n' >Makefile
	run make all
	refused 'path has a space'
}

@test "pprof.help lists every public target, and nothing else" {
	run make pprof.help
	[ "$status" = 0 ]
	names='test run bench bench.diff ci cpu mem heap allocs block mutex top svg flame.diff diff gate list doctor help clean'
	names="$names trace trace.show trace.stat trace.locks trace.path trace.profile trace.dump trace.perfetto net sync syscall sched"
	names="$names live watch watch.diff push"
	for name in $names; do
		[[ $output == *"make pprof.$name "* ]] || { echo "no pprof.$name"; false; }
	done
	[ "${#lines[@]}" = "$(wc -w <<<"$names")" ]
	[[ ${lines[0]} == 'make pprof.test '* ]] # what one begins with
}

@test "V=1 shows the commands, and so does PPROF_V=1" {
	run make pprof.test Package=internal/store
	[[ $output != *'-c -o'* ]]
	rm -rf _output
	run make pprof.test Package=internal/store V=1
	[[ $output == *'-c -o'* ]]
	[[ $output == *"'./pprofmk' 'test'"* ]]
	rm -rf _output
	run make pprof.test Package=internal/store PPROF_V=1
	[[ $output == *'-c -o'* ]]
}

@test "pprof.clean removes what is ours and leaves the rest" {
	make pprof.test Package=internal/store
	cd _output/pprof
	touch F.cpu.pb.gz F.net.pb.gz F.sched.part.pb.gz F.pftrace F.json F.mutex.pb.gz F.bench.txt notes.txt other.json
	printf 'pproftr1...' >F.trace
	echo mine >other.trace
	touch F.cpu.flame.svg F.sched.graph.svg F.net.flame.diff.svg
	mkdir -p gate/old gate/new
	touch gate/old/F.mem.pb.gz gate/new/F.mem.pb.gz
	printf '## Gate: nothing is worse\n' >gate.md
	cd ../..
	run make pprof.clean
	[ "$status" = 0 ]
	[ "$(ls _output/pprof)" = "$(printf 'notes.txt\nother.json\nother.trace')" ]
}

@test "pprof.clean removes what was fetched from programs that run, and leaves the rest" {
	mkdir -p _output/pprof/live _output/pprof/watch/127.0.0.1-6060 _output/pprof/watch/mine
	cd _output/pprof
	touch live/{a.threads,a.mem,b.cpu}.pb.gz watch/127.0.0.1-6060/000001.20261126-181500.{heap,threads}.pb.gz watch/mine/{notes,my.heap.pb.gz}
	printf 'pproftr1...' >live/F.trace
	cd ../..
	make pprof.clean
	[ "$(find _output/pprof -type f | sort)" = "$(printf '_output/pprof/watch/mine/%s\n' my.heap.pb.gz notes)" ]
	[ ! -e _output/pprof/live ]
}

@test "pprof.clean with the project's own folder as PPROF_OUT removes no source" {
	before=$(find . -type f | sort)
	make pprof.clean PPROF_OUT=.
	diff <(printf '%s\n' "$before") <(find . -type f | sort)
}
