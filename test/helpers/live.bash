# SPDX-License-Identifier: MIT
# Of the tests of running programs without HTTP: the runtime beside a double of the endpoint's library, in $out, and what reads
# their recordings.

setup_file() {
	(cd "$ROOT" && test/make-in.sh "$BUILD" -f scripts/make-rules/unit.mk readers) >&2
}

setup() {
	setup_out
	mkdir -p "$out"
	cp "$BUILD/lib/libpprofmk-live.so" "$FIXTURES/live/libpprofmk-http.so" "$out"
}
