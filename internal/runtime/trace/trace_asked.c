/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_asked.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/environment.h"
#include "runtime/hook/launcher.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_self.h"
#include "runtime/trace/trace_write.h"

#define TRACE_SIGNAL_ENV "PPROF_FLIGHT_SIGNAL"

static const struct unit {
	const char *text;
	uint64_t ns, bytes; /* one of them is 0 */
} units[] = {
	{"ms", 1000000, 0},
	{"s", 1000000000, 0},
	{"m", UINT64_C(60000000000), 0},
	{"h", UINT64_C(3600000000000), 0},
	{"kB", 0, 1 << 10},
	{"MB", 0, 1 << 20},
	{"GB", 0, 1 << 30},
};

/* Of a time so many bytes at most, for they may be memory. */
#define BYTES_OF_TIME (UINT64_C(256) << 20)

static bool is_between(uint64_t number, uint64_t unit, uint64_t least, uint64_t most)
{
	return number <= most / unit && number * unit >= least;
}

static bool read_limits(const char *text, struct flight_limits *limits)
{
	char *unit;
	uint64_t number = strtoul(text, &unit, 10);

	if (*text < '1' || *text > '9' || number > UINT32_MAX)
		return false;
	*limits = (struct flight_limits){UINT64_MAX, BYTES_OF_TIME};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(unit, units[i].text) != 0)
			continue;
		if (units[i].ns != 0) {
			limits->ns = number * units[i].ns;
			return is_between(number, units[i].ns, FLIGHT_NS_LEAST, FLIGHT_NS_MOST);
		}
		limits->bytes = number * units[i].bytes;
		return is_between(number, units[i].bytes, FLIGHT_BYTES_LEAST, FLIGHT_BYTES_MOST);
	}
	return false;
}

int trace_asked_fly(const char *keep)
{
	struct flight_limits limits;

	if (keep == NULL || !read_limits(keep, &limits))
		return -EINVAL;
	return trace_self_fly(&limits, NULL);
}

/* ---- From the environment */

static void on_signal(int number)
{
	(void)number;
	trace_write_soon();
}

static void take_signal(int number)
{
	struct sigaction before, ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	if (sigaction(number, NULL, &before) == 0 &&
	    ((before.sa_flags & SA_SIGINFO) != 0 || before.sa_handler != SIG_DFL))
		rt_trouble(
			"flight: the program has signal %d for itself: no trace is written at it",
			number);
	else if (sigaction(number, &ours, NULL) != 0)
		rt_trouble("flight: signal %d: %s: no trace is written at it", number,
			   strerror(errno));
}

/* Its value, taken out of the environment; "" where there is none, or it is too long. */
static void take_variable(const char *name, char value[PATH_MAX])
{
	char **entry = environment_entry(name);

	value[0] = '\0';
	if (entry == NULL)
		return;
	if (strlen(*entry) - strlen(name) - 1 < PATH_MAX)
		memcpy(value, *entry + strlen(name) + 1, strlen(*entry) - strlen(name));
	environment_remove(name);
}

static void choose_folder(void)
{
	char folder[PATH_MAX];

	take_variable("PPROF_FLIGHT_DIR", folder);
	if (folder[0] != '\0' || syscall(SYS_getcwd, folder, sizeof folder) > 0)
		trace_write_set_folder(folder);
}

static void choose_signal(void)
{
	char text[PATH_MAX], *end;
	unsigned long number;

	take_variable(TRACE_SIGNAL_ENV, text);
	number = strtoul(text, &end, 10);
	if (text[0] == '\0')
		take_signal(SIGUSR2);
	else if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > INT_MAX)
		rt_trouble("%s=%.40s: give a signal's number, like %d, or 0 for none: no trace is "
			   "written at any",
			   TRACE_SIGNAL_ENV, text, SIGUSR2);
	else if (number != 0)
		take_signal((int)number);
}

/* After attach() of start.c, which has the tool's recordings. */
__attribute__((constructor(103))) static void begin(void)
{
	char keep[PATH_MAX], file[PATH_MAX];
	struct flight_limits limits;
	int error;

	if (environment_entry(TRACE_ASKED_ENV) == NULL ||
	    (rt_rec != NULL && rt_rec->config.kind != REC_KIND_LIVE) || launcher_is_this())
		return;
	take_variable(TRACE_ASKED_ENV, keep);
	take_variable("PPROF_FLIGHT_FILE", file);
	choose_folder();
	if (keep[0] == '\0')
		return;
	error = read_limits(keep, &limits) ? trace_self_fly(&limits, file[0] != '\0' ? file : NULL)
					   : -EINVAL;
	if (error == 0)
		choose_signal();
	else if (error == -EINVAL)
		rt_trouble("%s=%s: give a time like 5s, of 10ms at least, or a size like 64MB, of "
			   "1MB at least",
			   TRACE_ASKED_ENV, keep);
	else
		rt_trouble("%s=%s: %s; there is no flight recorder", TRACE_ASKED_ENV, keep,
			   strerror(-error));
}
