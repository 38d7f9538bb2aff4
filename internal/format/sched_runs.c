/* SPDX-License-Identifier: MIT */
#include "format/sched_runs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hash.h"

/* From one look to the next, for each thread looked up: at 5 us each it takes half a percent of one CPU. */
#define EACH_NS UINT64_C(1000000)

void sched_runs_note(struct sched_runs *runs, uint32_t tid)
{
	size_t at = hash_word(HASH_START, tid) % SCHED_RUNS_SLOTS;

	while (runs->slots[at] != 0 && runs->slots[at] != tid)
		at = (at + 1) % SCHED_RUNS_SLOTS;
	if (runs->slots[at] == tid || runs->count == SCHED_RUNS_MOST)
		return;
	runs->slots[at] = tid;
	runs->items[runs->count++].tid = tid;
}

/* The file's text, which is three numbers; false: the thread has ended, or the kernel does not count. */
static bool read_text(uint32_t pid, uint32_t tid, char text[96])
{
	char path[64];
	long fd, length;

	snprintf(path, sizeof path, "/proc/%" PRIu32 "/task/%" PRIu32 "/schedstat", pid, tid);
	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = syscall(SYS_read, fd, text, (size_t)95);
	syscall(SYS_close, fd);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

static bool read_run(struct spool_run *item, uint32_t pid)
{
	char text[96], *at, *end;

	if (!read_text(pid, item->tid, text))
		return false;
	item->cpu_ns = strtoull(text, &at, 10);
	item->wait_ns = strtoull(at, &end, 10);
	if (at == text || end == at)
		return false;
	at = end;
	item->turns = (uint32_t)strtoul(at, &end, 10);
	return end != at;
}

static void forget(struct sched_runs *runs)
{
	runs->count = 0;
	for (size_t i = 0; i < SCHED_RUNS_SLOTS; i++)
		runs->slots[i] = 0;
}

const struct spool_run *sched_runs_look(struct sched_runs *runs, uint32_t pid, uint64_t now_ns,
					size_t *count)
{
	*count = 0;
	if (pid == 0 || now_ns < runs->next_ns)
		return runs->items;
	runs->next_ns = now_ns + runs->count * EACH_NS;
	for (size_t i = 0; i < runs->count; i++) {
		struct spool_run item = {.ns = now_ns, .tid = runs->items[i].tid};

		if (read_run(&item, pid))
			runs->items[(*count)++] = item;
	}
	forget(runs);
	return runs->items;
}
