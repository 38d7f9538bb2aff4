/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_serve.h"

#include <pprofmk.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/environment.h"
#include "runtime/heap/heap_record.h"
#include "runtime/hook/launcher.h"
#include "runtime/live/live.h"
#include "runtime/live/live_cpu.h"
#include "runtime/live/live_recording.h"
#include "runtime/live/live_snapshot.h"
#include "runtime/live/live_stacks.h"
#include "runtime/live/live_trace.h"
#include "runtime/rt.h"

static const struct live_api api = {
	.size_bytes = sizeof(struct live_api),
	.snapshot = live_snapshot,
	.cpu_start = live_cpu_start,
	.cpu_stop = live_cpu_stop,
	.stacks = live_stacks,
	.trace_start = live_trace_start,
	.trace_stop = live_trace_stop,
	.flight = live_trace_flight,
};

static char token
	[258]; /* "": none; longer than the endpoint takes, which then does not serve, where it is cut off */
static void *library; /* libpprofmk-http.so, never unloaded: its threads may be late */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_serving; /* with the lock */

/* Beside our own file. */
static bool library_path(char path[PATH_MAX])
{
	const char *slash;
	Dl_info own;
	int folder;

	if (dladdr(&api, &own) == 0)
		return false;
	slash = strrchr(own.dli_fname, '/');
	folder = slash != NULL ? (int)(slash + 1 - own.dli_fname) : 0;
	return snprintf(path, PATH_MAX, "%.*slibpprofmk-http.so", folder, own.dli_fname) < PATH_MAX;
}

static int library_load(void)
{
	char path[PATH_MAX];

	if (library != NULL)
		return 0;
	if (!library_path(path))
		return -ENOENT;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library != NULL)
		return 0;
	rt_trouble("%s", dlerror());
	return -ENOENT;
}

static int serve(const char *address)
{
	live_http_serve *http_serve;
	int error = live_begin();

	if (error == 0)
		error = library_load();
	if (error != 0)
		return error;
	http_serve = (live_http_serve *)dlsym(library, LIVE_HTTP_SYMBOL);
	return http_serve != NULL ? http_serve(&api, address, token[0] != '\0' ? token : NULL)
				  : -ENOENT;
}

/* Threads that are started meanwhile are ours: the guard says so, and they have all signals blocked. */
int live_serve(const char *address)
{
	sigset_t all, saved;
	int error;

	if (address == NULL)
		return -EINVAL;
	/* Whoever held the lock may not be there. */
	if (live_has_begun_above())
		return -ENOTSUP;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	rt_thread.guard++;
	heap_is_ours = true;
	pthread_mutex_lock(&lock);
	error = serve(address);
	is_serving = is_serving || error == 0;
	pthread_mutex_unlock(&lock);
	heap_is_ours = false;
	rt_thread.guard--;
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return error;
}

int live_serve_stop(void)
{
	bool was_serving;

	if (!live_has_begun())
		return -EINVAL;
	rt_thread.guard++;
	heap_is_ours = true;
	pthread_mutex_lock(&lock);
	was_serving = is_serving;
	if (is_serving)
		((live_http_stop *)dlsym(library, LIVE_HTTP_STOP_SYMBOL))();
	is_serving = false;
	pthread_mutex_unlock(&lock);
	heap_is_ours = false;
	rt_thread.guard--;
	return was_serving ? 0 : -EINVAL;
}

/* Its value; "" where there is none. */
static void copy_variable(const char *name, char *value, size_t size)
{
	char **entry = environment_entry(name);

	value[0] = '\0';
	if (entry != NULL && (size_t)snprintf(value, size, "%s", *entry + strlen(name) + 1) >= size)
		rt_trouble("%s: too long", name);
}

static void serve_asked(void)
{
	char address[256];
	int error;

	copy_variable(LIVE_ENV_ADDRESS, address, sizeof address);
	environment_remove(LIVE_ENV_ADDRESS);
	environment_remove(LIVE_ENV_TOKEN);
	if (address[0] == '\0')
		return;
	error = live_serve(address);
	if (error != 0)
		rt_trouble("%s=%s: %s%s", LIVE_ENV_ADDRESS, address, strerror(-error),
			   error == -EACCES ? ": is " LIVE_ENV_TOKEN " missing?" : "");
}

/* After attach() of start.c, which has the tool's recordings. A program that serves by itself later has its token in the environment still, as
 * has whatever it starts. */
__attribute__((constructor(102))) static void begin(void)
{
	bool is_asked = environment_entry(LIVE_ENV_ADDRESS) != NULL;

	if ((!is_asked && environment_entry(LIVE_ENV_TOKEN) == NULL) || rt_rec != NULL ||
	    launcher_is_this())
		return;
	copy_variable(LIVE_ENV_TOKEN, token, sizeof token);
	if (is_asked)
		serve_asked();
}

extern __attribute__((visibility("hidden"))) const struct pprof_live_api_ live_program_api;
const struct pprof_live_api_ live_program_api = {
	.size_bytes = sizeof(struct pprof_live_api_),
	.serve = live_serve,
	.stop = live_serve_stop,
	.heap_rate = heap_rate_set,
};
