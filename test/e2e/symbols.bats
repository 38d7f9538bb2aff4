#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the runtime exports: nothing that could take the place of a function of the program or of its libraries.

load ../helpers/helpers

# exported LIBRARY: names of its dynamic symbols, without versions.
exported() {
	nm -D --defined-only "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u
}

# ours LIBRARY: those that are neither ours by name, nor the hook, nor a function of the C library that we wrap.
strangers() {
	exported "$1" | grep -v -e '^pprof_' -e '^_cmocka_run_group_tests$' -e '^_run_tests\?$' -e '^_run_group_tests$' | sort >"$BATS_TEST_TMPDIR/ours"
	exported "$(libc)" | sort >"$BATS_TEST_TMPDIR/libc"
	comm -23 "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/libc"
}

libc() {
	ldd "$PPROFMK" | awk '$1 == "libc.so.6" { print $3 }'
}

@test "the runtime exports the hook, pprof_* and what it wraps of the C library" {
	[ -n "$(exported "$BUILD/lib/libpprofmk.so")" ]
	equal 'strangers in libpprofmk.so' "$(strangers "$BUILD/lib/libpprofmk.so")" ''
	equal 'strangers in libpprofmk-sync.so' "$(strangers "$BUILD/lib/libpprofmk-sync.so")" ''
	equal 'strangers in libpprofmk-trace.so' "$(strangers "$BUILD/lib/libpprofmk-trace.so")" ''
	# It samples what C++'s operators allocate, too.
	equal 'strangers in libpprofmk-live.so' "$(strangers "$BUILD/lib/libpprofmk-live.so" | grep -v '^_Z\(n[aw]\|d[al]\)' || :)" ''
}

@test "only the libraries of the kinds block and trace, and that of running programs, stand between a program and its locks" {
	equal 'locks in libpprofmk.so' \
		"$(exported "$BUILD/lib/libpprofmk.so" | grep -E '_lock$|_wait$|^sem_|poll|select|sleep' || :)" ''
	exported "$BUILD/lib/libpprofmk-sync.so" | grep -q '^pthread_mutex_lock$'
	exported "$BUILD/lib/libpprofmk-trace.so" | grep -q '^pthread_mutex_lock$'
	exported "$BUILD/lib/libpprofmk-live.so" | grep -q '^pthread_mutex_lock$'
}

@test "the runtime brings no library but the C library's" {
	for library in libpprofmk.so libpprofmk-sync.so libpprofmk-trace.so libpprofmk-live.so; do
		equal "needed by $library" \
			"$(readelf -d "$BUILD/lib/$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v -e '^libc\.so' -e '^ld-linux' || :)" ''
	done
}

@test "the endpoint's library exports what the runtime calls, and nothing else" {
	equal 'exported' "$(exported "$BUILD/lib/libpprofmk-http.so" | xargs)" 'pprofmk_http_serve_1 pprofmk_http_stop_1'
}
