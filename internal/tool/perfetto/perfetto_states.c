/* SPDX-License-Identifier: MIT */
/* Who ran when, and who woke whom, in a Perfetto file; declared in perfetto.h.
 *
 * The rules of GenericKernelTaskStateEvent: a thread is not said to run twice in a row, and a CPU has one that runs. States come in
 * the order of time; at one moment those that leave a CPU before those that come to one. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_merge.h"
#include "tool/analysis/trace_text.h"
#include "tool/perfetto/perfetto.h"

#define STATE(name) PERFETTO__TASK_STATE__STATE__##name

/* A CPU beyond which a damaged file must not make us allocate. */
enum { CPU_MAX = 1 << 16 };

struct states {
	struct perfetto *perfetto;
	uint32_t *cpu_of;    /* [thread]: where it runs + 1, 0: nowhere */
	uint32_t *runner_of; /* [cpu]: who runs there + 1, 0: none of ours */
	uint32_t *by_end;    /* threads, in the order of their ends */
	size_t ended;	     /* of these, those that have been told */
};

static void put_state(struct states *states, uint64_t ns, uint32_t number,
		      Perfetto__TaskState__State state, uint32_t cpu)
{
	const struct trace_thread *of = trace_thread(states->perfetto->trace, number);
	const char *name = trace_string(states->perfetto->trace, of->name);
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TaskState event = PERFETTO__TASK_STATE__INIT;
	char *comm = perfetto_text(name);

	event.has_tid = event.has_state = event.has_cpu = 1;
	event.tid = of->tid;
	event.state = state;
	event.cpu = cpu == TRACE_NO_CPU ? 0 : (int32_t)cpu;
	event.comm = comm;
	packet.has_timestamp = 1;
	packet.timestamp = ns;
	packet.generic_kernel_task_state_event = &event;
	perfetto_put(states->perfetto, &packet);
	free(comm);
}

static void leave_cpu(struct states *states, uint32_t thread)
{
	if (states->cpu_of[thread])
		states->runner_of[states->cpu_of[thread] - 1] = 0;
	states->cpu_of[thread] = 0;
}

static void put_running(struct states *states, uint64_t ns, uint32_t thread, uint32_t cpu)
{
	uint32_t other = states->runner_of[cpu];

	/* On, from its own code into a system call. */
	if (states->cpu_of[thread] == cpu + 1)
		return;
	/* From one CPU to another. */
	if (states->cpu_of[thread])
		put_state(states, ns, thread, STATE(RUNNABLE), TRACE_NO_CPU);
	/* Clocks of two CPUs differ by some ns: the other one has left all the same. */
	if (other) {
		put_state(states, ns, other - 1, STATE(RUNNABLE), TRACE_NO_CPU);
		leave_cpu(states, other - 1);
	}
	leave_cpu(states, thread);
	states->cpu_of[thread] = cpu + 1;
	states->runner_of[cpu] = thread + 1;
	put_state(states, ns, thread, STATE(RUNNING), cpu);
}

static void put_item(struct states *states, const struct trace_merged *item)
{
	const struct trace_state_item *state = &item->state;
	bool is_on_cpu = state->state == TRACE_STATE_RUNNING || state->state == TRACE_STATE_SYSCALL;
	Perfetto__TaskState__State told = STATE(INTERRUPTIBLE_SLEEP);

	if (is_on_cpu && state->cpu < CPU_MAX) {
		put_running(states, item->ns, item->thread, state->cpu);
		return;
	}
	/* On a CPU that nobody knows: to name one would be a guess. */
	if (is_on_cpu || state->state == TRACE_STATE_UNKNOWN)
		told = STATE(UNKNOWN);
	else if (state->state == TRACE_STATE_RUNNABLE)
		told = STATE(RUNNABLE);
	leave_cpu(states, item->thread);
	put_state(states, item->ns, item->thread, told, TRACE_NO_CPU);
}

/* Threads that have ended by then. */
static void put_ends(struct states *states, uint64_t ns)
{
	const struct trace *trace = states->perfetto->trace;

	for (; states->ended < trace_thread_count(trace); states->ended++) {
		uint32_t thread = states->by_end[states->ended];
		const struct trace_thread *of = trace_thread(trace, thread);

		if (of->end_ns > ns)
			break;
		leave_cpu(states, thread);
		if (!of->is_alive)
			put_state(states, of->end_ns, thread, STATE(DEAD), TRACE_NO_CPU);
	}
}

/* One end of an arrow from who woke to who was woken: a moment on a thread's track. */
static void put_flow(struct perfetto *perfetto, uint64_t ns, uint32_t thread, const char *name,
		     uint32_t stack, bool is_end)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	uint64_t category = perfetto_category(perfetto, "wake");

	event.has_type = event.has_track_uuid = event.has_name_iid = 1;
	event.type = PERFETTO__TRACK_EVENT__TYPE__INSTANT;
	event.track_uuid = perfetto_thread_track(thread);
	event.name_iid = perfetto_event_name(perfetto, name);
	event.n_category_iids = 1;
	event.category_iids = &category;
	event.callstack_iid = perfetto_stack(perfetto, stack);
	event.has_callstack_iid = event.callstack_iid != 0;
	if (is_end) {
		event.n_terminating_flow_ids = 1;
		event.terminating_flow_ids = &perfetto->flow;
	} else {
		event.n_flow_ids = 1;
		event.flow_ids = &perfetto->flow;
	}
	packet.has_timestamp = 1;
	packet.timestamp = ns;
	packet.track_event = &event;
	perfetto_put(perfetto, &packet);
}

static void put_wake(struct perfetto *perfetto, const struct trace_merged *item)
{
	const struct trace_state_item *state = &item->state;
	bool is_blocked = state->state >= TRACE_STATE_MUTEX && state->state <= TRACE_STATE_BLOCKED;
	char *waker, *woken, *name;

	if (!is_blocked || !trace_thread(perfetto->trace, state->waker))
		return;
	waker = trace_text_thread(perfetto->trace, state->waker);
	woken = trace_text_thread(perfetto->trace, item->thread);
	perfetto->flow++;
	name = xasprintf("wakes %s", woken);
	put_flow(perfetto, state->end_ns, state->waker, name, state->waker_stack, false);
	free(name);
	name = xasprintf("woken by %s", waker);
	put_flow(perfetto, state->end_ns, item->thread, name, state->stack, true);
	free(name);
	free(waker);
	free(woken);
}

static const struct trace *sorted_trace;

static int by_end(const void *left, const void *right)
{
	uint64_t a = trace_thread(sorted_trace, *(const uint32_t *)left)->end_ns;
	uint64_t b = trace_thread(sorted_trace, *(const uint32_t *)right)->end_ns;

	return a < b ? -1 : a > b;
}

void perfetto_put_states(struct perfetto *perfetto)
{
	const struct trace *trace = perfetto->trace;
	size_t count = trace_thread_count(trace);
	struct states states = {.perfetto = perfetto};
	struct trace_merge *merge = trace_merge_new(trace, 1 << TRACE_STREAM_STATES, 0, UINT64_MAX);
	struct trace_merged item;

	states.cpu_of = xcalloc(count, sizeof *states.cpu_of);
	states.runner_of = xcalloc(CPU_MAX, sizeof *states.runner_of);
	states.by_end = xcalloc(count, sizeof *states.by_end);
	for (uint32_t i = 0; i < count; i++)
		states.by_end[i] = i;
	sorted_trace = trace;
	qsort(states.by_end, count, sizeof *states.by_end, by_end);
	while (trace_merge_next(merge, &item)) {
		put_ends(&states, item.ns);
		put_item(&states, &item);
		put_wake(perfetto, &item);
	}
	put_ends(&states, UINT64_MAX);
	trace_merge_free(merge);
	free(states.cpu_of);
	free(states.runner_of);
	free(states.by_end);
}
