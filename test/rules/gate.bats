#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The gate: what the tool is told, and what is refused.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
	PROGRAM=_output/pprof/build/internal/store/store_test
}

# new_repository: the project as one commit.
new_repository() {
	git init -q .
	printf '_output\ncalled\n' >.gitignore
	git add -A
	git -c user.name=rules -c user.email=rules@example.org commit -qm one
}

@test "a folder that an earlier run has left: every value reaches the tool" {
	mkdir before
	touch before/test_store.json
	make pprof.gate Base=before
	called_with gate --out=_output/pprof --base=before --package=internal/store "--bin=$PROGRAM"
	make pprof.gate Base=before Func=test_store Package=internal/store Format=markdown Budget=limits Timed=benchmarks Effect=10 \
		Alone=no Timeout=2m Args='--one two'
	called_with gate --func=test_store --out=_output/pprof --base=before --format=markdown --budget=limits \
		--timed=benchmarks --effect=10 --alone=no --timeout=2m --package=internal/store "--bin=$PROGRAM" -- --one two
}

@test "a revision is built in a work tree of its own; every value reaches the tool" {
	new_repository
	sha=$(git rev-parse HEAD)
	make pprof.gate Base=HEAD Func=test_store Benchtime=50ms Bench_count=30 Alpha=0.01 Effect=3 Timed=none
	called_with gate --func=test_store --out=_output/pprof "--base-dir=_output/pprof/base/$sha" "--base-name=HEAD ($sha)" \
		--timed=none --effect=3 --benchtime=50ms --bench-count=30 --alpha=0.01 --package=internal/store \
		"--base-bin=$PROGRAM" --package= --package=internal/store "--bin=$PROGRAM"
	"_output/pprof/base/$sha/$PROGRAM"
}

@test "without Base there is the budget" {
	run make pprof.gate
	refused 'pprof.mk: say what to compare with: Base='
	echo '# none yet' >pprof.budget
	make pprof.gate
	called_with gate --out=_output/pprof --package=internal/store "--bin=$PROGRAM"
	rm pprof.budget called
	run make pprof.gate Budget=limits
	refused 'pprof.mk: say what to compare with: Base='
	touch limits
	make pprof.gate Budget=limits
	called_with gate --out=_output/pprof --budget=limits --package=internal/store "--bin=$PROGRAM"
}

@test "values out of range, and bases that are none, are refused" {
	for bad in Timed=some Effect=0 Effect=5% Effect=1001 Effect=1.5 Format=html Alpha=1 Bench_count=0; do
		run make pprof.gate Base=HEAD "$bad"
		refused "pprof.mk: $bad: give " || { echo "$bad"; false; }
	done
	new_repository
	mkdir empty
	run make pprof.gate Base=HEAD Format=json
	refused 'pprof.mk: Format=json: give text or markdown'
	run make pprof.gate Base=empty
	refused 'pprof.mk: Base=empty: there is no such folder with manifests, and no such revision of git'
	run make pprof.gate Base=--all
	refused 'no revision of git begins with a -'
}

@test "the tool's own status is make's 2, and that something is worse is seen" {
	mkdir before
	touch before/test_store.json
	sed -i '$a exit 1' pprofmk
	run make pprof.gate Base=before
	[ "$status" = 2 ]
}
