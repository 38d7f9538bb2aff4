/* SPDX-License-Identifier: MIT */
#include "tool/perfetto/trace_perfetto.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/write_file.h"
#include "tool/perfetto/perfetto.h"

int trace_perfetto_put(FILE *file, const struct trace *trace)
{
	struct perfetto perfetto;

	perfetto_begin(&perfetto, trace, file);
	perfetto_put_tracks(&perfetto);
	perfetto_put_states(&perfetto);
	for (uint32_t i = 0; i < trace_thread_count(trace); i++)
		perfetto_put_slices(&perfetto, i);
	perfetto_put_heap(&perfetto);
	return perfetto_end(&perfetto);
}

int trace_perfetto_write(const char *path, const struct trace *trace)
{
	int fd, error;
	char *temporary = fmt_open_beside(path, &fd);
	FILE *file;

	if (!temporary)
		return fd;
	file = fdopen(fd, "wb");
	error = file ? trace_perfetto_put(file, trace) : -errno;
	if (!file)
		close(fd);
	else if (fclose(file) != 0 && !error)
		error = -errno;
	if (!error && rename(temporary, path) != 0)
		error = -errno;
	if (error)
		unlink(temporary);
	free(temporary);
	return error;
}
