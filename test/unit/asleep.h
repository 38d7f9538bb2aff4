/* SPDX-License-Identifier: MIT */
/* Whether a thread sleeps, as the kernel says: a test that wants one to wait looks for that and does not guess how long it takes to get
 * there. Who has said that it is about to wait, and sleeps, waits. Included by one file of a program. */
#ifndef PPROFMK_TEST_ASLEEP_H
#define PPROFMK_TEST_ASLEEP_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

/* A minute, of a millisecond each; a test program has several in all (run.sh). */
#define ASLEEP_TRIES 60000

static bool is_asleep(pid_t tid)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S';
}

static void await_asleep(pid_t tid)
{
	const struct timespec moment = {0, 1000000};

	for (int tries = 0; !is_asleep(tid); tries++) {
		if (tries == ASLEEP_TRIES)
			fail_msg("thread %d does not sleep", tid);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
	}
}

#endif
