/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/profile/frames.h"

char *trace_text_thread(const struct trace *trace, uint32_t thread)
{
	const struct trace_thread *of = trace_thread(trace, thread);
	char *name, *text;

	if (!of)
		return xstrdup("?");
	name = names_printable(trace_string(trace, of->name));
	text = xasprintf("%s (%" PRIu32 ")", *name ? name : "thread", of->tid);
	free(name);
	return text;
}

char *trace_text_function(const struct trace *trace, uint32_t thread)
{
	const struct trace_thread *of = trace_thread(trace, thread);
	const char *name = of ? trace_string(trace, of->function) : "";

	return *name ? names_printable(name) : xstrdup("?");
}

char *trace_text_object(const struct trace *trace, uint32_t object)
{
	const struct trace_object *of = trace_object(trace, object);

	if (!of)
		return xstrdup("");
	return xasprintf("%s 0x%" PRIx64, trace_wait_text(of->kind), of->address);
}

static void put_frame(FILE *stream, const struct trace *trace, const struct trace_frame *frame,
		      const char *cwd)
{
	char *name = names_printable(trace_string(trace, frame->function));
	char *file = names_printable(trace_string(trace, frame->file));

	if (*name)
		fputs(name, stream);
	else
		fprintf(stream, "0x%" PRIx64, frame->address);
	if (*file) {
		fprintf(stream, " (%s", cwd ? frames_short_file(file, cwd) : file);
		if (frame->line)
			fprintf(stream, ":%" PRIu32, frame->line);
		putc(')', stream);
	}
	free(name);
	free(file);
}

char *trace_text_stack(const struct trace *trace, uint32_t stack, size_t max, const char *cwd)
{
	size_t count, size;
	const uint32_t *frames = trace_stack(trace, stack, &count);
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		xalloc_failed();
	for (size_t i = 0; i < count && i < max; i++) {
		const struct trace_frame *frame = trace_frame(trace, frames[i]);

		if (i > 0)
			fputs(" < ", stream);
		if (frame)
			put_frame(stream, trace, frame, cwd);
	}
	if (count > max)
		fputs(" < ...", stream);
	if (fclose(stream) != 0)
		xalloc_failed();
	return text;
}

char *trace_text_time(uint64_t ns)
{
	char text[HUMAN_SIZE];

	return xstrdup(human_value(text, sizeof(text), (int64_t)ns, "nanoseconds"));
}
