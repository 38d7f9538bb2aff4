/* SPDX-License-Identifier: MIT */
/* The trace as Perfetto's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool/common/names.h"
#include "tool/perfetto/trace_perfetto.h"
#include "tool/show/show_answer.h"
#include "tool/tool.h"

/* By way of a file: it may be larger than the memory that a viewer should take. */
struct show_answer show_perfetto(const struct show_question *question)
{
	struct show_answer answer = {.status = 200, .type = "application/octet-stream"};
	FILE *file = tmpfile();
	long size = -1;
	char *stem;

	if (file != NULL && trace_perfetto_put(file, question->trace) == 0 && fflush(file) == 0 &&
	    (size = ftell(file)) >= 0)
		answer.file = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	if (file != NULL)
		fclose(file);
	if (answer.file <= 0)
		return show_error(500, "no room for it in the folder of temporary files");
	answer.size = (size_t)size;
	stem = names_stem(trace_info(question->trace)->test);
	answer.filename = xasprintf("%s.pftrace", stem);
	free(stem);
	return answer;
}
