/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_format.h"

#include <inttypes.h>
#include <math.h>

void bench_print_value(FILE *stream, double value, const char *unit)
{
	/* Widths and digits of prettyPrint in Go's src/testing/benchmark.go: ten places before the point, four significant digits, and
	 * points below each other. */
	static const struct {
		double from;
		int width, digits;
	} forms[] = {
		{999.95, 10, 0},   {99.995, 12, 1},    {9.9995, 13, 2},	    {0.99995, 14, 3},
		{0.099995, 15, 4}, {0.0099995, 16, 5}, {0.00099995, 17, 6}, {0, 18, 7},
	};
	double size = fabs(value);
	size_t form = 0;

	while (size != 0 && size < forms[form].from)
		form++;
	fprintf(stream, "%*.*f %s", forms[form].width, forms[form].digits, value, unit);
}

/* As Go does: in characters. */
static void print_padded(FILE *stream, const char *name, size_t width)
{
	size_t characters = 0;

	for (const char *p = name; *p != '\0'; p++)
		characters += ((unsigned char)*p & 0xc0) != 0x80;
	fprintf(stream, "%s%*s", name, characters < width ? (int)(width - characters) : 0, "");
}

void bench_print(FILE *stream, const struct bench_result *result, size_t name_width)
{
	print_padded(stream, result->name, name_width);
	fprintf(stream, "\t%8" PRIu64, result->iterations);
	if (result->ns_op != 0) {
		putc('\t', stream);
		bench_print_value(stream, result->ns_op, "ns/op");
	}
	if (result->mb_s != 0)
		fprintf(stream, "\t%7.2f MB/s", result->mb_s);
	for (size_t i = 0; i < result->metric_count; i++) {
		putc('\t', stream);
		bench_print_value(stream, result->metrics[i].value, result->metrics[i].unit);
	}
	if (result->has_mem)
		fprintf(stream, "\t%8" PRIu64 " B/op\t%8" PRIu64 " allocs/op", result->bytes_op,
			result->allocs_op);
	putc('\n', stream);
}
