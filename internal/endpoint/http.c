/* SPDX-License-Identifier: MIT */
/* What libpprofmk-live.so calls: see runtime/live/live.h. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "endpoint/own_files.h"
#include "endpoint/server.h"

#define EXPORT __attribute__((visibility("default")))

/* Behind the program's threads, and yet in time when a profile is to end. */
enum { NICE = 10, STACK_BYTES = 256 << 10 };

/* A start, which both threads see until the server is ready or has failed. */
struct start {
	pthread_mutex_t lock;
	pthread_cond_t is_known;
	bool is_over;
	int error;
};

static struct {
	pid_t process; /* that serves, 0: none. A child of fork has its parent's here */
	pthread_t thread;
	struct server *server;
} serving;

static void report(struct start *start, int error)
{
	pthread_mutex_lock(&start->lock);
	start->error = error;
	start->is_over = true;
	pthread_cond_signal(&start->is_known);
	pthread_mutex_unlock(&start->lock);
}

static void on_ready(void *context)
{
	report(context, 0);
}

static void *run(void *context)
{
	struct start *start = context;
	struct server *server = serving.server;
	int error = own_files(), socket = -1;

	prctl(PR_SET_NAME, "pprof-http");
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	if (error == 0) {
		socket = address_listen(&server->address);
		error = socket < 0 ? socket : server_run(server, socket, on_ready, start);
	}
	/* Behind ready() `start` is gone; and then the server only ends when it is asked to. */
	if (error != 0)
		report(start, error);
	return NULL;
}

static int create(pthread_t *thread, struct start *start)
{
	pthread_attr_t attributes;
	int error;

	if (pthread_attr_init(&attributes) != 0)
		return -ENOMEM;
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	error = pthread_create(thread, &attributes, run, start);
	pthread_attr_destroy(&attributes);
	/* A program with much thread-local memory, which is in the stack. */
	if (error == EINVAL)
		error = pthread_create(thread, NULL, run, start);
	return -error;
}

/* Start the thread, with all signals blocked, and wait until it listens. */
static int start_thread(void)
{
	struct start start = {.lock = PTHREAD_MUTEX_INITIALIZER,
			      .is_known = PTHREAD_COND_INITIALIZER};
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = create(&serving.thread, &start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		return error;
	pthread_mutex_lock(&start.lock);
	while (!start.is_over)
		pthread_cond_wait(&start.is_known, &start.lock);
	pthread_mutex_unlock(&start.lock);
	if (start.error != 0)
		pthread_join(serving.thread, NULL);
	return start.error;
}

static int server_new(const struct live_api *api, const char *address, const char *token)
{
	struct server *server = calloc(1, sizeof *server);
	int error = server != NULL ? address_read(address, &server->address) : -ENOMEM;

	if (error == 0)
		error = access_init(&server->access, token, server->address.is_loopback);
	if (error != 0) {
		free(server);
		return error;
	}
	server->api = api;
	namer_init(&server->namer);
	serving.server = server;
	return 0;
}

EXPORT live_http_serve pprofmk_http_serve_1;
EXPORT int pprofmk_http_serve_1(const struct live_api *api, const char *address, const char *token)
{
	int error;

	if (serving.process == getpid())
		return -EBUSY;
	error = server_new(api, address, token);
	if (error != 0)
		return error;
	error = start_thread();
	if (error == 0)
		serving.process = getpid();
	else
		free(serving.server);
	return error;
}

EXPORT void pprofmk_http_stop_1(void);
EXPORT void pprofmk_http_stop_1(void)
{
	if (serving.process != getpid())
		return;
	atomic_store(&serving.server->is_over, true);
	pthread_kill(serving.thread, SERVER_SIGNAL);
	pthread_join(serving.thread, NULL);
	free(serving.server);
	serving.process = 0;
}
