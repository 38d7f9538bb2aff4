/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_wait.h"

#include <errno.h>
#include <string.h>

#include "runtime/trace/trace.h"
#include "runtime/trace/trace_fds.h"

/* A call of less has not been slow: its stack is left out. To take it costs some 50 ns, a per cent of this. */
#define SLOW_NS UINT64_C(5000)

/* After so long the kernel is asked again what the descriptor is, which takes 0.2 us. */
#define ASK_NS UINT64_C(50000)

/* What this thread is in. By value: the frame that it was begun in may be gone. */
static RT_TLS struct trace_doing now_doing;

/* Stored so that a reader of a killed program's finds all of it or nothing. */
static void show(const struct trace_doing *doing)
{
	struct rec_trace_thread *item = trace_thread.item;

	atomic_store_explicit(&item->now_type, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	if (doing->start_ticks == 0)
		return;
	item->now_node = doing->node;
	item->now_ticks = doing->start_ticks;
	memcpy(item->now_arguments, doing->arguments, sizeof item->now_arguments);
	atomic_store_explicit(&item->now_type, doing->type, memory_order_release);
}

static void write_event(const struct trace_doing *doing, uint64_t end, uint64_t third)
{
	const uint64_t arguments[TRACE_ARGUMENT_MAX] = {doing->arguments[0], doing->arguments[1],
							third};
	uint64_t duration = end > doing->start_ticks ? end - doing->start_ticks : 0;

	if (doing->type == TRACE_WAIT)
		trace_event(TRACE_WAIT, end, duration, doing->node, arguments);
	else
		trace_event(TRACE_SYSCALL, end, duration, doing->node, arguments);
}

/* Whoever gave up is forgotten, too: nobody is charged with waiting here, and a wake that finds nobody is none. */
static void leave_object(struct trace_doing *doing, uint64_t now)
{
	if (doing->contention != NULL)
		contention_leave(doing->contention, doing->start_ticks, now, false);
	doing->contention = NULL;
}

/* The one that the thread is in is over, and nobody said how. Context: inside. */
static void abandon(uint64_t now)
{
	uint64_t third =
		now_doing.type == TRACE_WAIT ? TRACE_OUTCOME_CANCELLED : varint_zigzag(-ECANCELED);

	leave_object(&now_doing, now);
	if (now_doing.trace == trace_number && trace_is_on())
		write_event(&now_doing, now, third);
	now_doing.start_ticks = 0;
}

void trace_wait_abandon(uint64_t now)
{
	if (now_doing.start_ticks != 0)
		abandon(now);
	now_doing.start_ticks = 0;
	show(&now_doing);
}

static bool is_on_stack(const void *at)
{
	return (uintptr_t)at >= rt_thread.stack_low && (uintptr_t)at < rt_thread.stack_high;
}

/* Whether the noted one was left. Stacks grow downward: a call whose frame is above the noted one's can't be in its middle.
 * Another stack's (a signal's, a coroutine's) says nothing. */
static bool is_left(const void *frame)
{
	return (uintptr_t)frame >= (uintptr_t)now_doing.frame && is_on_stack(frame) &&
	       is_on_stack(now_doing.frame);
}

/* Context: inside. */
static void begin(struct trace_wait *wait, const void *object, const struct stack_regs *regs)
{
	struct trace_doing *own = &wait->own;

	own->trace = trace_number;
	own->frame = wait;
	if (now_doing.start_ticks != 0 && is_left(wait))
		abandon(trace_now());
	wait->outer = now_doing;
	own->start_ticks = trace_now();
	if (object != NULL)
		own->contention = contention_enter(object, 0, own->start_ticks);
	if (regs != NULL)
		own->node = trace_node(*regs);
	now_doing = *own;
	show(own);
}

/* False: there is nothing to write; and no trace_leave() then. */
static bool end(struct trace_wait *wait, uint64_t now)
{
	if (now_doing.frame == wait->own.frame)
		now_doing = wait->outer;
	leave_object(&wait->own, now);
	if (!trace_enter_if(&trace_waits))
		return false;
	if (now_doing.trace == trace_number || now_doing.start_ticks == 0)
		show(&now_doing);
	if (trace_is_on() && wait->own.trace == trace_number)
		return true;
	trace_leave();
	return false;
}

void trace_wait_begin(struct trace_wait *wait, uint32_t kind, const void *object,
		      struct stack_regs regs)
{
	int saved = errno;

	wait->own.start_ticks = 0;
	if (!trace_enter_if(&trace_waits))
		return;
	wait->own = (struct trace_doing){.type = TRACE_WAIT,
					 .arguments = {kind, (uint64_t)(uintptr_t)object}};
	begin(wait, object, &regs);
	trace_leave();
	errno = saved;
}

void trace_wait_end(struct trace_wait *wait, bool has_waited, enum trace_outcome outcome)
{
	int saved = errno;
	uint64_t now;

	if (wait->own.start_ticks == 0)
		return;
	now = trace_now();
	if (end(wait, now)) {
		if (has_waited)
			write_event(&wait->own, now, outcome);
		trace_leave();
	}
	errno = saved;
}

/* Calls that files and sockets have. */
static bool is_of_any(enum trace_call call)
{
	return call == TRACE_CALL_READ || call == TRACE_CALL_WRITE || call == TRACE_CALL_COPY ||
	       call == TRACE_CALL_NETWORK_READ || call == TRACE_CALL_NETWORK_WRITE ||
	       call == TRACE_CALL_NETWORK_COPY;
}

static enum trace_call call_of(enum trace_call call, enum trace_fd fd)
{
	switch (call) {
	case TRACE_CALL_READ:
	case TRACE_CALL_NETWORK_READ:
		return fd == TRACE_FD_SOCKET ? TRACE_CALL_NETWORK_READ : TRACE_CALL_READ;
	case TRACE_CALL_WRITE:
	case TRACE_CALL_NETWORK_WRITE:
		return fd == TRACE_FD_SOCKET ? TRACE_CALL_NETWORK_WRITE : TRACE_CALL_WRITE;
	case TRACE_CALL_COPY:
	case TRACE_CALL_NETWORK_COPY:
		return fd == TRACE_FD_SOCKET ? TRACE_CALL_NETWORK_COPY : TRACE_CALL_COPY;
	default:
		return call;
	}
}

/* Calls that a socket's O_NONBLOCK keeps from waiting. */
static bool is_of_socket(enum trace_call call)
{
	return call == TRACE_CALL_NETWORK_READ || call == TRACE_CALL_NETWORK_WRITE ||
	       call == TRACE_CALL_RECEIVE || call == TRACE_CALL_ACCEPT ||
	       call == TRACE_CALL_CONNECT;
}

/* May it last for ever? Then its stack can't be taken at its end. A flight recorder is on all the time, and the server that has one makes
 * such calls by the hundred thousand: there it is worth a look whether they wait at all. */
static bool is_endless(enum trace_call call, int fd, enum trace_fd kind, bool waits)
{
	if (!waits && kind < TRACE_FD_STREAM)
		return false;
	return !rt_rec->config.trace.is_flight || !is_of_socket(call) || !trace_fd_never_waits(fd);
}

void trace_call_begin(struct trace_wait *wait, enum trace_call call, int fd, struct stack_regs regs,
		      bool waits)
{
	enum trace_fd kind;
	int saved = errno;

	wait->own.start_ticks = 0;
	if (!trace_enter_if(&trace_waits))
		return;
	kind = is_of_any(call) ? trace_fd_known(fd) : TRACE_FD_UNKNOWN;
	if (call == TRACE_CALL_CLOSE)
		trace_fd_forget(fd);
	call = call_of(call, kind);
	wait->own = (struct trace_doing){.type = TRACE_SYSCALL,
					 .arguments = {call, (uint64_t)((int64_t)fd + 1)}};
	begin(wait, NULL, is_endless(call, fd, kind, waits) ? &regs : NULL);
	trace_leave();
	errno = saved;
}

/* A call that has been slow: where it was made, and of what. */
static void look_closer(struct trace_doing *own, uint64_t ticks, struct stack_regs regs)
{
	enum trace_call call = (enum trace_call)own->arguments[0];

	if (own->node == 0)
		own->node = trace_node(regs);
	if (is_of_any(call) && own->arguments[1] != 0 && ticks >= trace_ticks_of_ns(ASK_NS))
		own->arguments[0] = call_of(call, trace_fd_ask((int)own->arguments[1] - 1));
}

void trace_call_end(struct trace_wait *wait, int64_t result, struct stack_regs regs)
{
	int saved = errno;
	struct trace_doing *own = &wait->own;
	uint64_t now;

	if (own->start_ticks == 0)
		return;
	now = trace_now();
	if (end(wait, now)) {
		if (now - own->start_ticks >= trace_ticks_of_ns(SLOW_NS))
			look_closer(own, now - own->start_ticks, regs);
		write_event(own, now, varint_zigzag(result));
		trace_leave();
	}
	errno = saved;
}

void trace_wake(enum trace_wake how, const void *object, uint64_t ticks, struct stack_regs regs)
{
	int saved = errno;

	if (!trace_is_on() || !trace_enter())
		return;
	TRACE_EVENT(TRACE_WAKE, ticks, 0, trace_node(regs), how, (uint64_t)(uintptr_t)object);
	trace_leave();
	errno = saved;
}
