# SPDX-License-Identifier: MIT
# What has to be there before the first test: the tool, and the fixtures. Linked into each suite's folder, where bats
# looks for it.

setup_suite() {
	local root build
	root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
	build=${BUILD:-_output/build}
	case $build in /*) ;; *) build=$root/$build ;; esac
	if [ ! -x "${PPROFMK:-$build/bin/pprofmk}" ]; then
		echo "no ${PPROFMK:-$build/bin/pprofmk}: run make build first" >&2
		return 1
	fi
	mkdir -p "$root/_output/test"
	# Two suites may start at once.
	flock "$root/_output/test/fixtures.lock" \
		make -s -C "$root/test/fixtures" OUT="${FIXTURES:-$root/_output/test/fixtures}" >&2
}
