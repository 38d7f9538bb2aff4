/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_raw_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/tool.h"
#include "tool/trace/trace_finish.h"

bool trace_raw_file_is(const char *path)
{
	uint64_t magic = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is;

	if (fd < 0)
		return false;
	is = pread(fd, &magic, sizeof magic, 0) == (ssize_t)sizeof magic && magic == REC_MAGIC;
	close(fd);
	return is;
}

/* Private, so that it can be made sound where it is not: the file stays as it is. */
static void *map_file(const char *path, size_t *size_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *map;

	if (fd < 0)
		return MAP_FAILED;
	if (fstat(fd, &status) != 0) {
		close(fd);
		return MAP_FAILED;
	}
	if (status.st_size == 0) {
		close(fd);
		errno = ENODATA;
		return MAP_FAILED;
	}
	*size_bytes = (size_t)status.st_size;
	map = mmap(NULL, *size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
	close(fd);
	return map;
}

/* NULL where it is all right. */
static const char *problem_of(const struct rec_header *header, size_t size_bytes)
{
	if (size_bytes < sizeof *header || header->magic != REC_MAGIC)
		return "not what a program records for itself";
	if (header->version != REC_VERSION || header->header_size != sizeof *header)
		return "recorded by another version of pprof.mk";
	if (header->size_bytes > size_bytes)
		return "cut off in its tables";
	return recording_is_sound(header) ? NULL : "its tables are damaged";
}

/* Behind the recording, or behind what a flight recorder has given back. */
static uint64_t spool_of(const struct trace_raw_file *file)
{
	const struct rec_header *rec = file->recording.rec;
	uint64_t first = atomic_load(&rec->state.trace_first);

	return first > rec->size_bytes && first <= file->size_bytes ? first : rec->size_bytes;
}

bool trace_raw_file_open(struct trace_raw_file *file, const char *path, char *error,
			 size_t error_size)
{
	const char *problem;
	uint64_t first;

	memset(file, 0, sizeof *file);
	file->map = map_file(path, &file->size_bytes);
	if (file->map == MAP_FAILED) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return false;
	}
	problem = problem_of(file->map, file->size_bytes);
	if (problem != NULL) {
		snprintf(error, error_size, "%s: %s", path, problem);
		munmap(file->map, file->size_bytes);
		return false;
	}
	file->recording.rec = file->map;
	recording_end_strings(&file->recording);
	first = spool_of(file);
	trace_raw_open(&file->raw, &file->recording, (const char *)file->map + first,
		       file->size_bytes - first, 0, false);
	return true;
}

void trace_raw_file_close(struct trace_raw_file *file)
{
	trace_raw_free(&file->raw);
	munmap(file->map, file->size_bytes);
}

/* The program itself is the first mapping that was noted. */
static const char *program_of(const struct recording *recording)
{
	const struct rec_mapping *first = recording_table(recording, MAPPINGS, struct rec_mapping);

	return recording_len(recording, REC_MAPPINGS) > 0 ? recording_string(recording, first->path)
							  : "";
}

static bool has_switches(const struct trace_raw *raw)
{
	for (size_t cpu = 0; cpu < raw->cpu_count; cpu++)
		if (raw->switches[cpu].count != 0)
			return true;
	return false;
}

static void add_sentence(char **text, const char *sentence)
{
	char *longer = xasprintf("%s%s%s", *text, **text != '\0' && *sentence != '\0' ? "; " : "",
				 sentence);

	free(*text);
	*text = longer;
}

/* "damaged at byte 4096: the last 512 bytes are left out", or "". The caller frees it. */
static char *describe_damage(const struct trace_raw_file *file)
{
	size_t damaged_bytes = file->raw.damaged_bytes;

	return damaged_bytes != 0
		       ? xasprintf("damaged at byte %zu: the last %zu bytes are left out",
				   file->size_bytes - damaged_bytes, damaged_bytes)
		       : xstrdup("");
}

/* What a reader has to know: that it is the end of more, what the recorder says, and what can't be read. The caller frees it. */
static char *describe(const struct trace_raw_file *file, const char *damage)
{
	const struct spool_cut *cut = &file->raw.cut;
	char kept[HUMAN_SIZE], recorded[HUMAN_SIZE];
	char *text = xstrdup("");

	if (cut->begin_ns != 0 && cut->end_ns > cut->begin_ns) {
		human_value(kept, sizeof kept, (int64_t)(cut->end_ns - cut->begin_ns),
			    "nanoseconds");
		human_value(recorded, sizeof recorded, (int64_t)(cut->end_ns - cut->recorded_ns),
			    "nanoseconds");
		free(text);
		text = xasprintf("the last %s of %s", kept, recorded);
	}
	add_sentence(&text, file->recording.rec->state.message);
	if (atomic_load(&file->recording.rec->table[REC_TRACE_THREADS].lost) > 0)
		add_sentence(&text, "there was no room for some threads, which are without events");
	add_sentence(&text, damage);
	return text;
}

int trace_raw_file_finish(const char *path, const char *to, pid_t process)
{
	struct trace_info info = {.test = "", .outcome = "", .note = ""};
	struct trace_raw_file file;
	char error[256], *damage, *note;
	struct sym *sym;
	int result;

	if (!trace_raw_file_open(&file, path, error, sizeof error)) {
		tool_error("%s", error);
		return -EINVAL;
	}
	info.program = program_of(&file.recording);
	info.source = has_switches(&file.raw) ? "perf_event" : "nothing: a program recorded itself";
	file.recording.rec->state.message[sizeof file.recording.rec->state.message - 1] = '\0';
	damage = describe_damage(&file);
	if (*damage != '\0')
		tool_error("%s: %s", path, damage);
	info.note = note = describe(&file, damage);
	sym = sym_open();
	sym_set_process(sym, process);
	result = trace_finish(&file.raw, sym, to, &info);
	sym_close(sym);
	free(note);
	free(damage);
	trace_raw_file_close(&file);
	return result;
}
