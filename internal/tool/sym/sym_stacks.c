/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_stacks.h"

#include <dirent.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tool/sym/sym.h"
#include "tool/sym/sym_maps.h"

#define MAX_FRAMES  64
#define MAX_THREADS 256
#define MAX_INLINED 16
#define LIMIT_S	    5

struct stack {
	uint64_t ips[MAX_FRAMES];
	bool exact[MAX_FRAMES]; /* the instruction itself, not where a call returns to */
	size_t len;
	bool cut;
};

struct printer {
	pid_t pid;
	FILE *out;
	Dwfl *dwfl;
	struct sym *sym;
	struct sym_maps maps;
	size_t threads, read; /* met; with at least one frame */
	int error;	      /* errno of the first thread that could not be read */
};

/* SIGALRM only has to end a wait that hangs. */
static volatile sig_atomic_t out_of_time;

static void on_alarm(int number)
{
	(void)number;
	out_of_time = 1;
}

/* Which debug files libdwfl would look for (even over the network) is no matter: names are sym.h's. */
static int find_no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			     const char *file, const char *link, GElf_Word checksum, char **found)
{
	(void)module, (void)data, (void)name, (void)base;
	(void)file, (void)link, (void)checksum, (void)found;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = find_no_debuginfo,
};

static int keep_frame(Dwfl_Frame *frame, void *argument)
{
	struct stack *stack = argument;
	Dwarf_Addr ip;
	bool exact;

	if (out_of_time || !dwfl_frame_pc(frame, &ip, &exact))
		return DWARF_CB_ABORT;
	if (stack->len == MAX_FRAMES) {
		stack->cut = true;
		return DWARF_CB_ABORT;
	}
	stack->ips[stack->len] = ip;
	stack->exact[stack->len++] = exact;
	return DWARF_CB_OK;
}

static void print_frames(struct printer *printer, size_t number, uint64_t ip, bool exact)
{
	const struct sym_map *map = sym_maps_find(&printer->maps, ip);
	struct sym_frame frames[MAX_INLINED];
	size_t count = 0;

	if (map) {
		size_t module = sym_module(printer->sym, map->path, NULL, 0);
		uint64_t offset = ip - map->start + map->offset - !exact;

		count = sym_lookup(printer->sym, module, offset, frames, MAX_INLINED);
	}
	if (count == 0)
		fprintf(printer->out, "    #%zu 0x%016" PRIx64 " %s\n", number, ip,
			map ? map->path : "[unknown]");
	for (size_t i = 0; i < count; i++) {
		fprintf(printer->out, "    #%zu 0x%016" PRIx64 " %s%s ", number, ip,
			i > 0 ? "(inlined into) " : "", frames[i].function);
		if (frames[i].line > 0)
			fprintf(printer->out, "%s:%" PRId64 "\n", frames[i].file, frames[i].line);
		else
			fprintf(printer->out, "%s\n", map->path);
	}
}

/* /proc/PID/task/TID/comm and the like; "" when it is gone. */
static void read_task(pid_t pid, pid_t tid, const char *name, char *text, size_t size)
{
	char path[96];
	FILE *file;

	text[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)pid, (int)tid, name);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(text, (int)size, file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
}

/* 'R', 'S', 'D', ...: behind the name in parentheses, which may hold anything. */
static char state_of(pid_t pid, pid_t tid)
{
	char stat[512];
	const char *behind;

	read_task(pid, tid, "stat", stat, sizeof(stat));
	behind = strrchr(stat, ')');
	return behind && behind[1] == ' ' ? behind[2] : '\0';
}

/* Why there is no stack. NULL: there may be one. */
static const char *hindrance(char state)
{
	if (out_of_time)
		return "not looked at: out of time";
	if (state == 'D')
		return "in an uninterruptible wait in the kernel: cannot be stopped to be read";
	return state == 'Z' || state == 'X' ? "has ended" : NULL;
}

static void print_thread(struct printer *printer, pid_t tid)
{
	struct stack stack = {.len = 0};
	const char *why = hindrance(state_of(printer->pid, tid));
	char name[32];

	read_task(printer->pid, tid, "comm", name, sizeof(name));
	fprintf(printer->out, "thread %d (%s):\n", (int)tid, name);
	printer->threads++;
	if (!why) {
		errno = 0;
		dwfl_getthread_frames(printer->dwfl, tid, keep_frame, &stack);
		if (stack.len == 0 && printer->error == 0)
			printer->error = errno ? errno : EIO;
		if (stack.len == 0)
			why = errno ? strerror(errno) : dwfl_errmsg(-1);
	}
	for (size_t i = 0; i < stack.len; i++)
		print_frames(printer, i, stack.ips[i], stack.exact[i]);
	if (stack.len > 0)
		printer->read++;
	if (stack.cut)
		fprintf(printer->out, "    ... and more\n");
	else if (why)
		fprintf(printer->out, "    %s\n", why);
}

/* In the order of the kernel's list: the first is the process's main thread. */
static int print_threads(struct printer *printer)
{
	const struct dirent *entry;
	char path[64];
	size_t left_out = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)printer->pid);
	folder = opendir(path);
	if (!folder)
		return -ESRCH;
	while ((entry = readdir(folder))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid <= 0)
			continue;
		if (printer->threads < MAX_THREADS)
			print_thread(printer, tid);
		else
			left_out++;
	}
	closedir(folder);
	if (left_out > 0)
		fprintf(printer->out, "... and %zu more threads\n", left_out);
	return 0;
}

/* An alarm for this thread: libdwfl waits for each thread to stop, without a limit of its own. It repeats, because
 * one signal ends one wait only. */
static bool start_alarm(timer_t *timer, struct sigaction *before)
{
	const struct itimerspec limit = {{0, 100000000}, {LIMIT_S, 0}};
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};

	out_of_time = 0;
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	/* No SA_RESTART: the wait has to end. */
	sigaction(SIGALRM, &action, before);
	if (timer_create(CLOCK_MONOTONIC, &event, timer) != 0) {
		sigaction(SIGALRM, before, NULL);
		return false;
	}
	timer_settime(*timer, 0, &limit, NULL);
	return true;
}

static void stop_alarm(timer_t timer, const struct sigaction *before)
{
	timer_delete(timer);
	sigaction(SIGALRM, before, NULL);
}

static int attach(struct printer *printer)
{
	printer->dwfl = dwfl_begin(&callbacks);
	if (!printer->dwfl)
		return -ENOMEM;
	if (dwfl_linux_proc_report(printer->dwfl, printer->pid) != 0 ||
	    dwfl_report_end(printer->dwfl, NULL, NULL) != 0 ||
	    dwfl_linux_proc_attach(printer->dwfl, printer->pid, false) != 0) {
		fprintf(printer->out, "stacks of process %d: %s\n", (int)printer->pid,
			dwfl_errmsg(-1));
		return -EIO;
	}
	return 0;
}

/* What the figures mean for the caller. */
static int conclude(const struct printer *printer)
{
	if (printer->read > 0)
		return 0;
	if (printer->error != EPERM)
		return -EIO;
	fprintf(printer->out,
		"stacks of process %d: the kernel does not let us trace it (a container without "
		"CAP_SYS_PTRACE, kernel.yama.ptrace_scope above 1, or a debugger that has it)\n",
		(int)printer->pid);
	return -EPERM;
}

int stacks_print(pid_t pid, FILE *out)
{
	struct printer printer = {.pid = pid, .out = out};
	struct sigaction before;
	timer_t timer;
	int result = sym_maps_read(&printer.maps, pid);

	if (result == -ENOENT)
		result = -ESRCH;
	if (result == 0 && !start_alarm(&timer, &before))
		result = -errno;
	if (result != 0) {
		sym_maps_free(&printer.maps);
		return result;
	}
	printer.sym = sym_open();
	result = attach(&printer);
	if (result == 0)
		result = print_threads(&printer);
	if (result == 0)
		result = conclude(&printer);
	if (printer.dwfl)
		dwfl_end(printer.dwfl);
	stop_alarm(timer, &before);
	sym_close(printer.sym);
	sym_maps_free(&printer.maps);
	return result;
}
