/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Finishing a trace: two threads on two CPUs hand a turn to each other by a mutex and a condition, and write to a file in between.
 *
 *   finish_bench FILE EVENTS
 *
 * Prints nanoseconds of CPU time an event, switches included, and bytes of the finished file an event. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "../unit/trace_double.h"

enum {
	THREADS = 2,
	NODES = 15,
	EACH = 7
}; /* events of a turn: a call, a signal, a wait, and four times a switch */

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* A stack of 15 frames, in no file. */
static void make_stacks(struct trace_double *made)
{
	struct rec_node *nodes = double_table(made, NODES, struct rec_node);

	for (uint32_t i = 1; i <= NODES; i++)
		nodes[i] = (struct rec_node){.ip = 0x1000 + 16 * i, .parent = i - 1};
	made->recording.rec->table[REC_NODES].len = NODES + 1;
}

/* The turn of a thread at a time: it comes to its CPU, calls, signals, and waits until the other one has signalled. */
static void make_turn(struct trace_double *made, uint32_t thread, uint64_t at)
{
	uint32_t tid = 100 + thread;

	double_switch(made, thread, at, tid, SPOOL_SWITCH_IN);
	double_event_at(made, thread, TRACE_WAIT, DOUBLE_ORIGIN + at + 300, 7500, NODES,
			REC_WAIT_COND, 0x1000, TRACE_OUTCOME_DONE);
	double_event_at(made, thread, TRACE_SYSCALL, DOUBLE_ORIGIN + at + 900, 450, NODES - 1,
			TRACE_CALL_WRITE, 4, varint_zigzag(64));
	double_switch(made, thread, at + 1000, tid, SPOOL_SWITCH_PREEMPTED);
	double_switch(made, thread, at + 1700, tid, SPOOL_SWITCH_IN);
	double_event_at(made, thread, TRACE_WAKE, DOUBLE_ORIGIN + at + 2000 + at % 97, 0, NODES - 2,
			TRACE_WAKE_SIGNAL, 0x1000, 0);
	double_switch(made, thread, at + 2400, tid, SPOOL_SWITCH_BLOCKED);
}

int main(int argc, char **argv)
{
	static struct trace_double made;
	uint64_t events = argc == 3 ? strtoull(argv[2], NULL, 10) : 0, turns = events / EACH;
	struct stat status;
	double start_ns;

	if (turns == 0) {
		fputs("usage: finish_bench FILE EVENTS\n", stderr);
		return 2;
	}
	double_new(&made, 8);
	make_stacks(&made);
	for (uint32_t i = 0; i < THREADS; i++)
		double_thread(&made, 100 + i, 0, 0, "thread");
	for (uint64_t i = 0; i < turns; i++)
		make_turn(&made, i % THREADS, 4000 * (i + 1) + i % 13);
	double_end_parts(&made);
	memset(made.cpus, 0, sizeof made.cpus);
	start_ns = now_ns();
	if (double_write(&made, argv[1]) != 0 || stat(argv[1], &status) != 0)
		return 1;
	printf("finish_ns %.1f\n", (now_ns() - start_ns) / (double)(turns * EACH));
	printf("event_bytes %.2f\n", (double)status.st_size / (double)(turns * EACH));
	double_free(&made);
	return 0;
}
