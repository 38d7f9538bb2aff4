/* SPDX-License-Identifier: MIT */
/* Wrappers of calls whose last argument may be missing: open and its like, ioctl, and fcntl for locks of files; and of popen, which
 * has no -1. See trace_real.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "runtime/sync/sync_wait.h"
#include "runtime/trace/trace_fds.h"
#include "runtime/trace/trace_real.h"
#include "runtime/trace/trace_wait.h"

/* What headers declare only for fortified callers. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

static int64_t traced(int result)
{
	return result == -1 ? -(int64_t)errno : result;
}

#define TRACED(result, call, fd, expression)                                   \
	do {                                                                   \
		struct stack_regs regs_ = stack_regs_here();                   \
		struct trace_wait wait_;                                       \
                                                                               \
		trace_call_begin(&wait_, TRACE_CALL_##call, fd, regs_, false); \
		(result) = (expression);                                       \
		trace_call_end(&wait_, traced(result), regs_);                 \
	} while (0)

/* name: of the function that is wrapped; at: what stands before the path; passed: the same, as arguments. */
#define OPEN(name, at, passed)                                                       \
	RT_EXPORT int name(at const char *path, int flags, ...)                      \
	{                                                                            \
		va_list rest;                                                        \
		mode_t mode;                                                         \
		int result;                                                          \
                                                                                     \
		va_start(rest, flags);                                               \
		mode = va_arg(rest, mode_t);                                         \
		va_end(rest);                                                        \
		if (rt_likely(!sync_is_on()))                                        \
			return trace_real.name(passed path, flags, mode);            \
		TRACED(result, OPEN, -1, trace_real.name(passed path, flags, mode)); \
		trace_fd_opened(result);                                             \
		return result;                                                       \
	}

#define OPEN_CHECKED(name, at, passed)                                         \
	RT_EXPORT int name(at const char *path, int flags)                     \
	{                                                                      \
		int result;                                                    \
                                                                               \
		if (rt_likely(!sync_is_on()))                                  \
			return trace_real.name(passed path, flags);            \
		TRACED(result, OPEN, -1, trace_real.name(passed path, flags)); \
		trace_fd_opened(result);                                       \
		return result;                                                 \
	}

#define NOTHING
#define FOLDER	   int folder,
#define THE_FOLDER folder,

OPEN(open, NOTHING, NOTHING)
OPEN(open64, NOTHING, NOTHING)
OPEN(openat, FOLDER, THE_FOLDER)
OPEN(openat64, FOLDER, THE_FOLDER)
OPEN_CHECKED(__open_2, NOTHING, NOTHING)
OPEN_CHECKED(__open64_2, NOTHING, NOTHING)
OPEN_CHECKED(__openat_2, FOLDER, THE_FOLDER)
OPEN_CHECKED(__openat64_2, FOLDER, THE_FOLDER)

#define FCNTL(name)                                                                               \
	RT_EXPORT int name(int fd, int command, ...)                                              \
	{                                                                                         \
		va_list rest;                                                                     \
		void *argument;                                                                   \
		int result;                                                                       \
                                                                                                  \
		va_start(rest, command);                                                          \
		argument = va_arg(rest, void *);                                                  \
		va_end(rest);                                                                     \
		if (rt_likely(!sync_is_on() || (command != F_SETLKW && command != F_OFD_SETLKW))) \
			result = trace_real.name(fd, command, argument);                          \
		else                                                                              \
			TRACED(result, LOCK, fd, trace_real.name(fd, command, argument));         \
		if (command == F_SETFL)                                                           \
			trace_fd_forget(fd);                                                      \
		return result;                                                                    \
	}

FCNTL(fcntl)
FCNTL(fcntl64)

RT_EXPORT int ioctl(int fd, unsigned long request, ...)
{
	va_list rest;
	void *argument;
	int result;

	va_start(rest, request);
	argument = va_arg(rest, void *);
	va_end(rest);
	if (rt_likely(!sync_is_on()))
		return trace_real.ioctl(fd, request, argument);
	TRACED(result, IOCTL, fd, trace_real.ioctl(fd, request, argument));
	if (request == FIONBIO)
		trace_fd_forget(fd);
	return result;
}

RT_EXPORT FILE *popen(const char *command, const char *mode)
{
	struct stack_regs regs;
	struct trace_wait wait;
	FILE *stream;

	if (rt_likely(!sync_is_on()))
		return trace_real.popen(command, mode);
	regs = stack_regs_here();
	trace_call_begin(&wait, TRACE_CALL_POPEN, -1, regs, true);
	stream = trace_real.popen(command, mode);
	trace_call_end(&wait, stream != NULL ? fileno(stream) : -(int64_t)errno, regs);
	return stream;
}
