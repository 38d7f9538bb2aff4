/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/rt.h"

#define LOOK_NS UINT64_C(1000000)

/* Whoever asks goes from FREE to FILLING to ASKED; that thread to ANSWERED; of a memfd the asker to FETCHED, and that
 * thread closes its descriptor. */
enum state { FREE, FILLING, ASKED, ANSWERED, FETCHED };

static struct {
	_Atomic int state;
	const char *path;
	struct spool_cut part;
	int result;
	uint32_t tid; /* of that thread, whose descriptor a memfd's is */
} asked;

static _Atomic bool is_answering;
static _Atomic unsigned soon; /* files that are to be written */
static unsigned written;
static char folder[PATH_MAX] = ".";

static void pass(void)
{
	struct timespec time = {0, (long)LOOK_NS};

	syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
}

/* In the caller's table. */
static int fetch(int fd)
{
	char path[64];
	int own;

	snprintf(path, sizeof path, "/proc/self/task/%u/fd/%d", asked.tid, fd);
	own = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	return own >= 0 ? own : -errno;
}

static int ask(const char *path, const struct spool_cut *part)
{
	int is_free = FREE, result;

	while (!atomic_compare_exchange_weak(&asked.state, &is_free, FILLING)) {
		if (!atomic_load(&is_answering))
			return -ENOENT;
		is_free = FREE;
		pass();
	}
	asked.path = path;
	asked.part = *part;
	atomic_store(&asked.state, ASKED);
	while (atomic_load(&asked.state) != ANSWERED) {
		if (!atomic_load(&is_answering))
			return -ENOENT;
		pass();
	}
	result = asked.result;
	if (path == NULL && result >= 0) {
		result = fetch(result);
		atomic_store(&asked.state, FETCHED);
	} else {
		atomic_store(&asked.state, FREE);
	}
	return result;
}

int trace_write(const char *path)
{
	return ask(path, &(struct spool_cut){.begin_ns = 0});
}

int trace_write_from(uint64_t from_ns, int64_t heap_bytes)
{
	return ask(NULL, &(struct spool_cut){.begin_ns = from_ns, .heap_bytes = heap_bytes});
}

void trace_write_soon(void)
{
	atomic_fetch_add(&soon, 1);
}

void trace_write_set_folder(const char *path)
{
	snprintf(folder, sizeof folder, "%s", path);
}

/* 0, and the file is there, or -errno, and nothing is. */
static int write_path(const char *path, const struct spool_cut *part, trace_write_fn *write)
{
	char temporary[PATH_MAX];
	int fd, error;

	if (snprintf(temporary, sizeof temporary, "%s.%d.tmp", path, (int)syscall(SYS_getpid)) >=
	    (int)sizeof temporary)
		return -ENAMETOOLONG;
	fd = (int)syscall(SYS_openat, AT_FDCWD, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
			  0666);
	if (fd < 0)
		return -errno;
	error = write(fd, part);
	/* A file system over a network may say only now that there is no room. */
	if (syscall(SYS_close, fd) != 0 && error == 0)
		error = -errno;
	if (error == 0 && syscall(SYS_renameat2, AT_FDCWD, temporary, AT_FDCWD, path, 0) != 0)
		error = -errno;
	if (error != 0)
		syscall(SYS_unlinkat, AT_FDCWD, temporary, 0);
	return error;
}

static int write_memory(const struct spool_cut *part, trace_write_fn *write)
{
	int fd = (int)syscall(SYS_memfd_create, "pprofmk-trace", MFD_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = write(fd, part);
	if (error == 0)
		return fd;
	syscall(SYS_close, fd);
	return error;
}

static void write_next(trace_write_fn *write)
{
	char path[PATH_MAX + 32];
	int error;

	snprintf(path, sizeof path, "%s/pprof.%d.%u.trace", folder, (int)syscall(SYS_getpid),
		 ++written);
	error = write_path(path, &(struct spool_cut){.begin_ns = 0}, write);
	if (error != 0)
		rt_trouble("flight: %s: errno %d; no trace was written", path, -error);
}

void trace_write_answer(trace_write_fn *write)
{
	if (atomic_load(&asked.state) == FETCHED) {
		syscall(SYS_close, asked.result);
		atomic_store(&asked.state, FREE);
	}
	if (atomic_load(&asked.state) == ASKED) {
		asked.tid = (uint32_t)syscall(SYS_gettid);
		asked.result = asked.path != NULL ? write_path(asked.path, &asked.part, write)
						  : write_memory(&asked.part, write);
		atomic_store(&asked.state, ANSWERED);
	}
	if (atomic_load(&soon) > 0) {
		atomic_fetch_sub(&soon, 1);
		write_next(write);
	}
}

void trace_write_begin(void)
{
	atomic_store(&asked.state, FREE);
	atomic_store(&soon, 0);
	atomic_store(&is_answering, true);
}

void trace_write_end(void)
{
	atomic_store(&is_answering, false);
}
