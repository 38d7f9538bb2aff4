/* SPDX-License-Identifier: MIT */
/* Names like a wrong one; declared in names.h. */
#include "tool/common/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Longer names are compared by containing only: the table of distances is quadratic. */
#define DISTANCE_LEN_MAX 256

struct candidate {
	const char *name;
	size_t distance;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance: Levenshtein's with swaps of neighbours (Boytsov, "Indexing methods for
 * approximate dictionary searching", 2011, section 2.2). Three rows of the table are enough. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][DISTANCE_LEN_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			bool same = lower(a[i - 1]) == lower(b[j - 1]);

			row[j] = smaller(last[j - 1] + !same, smaller(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]))
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = free_row;
	}
	return last[b_len];
}

/* How far a name is from the wrong one; SIZE_MAX: not like it. */
static size_t judge(const char *wrong, const char *name)
{
	size_t wrong_len = strlen(wrong), name_len = strlen(name), edits;

	if (strcasestr(name, wrong) || (name_len > 3 && strcasestr(wrong, name)))
		return 0;
	if (wrong_len > DISTANCE_LEN_MAX || name_len > DISTANCE_LEN_MAX)
		return (size_t)-1;
	edits = distance(wrong, wrong_len, name, name_len);
	return edits <= 1 + wrong_len / 4 ? edits : (size_t)-1;
}

static int by_distance(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return strcmp(x->name, y->name);
}

size_t names_nearest(const char *wrong, const char *const *names, size_t count,
		     const char **nearest, size_t cap)
{
	struct candidate *candidates = xcalloc(count, sizeof(*candidates));
	size_t len = 0, found = 0;

	for (size_t i = 0; *wrong && i < count; i++) {
		if (!names[i] || !*names[i])
			continue;
		candidates[len].name = names[i];
		candidates[len].distance = judge(wrong, names[i]);
		len += candidates[len].distance != (size_t)-1;
	}
	qsort(candidates, len, sizeof(*candidates), by_distance);
	for (size_t i = 0; i < len && found < cap; i++) {
		if (!found || strcmp(nearest[found - 1], candidates[i].name) != 0)
			nearest[found++] = candidates[i].name;
	}
	free(candidates);
	return found;
}
