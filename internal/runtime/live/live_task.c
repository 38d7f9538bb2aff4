/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_task.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool read_file(uint32_t tid, const char *file, char *text, size_t size)
{
	char path[64];
	long fd, length;

	text[0] = '\0';
	snprintf(path, sizeof path, "/proc/self/task/%u/%s", tid, file);
	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = syscall(SYS_read, fd, text, size - 1);
	syscall(SYS_close, fd);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

/* Where the kernel keeps no account of turns, what it says of the call has to do. */
bool live_task_look(uint32_t tid, struct live_task *task)
{
	bool has_turns = read_file(tid, "schedstat", task->ran, sizeof task->ran);

	return read_file(tid, "syscall", task->where, sizeof task->where) || has_turns;
}

/* The last two numbers of the line: "35 0x1 0x0 ... 0x7ffd8 0x7f2a1", or "-1 0x7ffd8 0x7f2a1" outside a call. */
bool live_task_where(const struct live_task *task, struct stack_regs *regs)
{
	const char *pc = strrchr(task->where, ' '), *sp;

	if (pc == NULL)
		return false;
	for (sp = pc; sp > task->where && sp[-1] != ' ';)
		sp--;
	*regs = (struct stack_regs){.pc = strtoul(pc, NULL, 16), .sp = strtoul(sp, NULL, 16)};
	return regs->pc != 0 && regs->sp != 0;
}

bool live_task_is_same(const struct live_task *a, const struct live_task *b)
{
	return strcmp(a->where, b->where) == 0 && strcmp(a->ran, b->ran) == 0;
}

void live_task_name(uint32_t tid, char name[16])
{
	size_t length;

	memset(name, 0, 16);
	if (!read_file(tid, "comm", name, 16))
		return;
	length = strlen(name);
	if (length > 0 && name[length - 1] == '\n')
		name[length - 1] = '\0';
}
