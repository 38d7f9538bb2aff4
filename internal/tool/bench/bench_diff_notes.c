/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_diff_notes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/names.h"

/* Notes of one sort are no more than this; the others are counted. */
enum { SHOWN_MAX = 5 };

/* p below this, and no difference shown: more runs may show one. */
#define SUSPICION 0.2

struct notes {
	FILE *stream;
	bool has_any;
};

static void note(struct notes *notes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void note(struct notes *notes, const char *format, ...)
{
	va_list arguments;

	fputs(notes->has_any ? "# " : "\n# ", notes->stream);
	notes->has_any = true;
	va_start(arguments, format);
	vfprintf(notes->stream, format, arguments);
	va_end(arguments);
	putc('\n', notes->stream);
}

static const char *without_prefix(const char *name)
{
	static const char prefix[] = "Benchmark";
	size_t len = sizeof prefix - 1;

	return strncmp(name, prefix, len) == 0 && name[len] != '\0' ? name + len : name;
}

char *bench_diff_name(const struct bench_diff *diff, const struct bench_diff_row *row)
{
	char *whole, *name;

	if (!diff->shows_package || *row->package == '\0')
		return names_printable(without_prefix(row->name));
	whole = xasprintf("%s %s", row->package, without_prefix(row->name));
	name = names_printable(whole);
	free(whole);
	return name;
}

/* What has to be the same for a fair comparison. The package and the commit may differ. */
static const enum bench_text_key fair_keys[] = {BENCH_TEXT_GOOS, BENCH_TEXT_GOARCH, BENCH_TEXT_CPU,
						BENCH_TEXT_COMPILER, BENCH_TEXT_FLAGS};

enum { FAIR_KEYS = sizeof fair_keys / sizeof *fair_keys };

static void note_key(struct notes *notes, const char *key, const struct bench_text_config *old,
		     const struct bench_text_config *new)
{
	char *x, *y;

	if (old->varies || new->varies)
		note(notes, "no fair comparison: %s changes within the %s text", key,
		     old->varies ? "old" : "new");
	if (old->varies || new->varies || *old->value == '\0' || *new->value == '\0' ||
	    strcmp(old->value, new->value) == 0)
		return;
	x = names_printable(old->value);
	y = names_printable(new->value);
	note(notes, "no fair comparison: %s was \"%s\" and is \"%s\"", key, x, y);
	free(x);
	free(y);
}

static void list_add(char **list, const char *item)
{
	char *longer = xasprintf("%s%s%s", *list, **list != '\0' ? ", " : "", item);

	free(*list);
	*list = longer;
}

/* What one text says and the other does not. */
static void note_untold(struct notes *notes, const char *which, const struct bench_text *text,
			const struct bench_text *other)
{
	char *list = xstrdup("");

	for (size_t i = 0; i < FAIR_KEYS; i++)
		if (*text->config[fair_keys[i]].value == '\0' &&
		    *other->config[fair_keys[i]].value != '\0')
			list_add(&list, bench_text_keys[fair_keys[i]]);
	if (*list != '\0')
		note(notes,
		     "not told by the %s text: %s; nobody knows whether this is a fair comparison",
		     which, list);
	free(list);
}

static void note_config(struct notes *notes, const struct bench_text *old,
			const struct bench_text *new)
{
	/* Without a result there are none that held. */
	if (old->lines == 0 || new->lines == 0)
		return;
	for (size_t i = 0; i < FAIR_KEYS; i++)
		note_key(notes, bench_text_keys[fair_keys[i]], &old->config[fair_keys[i]],
			 &new->config[fair_keys[i]]);
	note_untold(notes, "old", old, new);
	note_untold(notes, "new", new, old);
}

static void note_lonely(struct notes *notes, const char *side, const char *const *names,
			size_t count)
{
	char *list = xstrdup("");

	for (size_t i = 0; i < count && i < SHOWN_MAX; i++) {
		char *name = names_printable(without_prefix(names[i]));

		list_add(&list, name);
		free(name);
	}
	if (count > SHOWN_MAX)
		note(notes, "only in the %s: %s and %zu more", side, list, count - SHOWN_MAX);
	else if (count > 0)
		note(notes, "only in the %s: %s", side, list);
	free(list);
}

static void note_damage(struct notes *notes, const char *which, const struct bench_diff_side *side)
{
	if (side->text->bad > 0)
		note(notes, "%s: %zu line%s that begin like a result are none; line %zu: %s", which,
		     side->text->bad, side->text->bad == 1 ? "" : "s", side->text->bad_line,
		     side->text->bad_reason);
}

/* Can't this row show anything, whatever its values are? */
static bool has_too_few(const struct bench_diff *diff, const struct bench_diff_row *row)
{
	return row->verdict == BENCH_UNSURE &&
	       bench_least_p(row->old.count, row->new.count) >= diff->alpha;
}

static void note_too_few(struct notes *notes, const struct bench_diff *diff)
{
	size_t least = bench_runs_least(diff->alpha), rows = 0;

	for (size_t i = 0; i < diff->count; i++)
		rows += has_too_few(diff, &diff->rows[i]);
	if (rows > 0)
		note(notes,
		     "too few runs in %zu of %zu rows to show any difference at alpha %g: it takes "
		     "%zu of each side at least (Bench_count=%zu), and 20 to find one of a few "
		     "per cent",
		     rows, diff->count, diff->alpha, least, least);
}

static void note_suspicion(struct notes *notes, const struct bench_diff *diff,
			   const struct bench_diff_row *row)
{
	size_t wanted = bench_runs_wanted(row->test.superiority, diff->alpha);
	size_t made = row->old.count < row->new.count ? row->old.count : row->new.count;
	char *name = bench_diff_name(diff, row);
	char *unit = names_printable(row->unit);

	/* What was estimated from values that just miss it may be less than was made. */
	if (wanted <= made)
		wanted = made + (made + 1) / 2;
	note(notes,
	     "%s, %s: p = %.3f; if there is a difference like this, about %zu runs of each side "
	     "would show it (Bench_count=%zu)",
	     name, unit, row->test.p, wanted, wanted);
	free(name);
	free(unit);
}

/* Does the benchmark's middle stretch show what this row of its means does not? */
static bool is_seen_in_middle(const struct bench_diff *diff, const struct bench_diff_row *row)
{
	if (row->verdict != BENCH_UNSURE || strcmp(row->unit, "ns/op") != 0)
		return false;
	for (size_t i = 0; i < diff->count; i++)
		if (strcmp(diff->rows[i].unit, BENCH_MIDDLE_UNIT) == 0 &&
		    strcmp(diff->rows[i].name, row->name) == 0 &&
		    strcmp(diff->rows[i].package, row->package) == 0)
			return diff->rows[i].verdict == BENCH_DIFFERS;
	return false;
}

static void note_disturbed(struct notes *notes, const struct bench_diff *diff)
{
	size_t rows = 0;

	for (size_t i = 0; i < diff->count; i++)
		rows += is_seen_in_middle(diff, &diff->rows[i]);
	if (rows > 0)
		note(notes,
		     "%zu change%s in " BENCH_MIDDLE_UNIT
		     " that ns/op does not show: go by " BENCH_MIDDLE_UNIT
		     "; what others did meanwhile is in the mean of a run, not in its middle",
		     rows, rows == 1 ? "" : "s");
}

static void note_suspicions(struct notes *notes, const struct bench_diff *diff)
{
	size_t found = 0;

	for (size_t i = 0; i < diff->count; i++) {
		const struct bench_diff_row *row = &diff->rows[i];

		if (row->verdict != BENCH_UNSURE || has_too_few(diff, row) ||
		    row->test.p >= SUSPICION || is_seen_in_middle(diff, row))
			continue;
		if (found++ < SHOWN_MAX)
			note_suspicion(notes, diff, row);
	}
	if (found > SHOWN_MAX)
		note(notes, "and %zu more rows with p below %g", found - SHOWN_MAX, SUSPICION);
}

bool bench_diff_notes(FILE *stream, const struct bench_diff *diff,
		      const struct bench_diff_side *old, const struct bench_diff_side *new)
{
	struct notes notes = {.stream = stream};

	note_config(&notes, old->text, new->text);
	note_damage(&notes, "old", old);
	note_damage(&notes, "new", new);
	note_lonely(&notes, "old", diff->only_old, diff->only_old_count);
	note_lonely(&notes, "new", diff->only_new, diff->only_new_count);
	note_too_few(&notes, diff);
	note_disturbed(&notes, diff);
	note_suspicions(&notes, diff);
	return notes.has_any;
}
