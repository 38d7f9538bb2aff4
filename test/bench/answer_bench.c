/* SPDX-License-Identifier: MIT */
/* links: tool */
/* What naming costs a program of two busy threads: by another process, or by a thread of the program that runs the same code, both at
 * the low priority of `pprofmk answer`. The threads allocate, and map and unmap memory, which is where a thread that does the same could be in their way.
 *
 * Usage: answer_bench none|process|thread MILLISECONDS
 * Prints lines: turns (of both threads, a second), cpu_turns (a second of their CPU time, which what else the machine does changes
 * less), longest_ms (one turn), named (addresses, a second), memory_mb (RssAnon of the program at its end). */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool/sym/sym.h"

enum { THREADS = 2, BLOCKS = 16, MAP_BYTES = 64 << 10, LOT = 2000, NICE = 10 };

/* Shared by the program and the process that names for it. */
static struct shared {
	_Atomic bool is_over;
	_Atomic uint64_t named;
} * shared;

struct work {
	uint64_t turns, cpu_ns, longest_ns;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void allocate(void)
{
	void *blocks[BLOCKS];

	for (int i = 0; i < BLOCKS; i++)
		blocks[i] = memset(malloc((size_t)64 << i % 6), 1, 64);
	for (int i = 0; i < BLOCKS; i++)
		free(blocks[i]);
}

static void map(void)
{
	char *pages =
		mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t at = 0; pages != MAP_FAILED && at < MAP_BYTES; at += 4096)
		pages[at] = 1;
	munmap(pages, MAP_BYTES);
}

static void *busy(void *context)
{
	struct work *work = context;

	for (; !shared->is_over; work->turns++) {
		uint64_t begin_ns = clock_ns(CLOCK_MONOTONIC), took_ns;

		for (int i = 0; i < 64; i++)
			allocate();
		map();
		took_ns = clock_ns(CLOCK_MONOTONIC) - begin_ns;
		if (took_ns > work->longest_ns)
			work->longest_ns = took_ns;
	}
	work->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	return NULL;
}

/* What a first question costs, again and again: our own code and libc's, all over. */
static void *name(void *nothing)
{
	Dl_info own, libc;

	if (dladdr((void *)(uintptr_t)name, &own) == 0 ||
	    dladdr((void *)(uintptr_t)malloc, &libc) == 0)
		abort();
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	while (!shared->is_over) {
		struct sym *sym = sym_open();
		size_t modules[] = {sym_module(sym, own.dli_fname, NULL, 0),
				    sym_module(sym, libc.dli_fname, NULL, 0)};
		struct sym_frame frames[16];

		for (uint64_t i = 0; i < LOT && !shared->is_over; i++) {
			sym_lookup(sym, modules[i & 1], 0x30000 + i * 197, frames, 16);
			shared->named++;
		}
		sym_close(sym);
	}
	return nothing;
}

static unsigned long memory_kb(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long kb = 0;
	char line[256];

	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "RssAnon: %lu", &kb) == 1)
			break;
	fclose(status);
	return kb;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[1] : "";
	long ms = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	struct work works[THREADS] = {{0}}, sum = {0};
	pthread_t threads[THREADS], namer;
	pid_t child = 0;
	unsigned long kb;

	if (ms <= 0)
		return 2;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (strcmp(mode, "process") == 0) {
		child = fork();
		if (child == 0) {
			name(NULL);
			_exit(0);
		}
	}
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, busy, &works[i]);
	if (strcmp(mode, "thread") == 0)
		pthread_create(&namer, NULL, name, NULL);
	usleep((useconds_t)ms * 1000);
	kb = memory_kb();
	shared->is_over = true;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum.turns += works[i].turns;
		sum.cpu_ns += works[i].cpu_ns;
		if (works[i].longest_ns > sum.longest_ns)
			sum.longest_ns = works[i].longest_ns;
	}
	printf("turns %.0f\ncpu_turns %.0f\nlongest_ms %.1f\nnamed %.0f\nmemory_mb %.1f\n",
	       1e3 * (double)sum.turns / (double)ms, 1e9 * (double)sum.turns / (double)sum.cpu_ns,
	       (double)sum.longest_ns / 1e6, 1e3 * (double)shared->named / (double)ms,
	       (double)kb / 1024);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	} else if (strcmp(mode, "thread") == 0) {
		pthread_join(namer, NULL);
	}
	return 0;
}
