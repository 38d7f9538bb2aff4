/* SPDX-License-Identifier: MIT */
/* Attaching: is this the process to record, and if so, with which recorder. */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/bench/bench_counters.h"
#include "runtime/environment.h"
#include "runtime/hook/hook.h"
#include "runtime/hook/launcher.h"
#include "runtime/loading.h"
#include "runtime/own_symbols.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"
#include "runtime/usage.h"
#include "runtime/window.h"

/* The program's file, where it has cmocka in itself; all zero otherwise. */
static struct rec_file inside;

static const struct rt_recorder recorder_none;
const struct rt_recorder *rt_recorder = &recorder_none;

/* Children and the test itself see the environment as it was without us. */
static void environment_restore(void)
{
	char **preload = environment_entry("LD_PRELOAD");
	char **before = environment_entry(REC_ENV_PRELOAD);

	/* Its value is the whole former entry, "LD_PRELOAD=...", or empty when there was none. */
	if (preload != NULL && before != NULL && (*before)[sizeof REC_ENV_PRELOAD] != '\0')
		*preload = *before + sizeof REC_ENV_PRELOAD;
	else if (preload != NULL)
		environment_remove("LD_PRELOAD");
	environment_remove(REC_ENV_PRELOAD);
	environment_remove(REC_ENV);
}

static void *map_shared(long fd, uint64_t size_bytes)
{
	void *start = (void *)syscall(SYS_mmap, NULL, size_bytes, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_NORESERVE, fd, 0L);

	return start == MAP_FAILED ? NULL : start;
}

/* The header alone: NULL when there is no recording that we understand. */
static struct rec_header *header_open(const char *path, long *fd)
{
	struct rec_header *header = NULL;

	*fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return NULL;
	header = map_shared(*fd, sizeof *header);
	if (header != NULL && (header->magic != REC_MAGIC || header->version != REC_VERSION ||
			       header->header_size != sizeof *header)) {
		syscall(SYS_munmap, header, sizeof *header);
		header = NULL;
	}
	return header;
}

/* All of the recording, or NULL with the reason left in its header. */
static struct rec_header *recording_map(long fd, struct rec_header *header)
{
	static const char no_room[] = "no room in the address space for the recording (ulimit -v?)";
	struct rec_header *rec = map_shared(fd, header->size_bytes);

	if (rec == NULL)
		memcpy(header->state.message, no_room, sizeof no_room);
	return rec;
}

/* The file of this process. It is opened where it may be read: qemu-user answers with its own to those that only look. */
static bool own_file(struct stat *status)
{
	static const char path[] = "/proc/self/exe";
	long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	long result;

	if (fd < 0)
		return syscall(SYS_newfstatat, AT_FDCWD, path, status, 0) == 0;
	result = syscall(SYS_fstat, fd, status);
	syscall(SYS_close, fd);
	return result == 0;
}

static bool runs_file(const struct rec_file *file)
{
	struct stat status;

	return file->inode != 0 && own_file(&status) && status.st_dev == file->device &&
	       status.st_ino == file->inode;
}

/* Is cmocka in this program? The tool knows it of the program that it starts, and of what libtool's wrapper will start. What
 * another script starts says it itself. */
static bool is_inside(const struct rec_file *known)
{
	if (!rec_has_entry(known->entry))
		return own_symbols_read(&inside);
	if (!runs_file(known))
		return false;
	inside = *known;
	return true;
}

/* Any other process is a shell or another launcher on the way to the program: the variables are left to its children. */
static bool is_wanted(const struct rec_config *config)
{
	switch ((enum rec_attach)config->attach) {
	case REC_ATTACH_TESTS:
		return hook_has_library() || is_inside(&config->file);
	case REC_ATTACH_FILE:
		return runs_file(&config->file);
	case REC_ATTACH_CHILD:
		return (uint32_t)syscall(SYS_getppid) == config->tool && !launcher_is_shell();
	}
	return false;
}

/* The recording that this process is to fill, NULL: none. The descriptor is not kept. */
static struct rec_header *recording_take(const char *path)
{
	struct rec_header *rec = NULL;
	uint32_t nobody = 0;
	long fd;
	struct rec_header *header = header_open(path, &fd);

	if (header == NULL) {
		environment_restore();
	} else if (is_wanted(&header->config)) {
		environment_restore();
		/* Otherwise the second program of a script: the recording is the first one's. */
		if (atomic_compare_exchange_strong(&header->state.pid, &nobody,
						   (uint32_t)syscall(SYS_getpid)))
			rec = recording_map(fd, header);
	}
	if (header != NULL)
		syscall(SYS_munmap, header, sizeof *header);
	if (fd >= 0)
		syscall(SYS_close, fd);
	return rec;
}

static void recorder_choose(void)
{
	if (rt_rec->config.kind == REC_KIND_CPU)
		rt_recorder = &rt_recorder_cpu;
	else if (rt_rec->config.kind == REC_KIND_MEM)
		rt_recorder = &rt_recorder_mem;
	else if (rt_rec->config.kind == REC_KIND_BLOCK && &rt_recorder_block != NULL)
		rt_recorder = &rt_recorder_block;
	else if (rt_rec->config.kind == REC_KIND_TRACE && &rt_recorder_trace != NULL)
		rt_recorder = &rt_recorder_trace;
	if (rt_recorder->start != NULL && !rt_recorder->start())
		rt_recorder = &recorder_none;
}

/* A forked child records nothing: the recording is its parent's. */
static void detach_in_child(void)
{
	atomic_store(&rt_window, false);
	atomic_store(&rt_waits, false);
	rt_recorder = &recorder_none;
	rt_rec = NULL;
}

/* Which runs no handlers of pthread_atfork(), and may be called in a signal handler. libpprofmk-trace.so has another. */
static pid_t (*real_fork)(void);

RT_EXPORT __attribute__((weak)) pid_t _Fork(void)
{
	pid_t child;

	if (real_fork == NULL)
		real_fork = (pid_t(*)(void))rt_real("_Fork");
	child = real_fork();
	if (child == 0)
		detach_in_child();
	return child;
}

static void record_whole(void)
{
	rt_rec->state.phase = REC_PHASE_WHOLE;
	window_open();
}

/* The window of a whole program ends with it: at exit(), whoever calls it, after its own handlers. What ends otherwise,
 * _exit() or a signal, leaves it open, which the tool sees. */
__attribute__((destructor)) static void leave(void)
{
	struct rec_state *state;

	if (rt_rec == NULL || rt_rec->config.attach == REC_ATTACH_TESTS)
		return;
	state = &rt_rec->state;
	if (atomic_load(&state->phase) != REC_PHASE_WHOLE ||
	    atomic_load(&state->pid) != (uint32_t)syscall(SYS_getpid))
		return;
	window_close();
	if (rt_recorder->test_end != NULL)
		rt_recorder->test_end(true);
	loading_note_all();
	usage_note(&(struct rusage){0});
	atomic_store(&state->phase, REC_PHASE_DONE);
}

void rt_attend_forks(void)
{
	pthread_atfork(NULL, NULL, detach_in_child);
	real_fork = (pid_t(*)(void))rt_real("_Fork");
}

static void start_recorder(void)
{
	rt_attend_forks();
	if (rt_rec->config.kind == REC_KIND_TIME) {
		bench_counters_begin();
		return;
	}
	stack_init();
	thread_init();
	recorder_choose();
	rt_thread_self();
}

/* Before other constructors where possible, so that their threads and libraries are seen. */
__attribute__((constructor(101))) static void attach(void)
{
	char **entry = environment_entry(REC_ENV);

	if (entry == NULL)
		return;
	rt_rec = recording_take(strchr(*entry, '=') + 1);
	if (rt_rec == NULL)
		return;
	rt_rec->state.phase = REC_PHASE_ATTACHED;
	if (rec_has_entry(inside.entry) && !hook_catch_inside(&inside))
		return;
	if (rt_rec->config.kind == REC_KIND_LIST)
		return;
	start_recorder();
	if (rt_rec->config.attach != REC_ATTACH_TESTS)
		record_whole();
}
