/* SPDX-License-Identifier: MIT */
/* Running a test program under the runtime, within a time limit. */
#ifndef PPROFMK_TOOL_LAUNCH_H
#define PPROFMK_TOOL_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tool/launch/recording.h"

enum launch_end {
	LAUNCH_EXITED,	     /* status: its exit status */
	LAUNCH_SIGNALLED,    /* status: the signal */
	LAUNCH_TIME_LIMIT,   /* killed by us; every thread's stack was printed */
	LAUNCH_MEMORY_LIMIT, /* killed by us */
	LAUNCH_INTERRUPTED,  /* we were asked to stop (Ctrl-C), and it with us */
	LAUNCH_NOT_STARTED,  /* status: errno of the exec */
};

/* Who has something to do while the program runs: in our process, by our thread. */
struct launch_watch {
	void *context;
	/* The child is there, and waits to become the program until this returns. */
	void (*begin)(void *context, pid_t child);
	/* Called every `every_ns`, or a little later, as long as it runs. */
	void (*look)(void *context);
	uint64_t every_ns;
};

struct launch {
	const char *program;	/* path */
	char *const *arguments; /* after the program's name, NULL-terminated */
	const char *directory;	/* where it runs, NULL: where we do */
	char *const
		*environment; /* "NAME=VALUE" sets, "NAME" unsets; NULL-terminated; NULL: nothing */
	const struct recording *recording;
	uint64_t limit_ns; /* wall time, 0: none */
	bool shows_output; /* false: its output goes to `output_fd` */
	int shown_fd; /* where it goes that is shown: a file, which is emptied at LAUNCH_SHOWN_BYTES. 0: our own */
	int output_fd; /* for stdout and stderr, -1: /dev/null */
	uint64_t
		output_bytes; /* what `output_fd`, a file, may grow to; then it is emptied. 0: no limit */
	uint64_t memory_bytes; /* resident memory of the program, 0: no limit */
	unsigned cpus;	       /* processors that the program may use, 0: as many as we */
	const struct launch_watch *watch; /* NULL: nobody */
};

/* No test prints so much that anybody reads it, and it is memory. */
#define LAUNCH_SHOWN_BYTES (UINT64_C(64) << 20)

struct launch_result {
	enum launch_end end;
	int status;
	uint64_t wall_ns;
	uint64_t end_ns; /* CLOCK_MONOTONIC when it had ended */
	uint64_t cpu_ns; /* of the process and the children it waited for */
};

/* Run the program and wait for its end. Signals that ask us to stop end the program first and are remembered:
 * launch_interrupted(); from the first call on they are blocked in this process. The program dies with us. Context: the
 * only thread. */
struct launch_result launch(const struct launch *launch);

/* Has a signal asked us to stop? Its number, or 0. */
int launch_interrupted(void);

/* Where the runtime's libraries are: beside the tool's folder. NULL, with a message printed, when they are not
 * there or where LD_PRELOAD can't name them (it splits at spaces and colons). The caller frees it. */
char *launch_runtime(enum rec_kind kind);

#endif
