/* SPDX-License-Identifier: MIT */
#include "tool/web/web_serve.h"

#include <stdlib.h>

#include "tool/common/deps_script.h"
#include "tool/profile/pprof_program.h"
#include "tool/tool.h"
#include "tool/web/web_session.h"

static int find_program(struct pprof_program *program)
{
	char *problem;
	int error = pprof_program_find(program, &problem);

	if (error) {
		tool_error("no pprof program%s%s%s: install Go %d.%d or later or google/pprof "
			   "(`%s` does), or name one with PPROF=/path/to/pprof",
			   *problem ? " (" : "", problem, *problem ? ")" : "", PPROF_GO_MAJOR,
			   PPROF_GO_MINOR, deps_script());
		pprof_program_free(program);
	}
	free(problem);
	return error;
}

int web_serve(const struct profile_file *file, const struct profile *base,
	      const struct options *options)
{
	struct pprof_program program;
	uint64_t port = 0;
	int status;

	if (find_program(&program) != 0)
		return TOOL_FAILED;
	options_value(options, "port", &port);
	status = web_session_run(file, base, &program, options_text(options, "host"),
				 (uint16_t)port);
	pprof_program_free(&program);
	return status;
}
