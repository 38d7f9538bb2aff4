/* SPDX-License-Identifier: MIT */
/* The table of a top; declared in top.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool/common/human.h"
#include "tool/profile/top.h"

static void print_row(FILE *stream, const struct top *top, const struct top_row *row,
		      const char *cwd, const char *unit)
{
	char flat[HUMAN_SIZE], flat_percent[HUMAN_SIZE], cum[HUMAN_SIZE], cum_percent[HUMAN_SIZE];

	human_value(flat, sizeof(flat), row->flat, unit);
	human_percent(flat_percent, sizeof(flat_percent), row->flat, top->total);
	human_value(cum, sizeof(cum), row->cum, unit);
	human_percent(cum_percent, sizeof(cum_percent), row->cum, top->total);
	fprintf(stream, "%10s %7s %10s %7s  %s", flat, flat_percent, cum, cum_percent, row->name);
	if (*row->file)
		fprintf(stream, " (%s", frames_short_file(row->file, cwd));
	if (*row->file && row->line)
		fprintf(stream, ":%" PRId64, row->line);
	if (*row->file)
		putc(')', stream);
	putc('\n', stream);
}

void top_print(FILE *stream, const struct profile *profile, size_t type, size_t rows)
{
	struct top *top = top_new(profile, type);
	char *cwd = getcwd(NULL, 0);

	if (!top->row_count) {
		fputs("         0  nothing to show\n", stream);
	} else {
		fprintf(stream, "%10s %7s %10s %7s  %s\n", "flat", "flat%", "cum", "cum%",
			"function");
		for (size_t i = 0; i < rows && i < top->row_count; i++)
			print_row(stream, top, &top->rows[i], cwd ? cwd : "",
				  profile->types[type].unit);
		if (rows < top->row_count)
			fprintf(stream, "%10s %zu more\n", "...", top->row_count - rows);
	}
	free(cwd);
	top_free(top);
}
