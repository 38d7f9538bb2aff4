/* SPDX-License-Identifier: MIT */
#include "tool/trace_runs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/xalloc.h"

/* From one look to the next, for each thread looked up: at 5 us each it takes half a percent of one CPU. */
#define EACH_NS UINT64_C(1000000)

/* Threads looked up at once, at some 5 us each: those that are left over are noted again when they run again. */
enum { MOST = 1024, SLOTS = 4 * MOST };

struct trace_runs {
	struct spool_run items[MOST];
	size_t count;	       /* noted */
	uint32_t slots[SLOTS]; /* tids noted; open addressing, 0: free */
	uint64_t next_ns;
};

struct trace_runs *trace_runs_new(void)
{
	return xcalloc(1, sizeof(struct trace_runs));
}

void trace_runs_free(struct trace_runs *runs)
{
	free(runs);
}

void trace_runs_note(struct trace_runs *runs, uint32_t tid)
{
	size_t at = hash_word(HASH_START, tid) % SLOTS;

	while (runs->slots[at] != 0 && runs->slots[at] != tid)
		at = (at + 1) % SLOTS;
	if (runs->slots[at] == tid || runs->count == MOST)
		return;
	runs->slots[at] = tid;
	runs->items[runs->count++].tid = tid;
}

static bool read_run(struct spool_run *item, uint32_t pid)
{
	char path[64], text[96];
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "/proc/%" PRIu32 "/task/%" PRIu32 "/schedstat", pid, item->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof text - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	return sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu32, &item->cpu_ns, &item->wait_ns,
		      &item->turns) == 3;
}

static void forget(struct trace_runs *runs)
{
	runs->count = 0;
	for (size_t i = 0; i < SLOTS; i++)
		runs->slots[i] = 0;
}

const struct spool_run *trace_runs_look(struct trace_runs *runs, uint32_t pid, uint64_t now_ns,
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
