/* SPDX-License-Identifier: MIT */
/* New processes, and new programs in this one. */
#include <alloca.h>
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/trace/trace.h"
#include "runtime/trace/trace_real.h"
#include "runtime/trace/trace_strings.h"
#include "runtime/trace/trace_vfork_arch.h"

static void note_child(uint64_t ticks, pid_t child, struct stack_regs regs)
{
	if (child <= 0 || !trace_is_on() || !trace_enter())
		return;
	TRACE_EVENT(TRACE_FORK, ticks, 0, trace_node(regs), (uint64_t)child);
	trace_leave();
}

RT_EXPORT pid_t fork(void)
{
	uint64_t ticks = trace_is_on() ? trace_now() : 0;
	pid_t child = trace_real.fork();

	note_child(ticks, child, stack_regs_here());
	return child;
}

/* Without the handlers of pthread_atfork, by which the child forgets the recording. */
RT_EXPORT pid_t _Fork(void)
{
	uint64_t ticks = trace_is_on() ? trace_now() : 0;
	pid_t child = trace_real._Fork();

	if (child == 0)
		trace_detach();
	note_child(ticks, child, stack_regs_here());
	return child;
}

/* The parent of a vfork waits for its child, which is in our memory: what it does until then is no event of ours. */
static RT_TLS uint64_t vfork_ticks;

/* Of vfork(); not called from C. */
void trace_vfork_begin(void);
pid_t trace_vfork_end(long result);

void trace_vfork_begin(void)
{
	vfork_ticks = trace_is_on() ? trace_now() : 0;
	rt_thread.guard++;
}

/* result: of the system call, a child or -errno. */
pid_t trace_vfork_end(long result)
{
	rt_thread.guard--;
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	note_child(vfork_ticks, (pid_t)result, stack_regs_here());
	return (pid_t)result;
}

#define SPAWN(name)                                                                                \
	RT_EXPORT int name(pid_t *restrict child, const char *restrict path,                       \
			   const posix_spawn_file_actions_t *actions,                              \
			   const posix_spawnattr_t *restrict attributes,                           \
			   char *const *restrict arguments, char *const *restrict environment)     \
	{                                                                                          \
		uint64_t ticks = trace_is_on() ? trace_now() : 0;                                  \
		pid_t made = 0;                                                                    \
		int error =                                                                        \
			trace_real.name(&made, path, actions, attributes, arguments, environment); \
                                                                                                   \
		if (error != 0)                                                                    \
			return error;                                                              \
		if (child != NULL)                                                                 \
			*child = made;                                                             \
		note_child(ticks, made, stack_regs_here());                                        \
		return 0;                                                                          \
	}

SPAWN(posix_spawn)
SPAWN(posix_spawnp)

/* A child of vfork is in our memory, and on this thread's stack: what it does is no event of ours. */
static void note_exec(const char *path, struct stack_regs regs)
{
	if (!trace_is_on() || (uint32_t)syscall(SYS_getpid) != atomic_load(&rt_rec->state.pid) ||
	    !trace_enter())
		return;
	TRACE_EVENT(TRACE_EXEC, trace_now(), 0, trace_node(regs), trace_string(path));
	trace_leave();
}

RT_EXPORT int execve(const char *path, char *const *arguments, char *const *environment)
{
	note_exec(path, stack_regs_here());
	return trace_real.execve(path, arguments, environment);
}

RT_EXPORT int execv(const char *path, char *const *arguments)
{
	note_exec(path, stack_regs_here());
	return trace_real.execv(path, arguments);
}

RT_EXPORT int execvp(const char *file, char *const *arguments)
{
	note_exec(file, stack_regs_here());
	return trace_real.execvp(file, arguments);
}

RT_EXPORT int execvpe(const char *file, char *const *arguments, char *const *environment)
{
	note_exec(file, stack_regs_here());
	return trace_real.execvpe(file, arguments, environment);
}

RT_EXPORT int fexecve(int fd, char *const *arguments, char *const *environment)
{
	note_exec("", stack_regs_here());
	return trace_real.fexecve(fd, arguments, environment);
}

/* The arguments of a list up to its NULL, and where one is asked for, the environment behind it. */
static size_t count_list(const char *first, va_list list)
{
	size_t count = 0;

	for (const char *at = first; at != NULL; at = va_arg(list, const char *))
		count++;
	return count;
}

static char *const *take_list(char **to, const char *first, va_list list, bool has_environment)
{
	size_t count = 0;

	for (const char *at = first; at != NULL; at = va_arg(list, const char *))
		to[count++] = (char *)at;
	to[count] = NULL;
	return has_environment ? va_arg(list, char *const *) : NULL;
}

/* How many there are decides how much of the stack they take, here and in the C library. */
#define LIST(environment, has_environment)                                           \
	do {                                                                         \
		va_list list_;                                                       \
		size_t count_;                                                       \
                                                                                     \
		va_start(list_, first);                                              \
		count_ = count_list(first, list_);                                   \
		va_end(list_);                                                       \
		arguments = alloca((count_ + 1) * sizeof *arguments);                \
		va_start(list_, first);                                              \
		(environment) = take_list(arguments, first, list_, has_environment); \
		va_end(list_);                                                       \
	} while (0)

RT_EXPORT int execl(const char *path, const char *first, ...)
{
	char *const *none;
	char **arguments;

	/* cppcheck-suppress allocaCalled; a child of vfork must leave nothing in our memory */
	LIST(none, false);
	(void)none;
	note_exec(path, stack_regs_here());
	return trace_real.execve(path, arguments, environ);
}

RT_EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *environment;
	char **arguments;

	/* cppcheck-suppress allocaCalled; a child of vfork must leave nothing in our memory */
	LIST(environment, true);
	note_exec(path, stack_regs_here());
	return trace_real.execve(path, arguments, environment);
}

RT_EXPORT int execlp(const char *file, const char *first, ...)
{
	char *const *none;
	char **arguments;

	/* cppcheck-suppress allocaCalled; a child of vfork must leave nothing in our memory */
	LIST(none, false);
	(void)none;
	note_exec(file, stack_regs_here());
	return trace_real.execvp(file, arguments);
}
