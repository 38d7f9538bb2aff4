/* SPDX-License-Identifier: MIT */
/* Profiles of the trace or a part of it: as a file for pprof, and as pictures. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/analysis/trace_profile.h"
#include "tool/common/names.h"
#include "tool/picture/svg_draw.h"
#include "tool/show/show_answer.h"
#include "tool/tool.h"

/* A picture is a document of its own, whose script is in it: it may run that, and nothing else. */
#define PICTURE_POLICY                                                                        \
	"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox " \
	"allow-scripts; frame-ancestors 'self'"

enum { WIDTH_PX = 1300 };

/* The kind that `of` names: "cpu" is where threads ran. NULL: none. */
static const struct kind *kind_asked(const struct show_question *question)
{
	const char *of = show_text(question, "of");
	const struct kind *kind = kind_find(strcmp(of, "cpu") == 0 ? "running" : of);

	return kind != NULL && kind_is_of_trace(kind) ? kind : NULL;
}

/* NULL, with the answer that says why, where what is asked for makes no sense. */
static struct profile *make(const struct show_question *question, const struct kind **kind,
			    struct show_answer *answer)
{
	const char *group = question->parameter(question->context, "group");
	struct trace_profile_part part = {.group = group};

	*kind = kind_asked(question);
	if (*kind == NULL || !show_range(question, &part.from_ns, &part.to_ns)) {
		*answer = show_error(400, "of is one of net, sync, syscall, sched, cpu; from and "
					  "to are a range");
		return NULL;
	}
	return trace_profile_new(question->trace, *kind, &part, trace_info(question->trace)->test);
}

/* The file's bytes, by way of a file in memory. */
static bool pack(const struct profile *profile, struct show_answer *answer)
{
	int fd = memfd_create("profile", MFD_CLOEXEC);
	off_t size;
	bool is_good = fd >= 0 && profile_write_fd(profile, fd) == 0 &&
		       (size = lseek(fd, 0, SEEK_END)) >= 0;

	if (is_good) {
		answer->bytes = xmalloc((size_t)size);
		answer->size = (size_t)size;
		is_good = pread(fd, answer->bytes, answer->size, 0) == size;
	}
	if (fd >= 0)
		close(fd);
	return is_good;
}

struct show_answer show_profile(const struct show_question *question)
{
	struct show_answer answer = {.status = 200, .type = "application/octet-stream"};
	const struct kind *kind;
	struct profile *profile = make(question, &kind, &answer);
	char *stem;

	if (profile == NULL)
		return answer;
	if (pack(profile, &answer)) {
		stem = names_stem(trace_info(question->trace)->test);
		answer.filename = xasprintf("%s.%s.pb.gz", stem, kind->file);
		free(stem);
	} else {
		free(answer.bytes);
		answer = show_error(500, "no memory for the profile");
	}
	profile_free(profile);
	return answer;
}

/* A picture is looked at, and what is wrong is read there. */
static void say(FILE *stream, const char *title, const char *text)
{
	struct svg_page page = {.title = title, .width_px = WIDTH_PX, .height_px = 90};

	svg_page_begin(stream, &page);
	fprintf(stream, "<text class=\"note\" x=\"%d\" y=\"60\">%s</text>\n</svg>\n", SVG_MARGIN_PX,
		text);
}

/* Returns the status to answer with; where it is not 200, the text to show instead. */
static int draw(FILE *stream, const struct profile *profile, const struct kind *kind, bool is_graph,
		const char *title, const char **problem)
{
	int type = kind_type_index(profile, kind->shown);
	struct svg_profile picture = {.title = title,
				      .type = kind->shown,
				      .unit = profile->types[type].unit,
				      .width_px = WIDTH_PX};
	int error;

	if (profile->sample_count == 0) {
		*problem = "Nothing to show: no thread spent time in this.";
		return 404;
	}
	error = is_graph ? svg_draw_graph(stream, profile, (size_t)type, &picture)
			 : svg_draw_flame(stream, profile, (size_t)type, &picture);
	*problem = error == -ENOPKG ? "No graphviz (its dot) is there to lay it out."
				    : "graphviz's dot could not lay it out.";
	return error == 0 ? 200 : 500;
}

static struct show_answer draw_answer(const struct profile *profile, const struct kind *kind,
				      bool is_graph, const char *test)
{
	struct show_answer answer = {.type = "image/svg+xml", .policy = PICTURE_POLICY};
	char *title = xasprintf("%s: %s", test, kind->name);
	FILE *stream = open_memstream(&answer.bytes, &answer.size);
	const char *problem;

	if (stream == NULL)
		xalloc_failed();
	answer.status = (unsigned)draw(stream, profile, kind, is_graph, title, &problem);
	if (answer.status != 200) {
		rewind(stream);
		say(stream, title, problem);
	}
	if (fclose(stream) != 0)
		xalloc_failed();
	free(title);
	return answer;
}

struct show_answer show_picture(const struct show_question *question)
{
	struct show_answer answer;
	const struct kind *kind;
	struct profile *profile = make(question, &kind, &answer);
	const char *picture = show_text(question, "picture");
	bool is_graph = strcmp(picture, "graph") == 0;

	if (profile == NULL)
		return answer;
	if (!is_graph && strcmp(picture, "flame") != 0)
		answer = show_error(400, "picture is flame or graph");
	else
		answer = draw_answer(profile, kind, is_graph, trace_info(question->trace)->test);
	profile_free(profile);
	return answer;
}
