/* SPDX-License-Identifier: MIT */
#include "tool/launch/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool/common/memory.h"
#include "tool/common/own_folder.h"
#include "tool/launch/launch_environment.h"
#include "tool/launch/program.h"
#include "tool/sym/sym_stacks.h"
#include "tool/tool.h"

/* After a request to stop, a test has this long to go by itself. */
#define GRACE_NS UINT64_C(300000000)

/* How often a program is looked at that has a limit of memory or output. */
#define WATCH_NS UINT64_C(50000000)

static int interrupted;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Those that ask us to stop, but for what we were told to ignore: SIGHUP by nohup, SIGINT by a shell's `&`. While it is
 * blocked the kernel would keep one of these for us all the same. */
static void add_requests(sigset_t *signals)
{
	static const int requests[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction now;

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		if (sigaction(requests[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(signals, requests[i]);
}

int launch_interrupted(void)
{
	static const struct timespec at_once;
	sigset_t requests;
	int number;

	sigemptyset(&requests);
	add_requests(&requests);
	number = sigtimedwait(&requests, NULL, &at_once);
	if (number > 0)
		interrupted = number;
	return interrupted;
}

/* Block the signals that we wait for, and return the mask from before, which the programs get.
 *
 * They stay blocked to the end: a request to stop that comes while a profile is written would leave half a file and lose
 * the rest, and whoever sends one may send it twice. */
static const sigset_t *signals_block(sigset_t *signals)
{
	static sigset_t before;
	static bool is_blocked;

	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	add_requests(signals);
	if (!is_blocked)
		sigprocmask(SIG_BLOCK, signals, &before);
	is_blocked = true;
	return &before;
}

static const char *library_of(enum rec_kind kind)
{
	switch (kind) {
	case REC_KIND_BLOCK:
		return "libpprofmk-sync.so";
	case REC_KIND_TRACE:
		return "libpprofmk-trace.so";
	default:
		return "libpprofmk.so";
	}
}

char *launch_runtime(enum rec_kind kind)
{
	static const char *const folders[] = {"../lib", "../lib/pprofmk"};
	const char *name = library_of(kind);
	char *self = own_folder(), *path, *real = NULL;

	if (self == NULL) {
		tool_error("/proc is not mounted: it is needed to find the runtime");
		return NULL;
	}
	for (size_t i = 0; i < sizeof folders / sizeof *folders && real == NULL; i++) {
		path = xasprintf("%s/%s/%s", self, folders[i], name);
		real = realpath(path, NULL);
		free(path);
	}
	if (real == NULL)
		tool_error("%s is not beside %s: build it with `make build`", name, self);
	else if (strpbrk(real, " :") != NULL) {
		tool_error("%s: a path with a space or colon can't be preloaded; move pprof.mk",
			   real);
		free(real);
		real = NULL;
	}
	free(self);
	return real;
}

static char **argv_make(const struct launch *launch)
{
	size_t count = 0;
	char **argv;

	while (launch->arguments != NULL && launch->arguments[count] != NULL)
		count++;
	argv = xmalloc((count + 2) * sizeof *argv);
	/* exec does not write to them; its type is older than const. */
	argv[0] = (char *)launch->program;
	for (size_t i = 0; i <= count; i++)
		argv[i + 1] = count == 0 ? NULL : launch->arguments[i];
	return argv;
}

static void redirect_output(const struct launch *launch)
{
	int fd = launch->shows_output ? launch->shown_fd : launch->output_fd;

	if (launch->shows_output && fd == 0)
		return;
	if (fd < 0)
		fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
}

/* Every run reads the same input. A file is read again from where we got it; a pipe can be read once, which is for the run
 * whose output is shown. */
static void input_rewind(void)
{
	static off_t start = -1;
	static bool is_known;

	if (!is_known)
		start = lseek(STDIN_FILENO, 0, SEEK_CUR);
	else if (start >= 0)
		lseek(STDIN_FILENO, start, SEEK_SET);
	is_known = true;
}

static void redirect_input(const struct launch *launch)
{
	struct stat status;

	if (launch->shows_output || fstat(STDIN_FILENO, &status) != 0 ||
	    !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
		return;
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
}

/* To the first of the processors that it may use; where it may use no more than that, nothing changes. */
static void limit_cpus(unsigned cpus)
{
	cpu_set_t now, fewer;

	if (cpus == 0 || sched_getaffinity(0, sizeof now, &now) != 0)
		return;
	CPU_ZERO(&fewer);
	for (int cpu = 0; cpu < CPU_SETSIZE && (unsigned)CPU_COUNT(&fewer) < cpus; cpu++)
		if (CPU_ISSET(cpu, &now))
			CPU_SET(cpu, &fewer);
	sched_setaffinity(0, sizeof fewer, &fewer);
}

/* What become() needs. */
struct start {
	const struct launch *launch;
	char **argv, **environment;
	const sigset_t *mask;
	int report;
	int gate, gate_writer; /* what it waits for to be closed, -1: nothing; and our end of it */
	pid_t parent;
};

/* In the child, up to exec. A failure's errno goes through `report`, which closes by itself on success. */
static void become(const struct start *start)
{
	const struct launch *launch = start->launch;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != start->parent) /* it was killed before this could be asked for */
		_exit(127);
	limit_cpus(launch->cpus);
	redirect_input(launch);
	redirect_output(launch);
	sigprocmask(SIG_SETMASK, start->mask, NULL);
	if (launch->directory == NULL || chdir(launch->directory) == 0)
		execve(launch->program, start->argv, start->environment);
	if (write(start->report, &errno, sizeof errno) < 0)
		_exit(126);
	_exit(127);
}

static int start(void *argument)
{
	const struct start *start = argument;
	char none;

	if (start->gate >= 0) {
		close(start->gate_writer);
		if (read(start->gate, &none, 1) != 0)
			return 127;
	}
	become(start);
	return 127;
}

/* A child on a stack of its own in our memory, while we wait until it has become the program: to copy the page tables of a tool
 * that has read much debug information takes as long as to start a small program. One that waits for us has to have its own.
 * -1 with errno set. */
static pid_t start_child(struct start *argument)
{
	static _Alignas(64) char stack[64 << 10];
	int sharing = argument->gate >= 0 ? 0 : CLONE_VM | CLONE_VFORK;

	return clone(start, stack + sizeof stack, sharing | SIGCHLD, argument);
}

/* The same, with somebody who has to be there before it becomes the program. */
static pid_t start_watched_child(struct start *argument)
{
	const struct launch_watch *watch = argument->launch->watch;
	int gate[2], error;
	pid_t child;

	if (pipe2(gate, O_CLOEXEC) != 0)
		return -1;
	argument->gate = gate[0];
	/* Its end of the writing side would keep the gate shut for ever. */
	argument->gate_writer = gate[1];
	child = start_child(argument);
	error = errno;
	close(gate[0]);
	if (child > 0)
		watch->begin(watch->context, child);
	close(gate[1]);
	errno = error;
	return child;
}

static uint64_t timeval_ns(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

static int collect(pid_t child, struct launch_result *result)
{
	struct rusage usage;
	int status;

	if (wait4(child, &status, WNOHANG, &usage) != child)
		return 0;
	result->end_ns = now_ns();
	result->cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
	if (WIFSIGNALED(status)) {
		result->end = LAUNCH_SIGNALLED;
		result->status = WTERMSIG(status);
	} else {
		result->end = LAUNCH_EXITED;
		result->status = WEXITSTATUS(status);
	}
	return 1;
}

/* Sleep until a signal of ours or the time comes. Returns the signal, 0 when the time is up. */
static int wait_signal(const sigset_t *signals, uint64_t until_ns)
{
	for (;;) {
		uint64_t now = now_ns();
		uint64_t left = until_ns > now ? until_ns - now : 0;
		struct timespec timeout = {(time_t)(left / 1000000000u),
					   (long)(left % 1000000000u)};
		int number = sigtimedwait(signals, NULL, &timeout);

		if (number > 0)
			return number;
		if (errno == EAGAIN)
			return 0;
	}
}

/* -1 when there is no such process. */
static pid_t parent_of(pid_t pid)
{
	char path[32], line[512];
	const char *behind_name;
	FILE *file;
	int parent = -1;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	if (fgets(line, sizeof line, file) != NULL) {
		behind_name = strrchr(line, ')');
		if (behind_name == NULL || sscanf(behind_name, ") %*c %d", &parent) != 1)
			parent = -1;
	}
	fclose(file);
	return parent;
}

/* The process that the runtime is in: the child, or where that is a script, one below it. A number that means another
 * process here than in the program's namespace is the child's for us. */
static pid_t program_of(pid_t child, const struct recording *recording)
{
	pid_t attached = (pid_t)atomic_load(&recording->rec->state.pid);

	for (pid_t pid = attached; pid > 1; pid = parent_of(pid))
		if (pid == child)
			return attached;
	return child;
}

static void look(const struct launch *launch)
{
	if (launch->watch != NULL)
		launch->watch->look(launch->watch->context);
}

/* A script is left to end by itself when its program has, so that it reaps it and nothing goes on alone. */
static void end_child(pid_t child, const struct launch *launch, const sigset_t *signals,
		      struct launch_result *result)
{
	uint64_t until_ns = now_ns() + GRACE_NS;

	while (now_ns() < until_ns) {
		if (collect(child, result))
			return;
		wait_signal(signals, now_ns() + GRACE_NS / 30);
		look(launch);
	}
	kill(program_of(child, launch->recording), SIGKILL);
	kill(child, SIGKILL);
	while (!collect(child, result))
		wait_signal(signals, now_ns() + GRACE_NS);
}

/* The limit is for one run: a repeated test that goes on ending its runs gets it anew, and so has a benchmark that goes on
 * ending loops and batches of them. */
static bool has_progressed(const struct recording *recording, uint64_t *ended)
{
	uint64_t now = atomic_load(&recording->rec->state.runs) +
		       recording_len(recording, REC_BENCHES) +
		       recording_len(recording, REC_BATCHES);
	bool has = now != *ended;

	*ended = now;
	return has;
}

static void stop(pid_t child, const struct launch *launch, const sigset_t *signals,
		 enum launch_end end, struct launch_result *result)
{
	pid_t program = program_of(child, launch->recording);

	if (end == LAUNCH_TIME_LIMIT) {
		tool_error("the time limit is reached; the threads are at:");
		stacks_print(program, stderr);
	}
	/* A terminal has sent an interruption to the program as well; who sent it to us alone means both. */
	kill(program, end == LAUNCH_INTERRUPTED ? SIGTERM : SIGKILL);
	end_child(child, launch, signals, result);
	result->end = end;
}

static bool is_too_large(pid_t child, const struct launch *launch)
{
	return launch->memory_bytes != 0 &&
	       memory_resident(program_of(child, launch->recording)) > launch->memory_bytes;
}

/* The file is open for appending: what is written next is at its beginning. */
static void limit_file(int fd, uint64_t most_bytes)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && (uint64_t)status.st_size > most_bytes &&
	    ftruncate(fd, 0) != 0)
		tool_error("the program's output can't be cut: %s", strerror(errno));
}

static void limit_output(const struct launch *launch)
{
	if (launch->output_bytes != 0)
		limit_file(launch->output_fd, launch->output_bytes);
	if (launch->shown_fd != 0)
		limit_file(launch->shown_fd, LAUNCH_SHOWN_BYTES);
}

/* How often the program is to be looked at, 0: never. */
static uint64_t watch_ns(const struct launch *launch)
{
	if (launch->watch != NULL)
		return launch->watch->every_ns;
	return launch->memory_bytes != 0 || launch->output_bytes != 0 || launch->shown_fd != 0
		       ? WATCH_NS
		       : 0;
}

static void wait_child(pid_t child, const struct launch *launch, const sigset_t *signals,
		       struct launch_result *result)
{
	uint64_t every_ns = watch_ns(launch);
	uint64_t until_ns = launch->limit_ns != 0 ? now_ns() + launch->limit_ns : UINT64_MAX;
	uint64_t ended = 0;

	while (!collect(child, result)) {
		uint64_t look_ns = every_ns != 0 ? now_ns() + every_ns : UINT64_MAX;
		int number = wait_signal(signals, look_ns < until_ns ? look_ns : until_ns);

		if (number == SIGCHLD)
			continue;
		if (number != 0) {
			interrupted = number;
			stop(child, launch, signals, LAUNCH_INTERRUPTED, result);
			return;
		}
		look(launch);
		limit_output(launch);
		if (is_too_large(child, launch)) {
			stop(child, launch, signals, LAUNCH_MEMORY_LIMIT, result);
			return;
		}
		if (now_ns() < until_ns)
			continue;
		if (!has_progressed(launch->recording, &ended)) {
			stop(child, launch, signals, LAUNCH_TIME_LIMIT, result);
			return;
		}
		until_ns = now_ns() + launch->limit_ns;
	}
}

/* Is tcmalloc to be preloaded, whose hooks tell of the heap? Where it may not be, the recording says why: mem is refused then,
 * and a trace lacks the heap's size. */
static bool wants_tcmalloc(const struct launch *launch)
{
	struct rec_header *rec = launch->recording->rec;
	const char *call;

	if (rec->config.kind != REC_KIND_MEM && rec->config.kind != REC_KIND_TRACE)
		return false;
	call = program_allocator_call(launch->program);
	if (call == NULL)
		return true;
	snprintf(
		rec->state.message, sizeof rec->state.message,
		rec->config.kind == REC_KIND_MEM
			? "mem: the program calls %s, of an allocator that tcmalloc can't stand in "
			  "for; no mem profile (the allocator's own profiler may have one)"
			: "heap: the program calls %s, of an allocator that tcmalloc can't stand "
			  "in "
			  "for; its size is not known",
		call);
	return false;
}

struct launch_result launch(const struct launch *launch)
{
	struct launch_result result = {.end = LAUNCH_NOT_STARTED, .status = ENOENT};
	char **environment = launch_environment(launch, wants_tcmalloc(launch));
	uint64_t start_ns = now_ns();
	const sigset_t *before;
	sigset_t signals;
	char **argv;
	struct start how;
	int report[2], error;
	pid_t child;

	if (environment == NULL)
		return result;
	argv = argv_make(launch);
	if (launch->recording->rec->config.attach == REC_ATTACH_TESTS)
		program_file(launch->program, &launch->recording->rec->config.file);
	before = signals_block(&signals);
	fflush(NULL);
	input_rewind();
	if (pipe2(report, O_CLOEXEC) != 0) {
		result.status = errno;
		goto out;
	}
	how = (struct start){launch, argv, environment, before, report[1], -1, -1, getpid()};
	child = launch->watch != NULL ? start_watched_child(&how) : start_child(&how);
	error = errno;
	close(report[1]);
	if (child < 0) {
		result.status = error;
	} else if (read(report[0], &error, sizeof error) == (ssize_t)sizeof error) {
		waitpid(child, NULL, 0);
		result.status = error;
	} else {
		wait_child(child, launch, &signals, &result);
	}
	close(report[0]);
out:
	free(argv);
	launch_environment_free(environment);
	result.wall_ns = now_ns() - start_ns;
	return result;
}
