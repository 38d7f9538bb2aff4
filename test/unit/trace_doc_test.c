/* SPDX-License-Identifier: MIT */
/* links: internal/format/trace_events.c */
/* docs/trace-format.md has the tables that the code has. `trace_doc_test print` prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/recording.h"
#include "format/trace_events.h"

static const char *const argument_texts[] = {
#define X(name, text) text,
	TRACE_ARGUMENTS(X)
#undef X
};

static void print_event(FILE *stream, size_t number)
{
	const struct trace_event_kind *kind = &trace_event_kinds[number];

	fprintf(stream, "| %zu | %s | %s | %s |", number, kind->text,
		kind->has_duration ? "yes" : "", kind->has_stack ? "yes" : "");
	for (unsigned i = 0; i < kind->argument_count; i++)
		fprintf(stream, "%s %s", i > 0 ? "," : "", argument_texts[kind->arguments[i]]);
	fputs(" |\n", stream);
}

static void print_list(FILE *stream, const char *title, const char *(*text)(uint64_t number))
{
	fprintf(stream, "- %s:", title);
	for (uint64_t i = 0; strcmp(text(i), "?") != 0; i++)
		fprintf(stream, "%s %llu %s", i > 0 ? "," : "", (unsigned long long)i, text(i));
	fputs("\n", stream);
}

static void print_all(FILE *stream)
{
	for (size_t i = 1; i < TRACE_EVENT_COUNT; i++)
		print_event(stream, i);
	print_list(stream, "states", trace_state_text);
	print_list(stream, "wait", trace_wait_text);
	print_list(stream, "wake", trace_wake_text);
	print_list(stream, "outcome", trace_outcome_text);
	print_list(stream, "call", trace_call_text);
}

static char *read_page(void)
{
	FILE *file = fopen("docs/trace-format.md", "r");
	char *page = calloc(1, 1 << 20);

	if (file == NULL || page == NULL)
		fail_msg("docs/trace-format.md can't be read from here");
	if (fread(page, 1, (1 << 20) - 1, file) == 0)
		fail_msg("docs/trace-format.md is empty");
	fclose(file);
	return page;
}

static void test_trace_doc_has_every_line_of_the_tables(void **state)
{
	char *page = read_page(), *bytes = NULL, *line, *rest;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);

	(void)state;
	print_all(stream);
	fclose(stream);
	rest = bytes;
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0')
		if (strstr(page, line) == NULL)
			fail_msg("docs/trace-format.md lacks the line: %s", line);
	free(bytes);
	free(page);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_doc_has_every_line_of_the_tables),
	};

	if (argc > 1 && strcmp(argv[1], "print") == 0) {
		print_all(stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
