/* SPDX-License-Identifier: MIT */
/* What the trace viewer's server is asked, and what it answers: the seam between HTTP and the data. */
#ifndef PPROFMK_TOOL_SHOW_ANSWER_H
#define PPROFMK_TOOL_SHOW_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_file.h"

/* Version of the answers: one more with each change that readers could notice. docs/trace-api.md has them. */
#define SHOW_API 1

/* A question. Its parameters come from show_text() and show_number(); everything in them is somebody else's text. */
struct show_question {
	const struct trace *trace;
	const char *path;					   /* of the trace's file */
	const char *(*parameter)(void *context, const char *name); /* decoded; NULL: not given */
	void *context;
};

struct show_answer {
	unsigned status;
	const char *type;     /* of the content */
	const char *filename; /* to be saved under, NULL: to be shown; the caller frees it */
	const char *policy;   /* Content-Security-Policy, NULL: that of the pages */
	char *bytes;	      /* owned: freed by whoever takes the answer */
	size_t size;
	int file; /* instead of bytes: a descriptor, owned; 0: there is none */
};

/* A parameter, "" where it is not given. Valid as long as the question. */
const char *show_text(const struct show_question *question, const char *name);

/* A whole number; `fallback` where it is not given. False where it is none. */
bool show_number(const struct show_question *question, const char *name, uint64_t fallback,
		 uint64_t *number);

/* The range that `from` and `to` name, in nanoseconds, within the trace; all of it where they are not given. False where they are
 * no range. */
bool show_range(const struct show_question *question, uint64_t *from_ns, uint64_t *to_ns);

/* JSON; takes the reference. */
struct show_answer show_json(json_t *json);

/* An error that a person can read. */
struct show_answer show_error(unsigned status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is at a path of the data API ("/api/1/rows"); an error of status 404 where nothing is. */
struct show_answer show_answer(const struct show_question *question, const char *path);

/* ---- The questions, by what is asked for. docs/trace-api.md describes them. */
struct show_answer show_info(const struct show_question *question);
struct show_answer show_threads(const struct show_question *question);
struct show_answer show_rows(const struct show_question *question);
struct show_answer show_item(const struct show_question *question);
struct show_answer show_events(const struct show_question *question);
struct show_answer show_sums(const struct show_question *question);
struct show_answer show_find(const struct show_question *question);
struct show_answer show_stat(const struct show_question *question);
struct show_answer show_locks(const struct show_question *question);
struct show_answer show_path(const struct show_question *question);
struct show_answer show_regions(const struct show_question *question);
struct show_answer show_tasks(const struct show_question *question);
struct show_answer show_task(const struct show_question *question);
struct show_answer show_profile(const struct show_question *question);
struct show_answer show_perfetto(const struct show_question *question);
struct show_answer show_picture(const struct show_question *question);
struct show_answer show_log(const struct show_question *question);

/* ---- What several of them need */

/* A string of the trace. */
json_t *show_string_json(const struct trace *trace, uint64_t string);

/* A thread as people call it: its name and number. */
json_t *show_thread_json(const struct trace *trace, uint32_t thread);

/* [{"function", "file", "line", "module", "inlined"}, ...], leaf first. */
json_t *show_stack_json(const struct trace *trace, uint32_t stack);

/* {"id", "kind", "address"}; null for none. */
json_t *show_object_json(const struct trace *trace, uint32_t object);

/* An event with its arguments by name. */
json_t *show_event_json(const struct trace *trace, const struct trace_event *event);

#endif
