/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_threads.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/thread.h"
#include "runtime/trace/trace_strings.h"

/* Held for some nanoseconds, never in a signal handler: the guard keeps those out. */
static atomic_flag lock = ATOMIC_FLAG_INIT;
static struct trace_thread *first;

static uint32_t met_count; /* items of TRACE_THREADS that trace_threads_meet() has made */

static void take(void)
{
	while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire))
		syscall(SYS_sched_yield);
}

static void give(void)
{
	atomic_flag_clear_explicit(&lock, memory_order_release);
}

void trace_threads_add(struct trace_thread *self)
{
	take();
	self->before = NULL;
	self->next = first;
	if (first != NULL)
		first->before = self;
	first = self;
	self->is_listed = true;
	give();
}

void trace_threads_remove(struct trace_thread *self)
{
	take();
	if (self->before != NULL)
		self->before->next = self->next;
	else
		first = self->next;
	if (self->next != NULL)
		self->next->before = self->before;
	self->is_listed = false;
	give();
}

bool trace_threads_are_inside(void)
{
	bool are = false;

	take();
	for (const struct trace_thread *thread = first; thread != NULL && !are;
	     thread = thread->next)
		are = thread != &trace_thread &&
		      atomic_load_explicit(&thread->inside, memory_order_acquire) != 0;
	give();
	return are;
}

void trace_threads_forget(void)
{
	give();
	first = NULL;
	trace_thread.is_listed = false;
}

static void name_of(uint32_t tid, char name[16])
{
	char path[64];
	long fd, length;

	name[0] = '\0';
	snprintf(path, sizeof path, "/proc/self/task/%u/comm", tid);
	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = syscall(SYS_read, fd, name, (size_t)16);
	name[length > 0 ? length - 1 : 0] = '\0';
	syscall(SYS_close, fd);
}

static void meet(uint32_t tid)
{
	uint32_t number = thread_is_own(tid) ? UINT32_MAX : rt_append(REC_TRACE_THREADS);
	struct rec_trace_thread *item;
	char name[16];

	if (number == UINT32_MAX)
		return;
	item = &rt_table(TRACE_THREADS, struct rec_trace_thread)[number];
	name_of(tid, name);
	item->start_ticks = trace_now();
	atomic_store(&item->name, trace_string(name));
	item->tid = tid;
	met_count = number + 1;
}

struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

void trace_threads_each(void (*call)(uint32_t tid))
{
	_Alignas(8) char buffer[4096];
	long fd = syscall(SYS_openat, AT_FDCWD, "/proc/self/task",
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long length;

	if (fd < 0)
		return;
	while ((length = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
		const struct entry *entry;

		for (long at = 0; at < length; at += entry->size) {
			entry = (const struct entry *)(const void *)(buffer + at);
			if (entry->name[0] != '.')
				call((uint32_t)strtoul(entry->name, NULL, 10));
		}
	}
	syscall(SYS_close, fd);
}

void trace_threads_meet(void)
{
	met_count = 0;
	trace_threads_each(meet);
}

void trace_threads_begin(void)
{
	struct rec_trace_thread *items = rt_table(TRACE_THREADS, struct rec_trace_thread);
	uint64_t ticks = trace_now();

	for (uint32_t i = 0; i < met_count; i++)
		if (items[i].tid != 0)
			items[i].start_ticks = ticks;
}

struct rec_trace_thread *trace_threads_met(uint32_t tid)
{
	struct rec_trace_thread *items = rt_table(TRACE_THREADS, struct rec_trace_thread);

	for (uint32_t i = 0; i < met_count; i++)
		if (__atomic_load_n(&items[i].tid, __ATOMIC_RELAXED) == tid &&
		    __atomic_load_n(&items[i].handle, __ATOMIC_RELAXED) == 0)
			return &items[i];
	return NULL;
}
