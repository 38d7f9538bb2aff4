/* SPDX-License-Identifier: MIT */
/* Attaching: is this the process to record, and if so, with which recorder. */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/bench_counters.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"

extern char **environ;

static const struct rt_recorder recorder_none;
const struct rt_recorder *rt_recorder = &recorder_none;

/* The environment is searched and changed in place: getenv and setenv may be mocks, and setenv allocates. */
static char **environment_entry(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return entry;
	return NULL;
}

static void environment_remove(const char *name)
{
	char **entry = environment_entry(name);

	for (; entry != NULL && *entry != NULL; entry++)
		entry[0] = entry[1];
}

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

/* All of the recording, or NULL with the reason left in its header, where there is one that we understand. */
static struct rec_header *recording_map(long fd, struct rec_header *header)
{
	static const char no_room[] = "no room in the address space for the recording (ulimit -v?)";
	struct rec_header *rec;

	if (header->magic != REC_MAGIC || header->version != REC_VERSION ||
	    header->header_size != sizeof *header)
		return NULL;
	rec = map_shared(fd, header->size_bytes);
	if (rec == NULL)
		memcpy(header->state.message, no_room, sizeof no_room);
	return rec;
}

static struct rec_header *recording_open(const char *path)
{
	struct rec_header *header, *rec = NULL;
	long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	header = map_shared(fd, sizeof *header);
	if (header != NULL) {
		rec = recording_map(fd, header);
		syscall(SYS_munmap, header, sizeof *header);
	}
	syscall(SYS_close, fd);
	return rec;
}

static void recorder_choose(void)
{
	/* The block kind's recorder are the wrappers of libpprofmk-sync.so, which need no start. */
	if (rt_rec->config.kind == REC_KIND_CPU)
		rt_recorder = &rt_recorder_cpu;
	else if (rt_rec->config.kind == REC_KIND_MEM)
		rt_recorder = &rt_recorder_mem;
	if (rt_recorder->start != NULL && !rt_recorder->start())
		rt_recorder = &recorder_none;
}

/* A forked child records nothing: the recording is its parent's. */
static void detach_in_child(void)
{
	atomic_store(&rt_window, false);
	rt_recorder = &recorder_none;
	rt_rec = NULL;
}

/* Before other constructors where possible, so that their threads and libraries are seen. */
__attribute__((constructor(101))) static void attach(void)
{
	char **entry = environment_entry(REC_ENV);
	uint32_t nobody = 0;

	/* A program without cmocka is a shell or another launcher on the way to the test program: leave the
	 * variables to its children. */
	if (entry == NULL || rt_real("_cmocka_run_group_tests") == NULL)
		return;
	rt_rec = recording_open(strchr(*entry, '=') + 1);
	environment_restore();
	if (rt_rec == NULL)
		return;
	/* The second test program of a script: the recording is the first one's. */
	if (!atomic_compare_exchange_strong(&rt_rec->state.pid, &nobody,
					    (uint32_t)syscall(SYS_getpid))) {
		rt_rec = NULL;
		return;
	}
	rt_rec->state.phase = REC_PHASE_ATTACHED;
	if (rt_rec->config.kind == REC_KIND_LIST)
		return;
	pthread_atfork(NULL, NULL, detach_in_child);
	if (rt_rec->config.kind == REC_KIND_TIME) {
		bench_counters_begin();
		return;
	}
	stack_init();
	thread_init();
	recorder_choose();
	rt_thread_self();
}
