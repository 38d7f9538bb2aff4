/* SPDX-License-Identifier: MIT */
/* Reads text in the Go benchmark format, as golang.org/x/perf/benchfmt does: what `make pprof.bench`, `go test -bench` and
 * others write. Lines that are neither results nor about them are passed over. */
#ifndef PPROFMK_TOOL_BENCH_TEXT_H
#define PPROFMK_TOOL_BENCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Lines "key: value" that are kept: what is measured, and whether other figures can be compared with it. */
#define BENCH_TEXT_KEYS(X)      \
	X(GOOS, "goos")         \
	X(GOARCH, "goarch")     \
	X(PKG, "pkg")           \
	X(CPU, "cpu")           \
	X(COMPILER, "compiler") \
	X(FLAGS, "flags")       \
	X(COMMIT, "commit")

enum bench_text_key {
#define X(name, text) BENCH_TEXT_##name,
	BENCH_TEXT_KEYS(X)
#undef X
		BENCH_TEXT_KEY_COUNT
};

/* One figure of one result line. Texts are valid as long as the struct bench_text. */
struct bench_text_value {
	const char *name;    /* "BenchmarkEncode/size=64-2" */
	const char *package; /* the `pkg` that held, "" for none */
	const char *unit;
	double value; /* a number, not infinite */
	size_t line;  /* number of its result among all, from 0 */
};

enum bench_better { BENCH_BETTER_UNKNOWN, BENCH_BETTER_LOWER, BENCH_BETTER_HIGHER };

/* What lines "Unit ns/op better=lower assume=exact" say. */
struct bench_text_unit {
	const char *unit;
	enum bench_better better;
	bool is_exact;
};

struct bench_text_config {
	const char *value; /* that held for the first result, "" for none; NULL without a result */
	bool varies;	   /* another one held for a later result */
};

/* All zero: an empty one. */
struct bench_text {
	struct bench_text_value *values;
	size_t count, cap;
	size_t lines; /* result lines */
	struct bench_text_unit *units;
	size_t unit_count, unit_cap;
	struct bench_text_config config[BENCH_TEXT_KEY_COUNT];
	size_t bad;		/* lines that begin like a result and are none */
	size_t bad_line;	/* number of the first, from 1 */
	const char *bad_reason; /* what is wrong with it */
	char **buffers;
	size_t buffer_count, buffer_cap;
};

extern const char *const bench_text_keys[BENCH_TEXT_KEY_COUNT];

/* Add what is in text[0..len), which is copied. */
void bench_text_parse(struct bench_text *text, const char *bytes, size_t len);

/* Add a file's. 0 or -errno: -EFBIG beyond 256 MiB. */
int bench_text_read(struct bench_text *text, const char *path);

void bench_text_free(struct bench_text *text);

#endif
