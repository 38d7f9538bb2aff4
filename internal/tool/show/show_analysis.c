/* SPDX-License-Identifier: MIT */
/* The analyses that the terminal prints, in the same JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "tool/analysis/trace_locks_print.h"
#include "tool/analysis/trace_path_print.h"
#include "tool/analysis/trace_stat_print.h"
#include "tool/show/show_answer.h"
#include "tool/tool.h"

/* Steps of a path in one answer: a browser has to draw them. */
enum { STEPS_MAX = 10000 };

struct text {
	FILE *stream;
	char *bytes;
	size_t size;
};

static void begin(struct text *text)
{
	*text = (struct text){0};
	text->stream = open_memstream(&text->bytes, &text->size);
	if (text->stream == NULL)
		xalloc_failed();
}

static struct show_answer end(struct text *text)
{
	if (fclose(text->stream) != 0)
		xalloc_failed();
	return (struct show_answer){.status = 200,
				    .type = "application/json",
				    .bytes = text->bytes,
				    .size = text->size};
}

struct show_answer show_stat(const struct show_question *question)
{
	uint64_t from_ns, to_ns;
	struct trace_stat *stat;
	struct text text;

	if (!show_range(question, &from_ns, &to_ns))
		return show_error(400, "from and to are no range");
	begin(&text);
	stat = trace_stat_new(question->trace, from_ns, to_ns);
	trace_stat_print_json(text.stream, question->trace, stat);
	trace_stat_free(stat);
	return end(&text);
}

struct show_answer show_locks(const struct show_question *question)
{
	uint64_t from_ns, to_ns;
	struct trace_locks *locks;
	struct text text;

	if (!show_range(question, &from_ns, &to_ns))
		return show_error(400, "from and to are no range");
	begin(&text);
	locks = trace_locks_new(question->trace, from_ns, to_ns);
	trace_locks_print_json(text.stream, question->trace, locks);
	trace_locks_free(locks);
	return end(&text);
}

struct show_answer show_path(const struct show_question *question)
{
	uint64_t from_ns, to_ns;
	struct trace_path *path;
	struct text text;

	if (!show_range(question, &from_ns, &to_ns))
		return show_error(400, "from and to are no range");
	begin(&text);
	path = trace_path_new(question->trace, TRACE_NO_THREAD, from_ns, to_ns);
	trace_path_print_json(text.stream, question->trace, path, STEPS_MAX);
	trace_path_free(path);
	return end(&text);
}
