/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_tasks.h"

#include <stdatomic.h>

#include "runtime/trace/trace.h"

/* A task that goes on; who points at one tells by its number that it is still the same. */
struct ref {
	struct pprof_task *task; /* NULL: none */
	uint64_t number;
};

struct pprof_task {
	_Atomic uint64_t number; /* 0: free */
	uint32_t trace;
	struct ref outer; /* the task of the thread that began it, then */
};

enum { TASKS = 4096 };

static struct pprof_task tasks[TASKS];
static _Atomic uint64_t last_number;
static _Atomic uint32_t next;
static RT_TLS struct ref current;

uint64_t trace_tasks_number(const struct pprof_task *task)
{
	uint64_t number = atomic_load_explicit(&task->number, memory_order_relaxed);

	return task->trace == trace_number ? number : 0;
}

static bool is_going_on(const struct ref *ref)
{
	return ref->task != NULL && trace_tasks_number(ref->task) == ref->number;
}

uint64_t trace_tasks_current(void)
{
	if (!is_going_on(&current))
		current = (struct ref){NULL, 0};
	return current.number;
}

struct pprof_task *trace_tasks_begin(void)
{
	uint64_t number = atomic_fetch_add(&last_number, 1) + 1;
	struct ref outer = {current.task, trace_tasks_current()};

	for (uint32_t tries = 0; tries < TASKS; tries++) {
		struct pprof_task *task =
			&tasks[atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % TASKS];
		uint64_t is_free = 0;

		if (atomic_load_explicit(&task->number, memory_order_relaxed) != 0 ||
		    !atomic_compare_exchange_strong(&task->number, &is_free, number))
			continue;
		task->trace = trace_number;
		task->outer = outer.number != 0 ? outer : (struct ref){NULL, 0};
		current = (struct ref){task, number};
		return task;
	}
	return NULL;
}

void trace_tasks_end(struct pprof_task *task)
{
	if (current.task == task && is_going_on(&current))
		current = task->outer;
	atomic_store(&task->number, 0);
}

struct pprof_task *trace_tasks_use(struct pprof_task *task)
{
	struct pprof_task *before = trace_tasks_current() != 0 ? current.task : NULL;

	current = (struct ref){task, task != NULL ? trace_tasks_number(task) : 0};
	return before;
}
