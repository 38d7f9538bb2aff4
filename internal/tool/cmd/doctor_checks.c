/* SPDX-License-Identifier: MIT */
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool/cmd/doctor.h"
#include "tool/common/deps_script.h"
#include "tool/launch/launch.h"
#include "tool/launch/program.h"
#include "tool/profile/pprof_program.h"

static struct finding finding(enum finding_grade grade, const char *fact, const char *cure)
{
	struct finding found = {.grade = grade};

	snprintf(found.fact, sizeof found.fact, "%s", fact);
	snprintf(found.cure, sizeof found.cure, "%s", cure);
	return found;
}

/* Something is not there, which the script for that installs. */
static struct finding missing(enum finding_grade grade, const char *fact, const char *need)
{
	struct finding found = finding(grade, fact, "");

	snprintf(found.cure, sizeof found.cure, "%s: `%s` installs it", need, deps_script());
	return found;
}

/* First line that a command prints, or "" when it can't be run. The command is ours, never the user's words. */
static void first_line(const char *command, char *line, size_t size)
{
	FILE *pipe = popen(command, "r");

	line[0] = '\0';
	if (pipe == NULL)
		return;
	if (fgets(line, (int)size, pipe) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	pclose(pipe);
}

static struct finding from_command(const char *command, enum finding_grade otherwise,
				   const char *need)
{
	char line[160];

	first_line(command, line, sizeof line);
	return line[0] != '\0' ? finding(FINDING_OK, line, "")
			       : missing(otherwise, "not found", need);
}

static struct finding look_compiler(void)
{
	return from_command("cc --version 2>/dev/null", FINDING_BAD, "install gcc or clang");
}

static struct finding look_cmocka(void)
{
	return from_command("pkg-config --modversion cmocka 2>/dev/null || "
			    "ls /usr/include/cmocka.h 2>/dev/null",
			    FINDING_BAD, "install libcmocka-dev (cmocka-devel)");
}

static struct finding look_dot(void)
{
	return from_command("dot -V 2>&1 | grep -i graphviz", FINDING_WARNING,
			    "the Graph view needs graphviz");
}

static struct finding look_pprof(void)
{
	char *description = pprof_program_describe();
	struct finding found = description != NULL
				       ? finding(FINDING_OK, description, "")
				       : missing(FINDING_BAD, "not found",
						 "the web UI needs pprof or Go 1.22 or later");

	free(description);
	return found;
}

static struct finding look_curl(void)
{
	const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
	char fact[160];

	snprintf(fact, sizeof fact, "%s%s%s", version->version, version->ssl_version ? ", " : "",
		 version->ssl_version ? version->ssl_version : "");
	if (version->features & CURL_VERSION_SSL)
		return finding(FINDING_OK, fact, "");
	return finding(FINDING_WARNING, fact,
		       "it was built without TLS: nothing at https:// can be asked (pprof.push)");
}

/* Can the dynamic linker find it? In a child: a second allocator is nothing to load into ourselves. */
static int is_loadable(const char *library)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(dlopen(library, RTLD_LAZY) != NULL ? 0 : 1);
	waitpid(child, &status, 0);
	return status == 0;
}

static struct finding look_tcmalloc(void)
{
	if (is_loadable("libtcmalloc_minimal.so.4"))
		return finding(FINDING_OK, "libtcmalloc_minimal.so.4", "");
	return missing(FINDING_BAD, "libtcmalloc_minimal.so.4 not found",
		       "mem needs gperftools' tcmalloc");
}

static struct finding look_profiler(void)
{
	if (is_loadable("libprofiler.so.0"))
		return finding(FINDING_OK, "libprofiler.so.0", "");
	return missing(FINDING_WARNING, "libprofiler.so.0 not found",
		       "cpu needs it where perf_event is refused");
}

static struct finding look_runtime(void)
{
	char *path = launch_runtime(REC_KIND_CPU);
	struct finding found =
		path != NULL ? finding(FINDING_OK, path, "")
			     : finding(FINDING_BAD, "not found", "run `make build` in pprof.mk");

	free(path);
	return found;
}

static struct finding look_perf_event(void)
{
	struct perf_event_attr attr;
	char level[16] = "unknown", fact[160];
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	long fd;
	int error;

	if (file != NULL && fgets(level, sizeof level, file) != NULL)
		level[strcspn(level, "\n")] = '\0';
	if (file != NULL)
		fclose(file);
	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.exclude_kernel = attr.exclude_hv = 1;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	error = errno;
	if (fd >= 0)
		close((int)fd);
	snprintf(fact, sizeof fact, "%s (perf_event_paranoid %s)",
		 fd >= 0 ? "allowed" : strerror(error), level);
	if (fd >= 0)
		return finding(FINDING_OK, fact, "");
	return finding(
		FINDING_WARNING, fact,
		"cpu falls back to gperftools' timer at the kernel's tick; allow it with sysctl "
		"kernel.perf_event_paranoid=2, in a container with --cap-add PERFMON or its "
		"seccomp profile");
}

/* The coarse clock moves with the tick. */
static struct finding look_tick(void)
{
	struct timespec resolution = {0, 1};
	char fact[64];

	clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
	snprintf(fact, sizeof fact, "%ld Hz",
		 1000000000L / (resolution.tv_nsec > 0 ? resolution.tv_nsec : 1));
	return finding(FINDING_OK, fact, "");
}

const struct check doctor_checks[] = {
	{"compiler", look_compiler}, {"cmocka", look_cmocka},	{"tcmalloc", look_tcmalloc},
	{"profiler", look_profiler}, {"runtime", look_runtime}, {"pprof", look_pprof},
	{"graphviz", look_dot},	     {"libcurl", look_curl},	{"perf_event", look_perf_event},
	{"kernel tick", look_tick},
};

const size_t doctor_check_count = sizeof doctor_checks / sizeof *doctor_checks;

struct finding doctor_program(const char *path)
{
	enum program_kind kind = program_kind(path);

	if (kind == PROGRAM_CMOCKA)
		return finding(FINDING_OK, "a cmocka program", "");
	if (kind == PROGRAM_CMOCKA_INSIDE)
		return finding(FINDING_OK, "a cmocka program, cmocka linked into it statically",
			       "");
	if (kind == PROGRAM_SCRIPT)
		return finding(FINDING_OK, "a script; what it starts is looked at when it runs",
			       "");
	return finding(FINDING_BAD, program_refusal(kind), "");
}

struct finding doctor_gperftools(const char *path)
{
	if (program_needs(path, "libtcmalloc") && program_needs(path, "libprofiler"))
		return finding(FINDING_OK, "gperftools is linked in", "");
	return finding(FINDING_WARNING, "gperftools is not linked in (it is preloaded for mem)",
		       "the linker drops -ltcmalloc_minimal -lprofiler as unused (--as-needed); "
		       "put them between "
		       "-Wl,--push-state,--no-as-needed and -Wl,--pop-state");
}
