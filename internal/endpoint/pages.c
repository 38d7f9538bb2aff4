/* SPDX-License-Identifier: MIT */
#include "endpoint/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "endpoint/cmdline.h"
#include "endpoint/index.h"
#include "endpoint/query.h"

#define NS_PER_S 1000000000.0

/* Of what Go takes, as its own: samples a second, and how long where the request does not say. */
enum { CPU_HZ = 100, CPU_SECONDS = 30, TRACE_SECONDS = 1 };

/* Go takes any number; a scraper that was told a wrong one would keep us busy for years. */
enum { SECONDS_MAX = 3600 };

/* Threads that are asked for their stack have so long to answer: one that is stopped never does. */
enum { STACKS_PATIENCE_MS = 200 };

#define TYPE_BYTES "application/octet-stream"
#define TYPE_HTML  "text/html; charset=utf-8"

static const char *const kind_names[] = {
#define X(id, name) [ANSWER_##id] = (name),
	ANSWER_KINDS(X)
#undef X
};

/* Keep a descriptor for the question: the newest first. */
static void keep(struct request *request, int fd)
{
	if (request->question.fd_count > 0)
		request->fds[1] = request->fds[0];
	request->fds[0] = fd;
	request->question.fd_count++;
}

static void ask(const struct page *page, struct request *request)
{
	request->step = REQUEST_QUEUED;
	request->question.magic = ANSWER_MAGIC;
	request->question.size_bytes = sizeof request->question;
	request->question.kind = page->kind;
}

static void wait_for(struct request *request, double seconds)
{
	request->step = REQUEST_WAITING;
	request->deadline_ns = server_now_ns() + (uint64_t)(seconds * NS_PER_S);
}

static void as_file(struct request *request, const char *name, const char *suffix)
{
	request->status = MHD_HTTP_OK;
	request->type = TYPE_BYTES;
	snprintf(request->name, sizeof request->name, "%s%s", name, suffix);
}

static bool is_too_long(struct request *request, double seconds)
{
	if (seconds <= SECONDS_MAX)
		return false;
	request_error(request, MHD_HTTP_BAD_REQUEST, "seconds: at most %d", SECONDS_MAX);
	return true;
}

static void begin_index(const struct page *page, struct server *server, struct request *request)
{
	size_t size;
	char *text = index_page(server->api, &size);

	(void)page;
	request->type = TYPE_HTML;
	request_answer(request, MHD_HTTP_OK, text, size);
}

static void begin_cmdline(const struct page *page, struct server *server, struct request *request)
{
	size_t size;
	char *text = cmdline_read(page->form == ANSWER_GPERFTOOLS ? '\n' : '\0', &size);

	(void)server;
	request_answer(request, MHD_HTTP_OK, text, size);
}

static void begin_profile(const struct page *page, struct server *server, struct request *request)
{
	int64_t seconds = request_number(request, "seconds");
	int error;

	(void)page;
	if (seconds <= 0)
		seconds = CPU_SECONDS;
	if (is_too_long(request, (double)seconds))
		return;
	error = server->api->cpu_start != NULL ? server->api->cpu_start(CPU_HZ) : -ENOSYS;
	if (error == 0)
		wait_for(request, (double)seconds);
	else
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "Could not enable CPU profiling: %s",
			      error == -EBUSY ? "cpu profiling already in use" : strerror(-error));
}

/* What was recorded meanwhile is asked for, unless nobody waits for it. */
static void end_recording(const struct page *page, struct request *request, int fd)
{
	if (request->step == REQUEST_GONE) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (fd < 0) {
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "%s: %s",
			      kind_names[page->kind], strerror(-fd));
		return;
	}
	request->question.form = page->form;
	keep(request, fd);
	as_file(request, kind_names[page->kind], "");
	ask(page, request);
}

static void end_profile(const struct page *page, struct server *server, struct request *request)
{
	end_recording(page, request, server->api->cpu_stop());
}

static void begin_trace(const struct page *page, struct server *server, struct request *request)
{
	char value[64];
	double seconds;
	int error;

	(void)page;
	query_value(request->query, "seconds", value, sizeof value);
	if (!query_float(value, &seconds) || seconds <= 0)
		seconds = TRACE_SECONDS;
	if (is_too_long(request, seconds))
		return;
	error = server->api->trace_start != NULL ? server->api->trace_start() : -ENOSYS;
	if (error == 0)
		wait_for(request, seconds);
	else
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "Could not enable tracing: %s",
			      error == -EBUSY ? "tracing is already enabled" : strerror(-error));
}

static void end_trace(const struct page *page, struct server *server, struct request *request)
{
	end_recording(page, request, server->api->trace_stop());
}

static void begin_flight(const struct page *page, struct server *server, struct request *request)
{
	int fd = server->api->flight != NULL ? server->api->flight() : -ENOENT;

	if (fd >= 0) {
		keep(request, fd);
		as_file(request, "flight", "");
		ask(page, request);
	} else if (fd == -ENOENT) {
		request_error(request, MHD_HTTP_NOT_FOUND, "the flight recorder is off");
	} else {
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "Could not read the flight recorder: %s", strerror(-fd));
	}
}

/* Of what is counted all the time. False: it is answered. */
static bool collect(const struct page *page, struct server *server, struct request *request)
{
	const struct live_api *api = server->api;
	int fd = -ENOSYS;

	if (page->kind != ANSWER_GOROUTINE && api->snapshot != NULL)
		fd = api->snapshot();
	else if (page->kind == ANSWER_GOROUTINE && api->stacks != NULL)
		fd = api->stacks(STACKS_PATIENCE_MS);
	if (fd < 0) {
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "failed to collect profile: %s", strerror(-fd));
		return false;
	}
	keep(request, fd);
	return true;
}

static void begin_delta(const struct page *page, struct server *server, struct request *request,
			const char *value)
{
	int64_t seconds;

	if (!query_int(value, &seconds) || seconds <= 0)
		request_error(request, MHD_HTTP_BAD_REQUEST,
			      "invalid value for \"seconds\" - must be a positive integer");
	else if (request_number(request, "debug") != 0)
		request_error(request, MHD_HTTP_BAD_REQUEST,
			      "seconds and debug params are incompatible");
	else if (!is_too_long(request, (double)seconds) && collect(page, server, request))
		wait_for(request, (double)seconds);
}

static void end_delta(const struct page *page, struct server *server, struct request *request)
{
	if (request->step == REQUEST_GONE || !collect(page, server, request))
		return;
	as_file(request, kind_names[page->kind], "-delta");
	ask(page, request);
}

/* Go's heap has text for any number but 0, the others for those above it. */
static enum answer_form form_of(enum answer_kind kind, int64_t debug)
{
	if (kind == ANSWER_GOROUTINE && debug >= 2)
		return ANSWER_DUMP;
	if (debug > 0 || (debug < 0 && (kind == ANSWER_HEAP || kind == ANSWER_ALLOCS)))
		return ANSWER_TEXT;
	return ANSWER_PROTO;
}

static void begin_named(const struct page *page, struct server *server, struct request *request)
{
	int64_t debug = request_number(request, "debug");
	char seconds[64];

	query_value(request->query, "seconds", seconds, sizeof seconds);
	if (seconds[0] != '\0') {
		begin_delta(page, server, request, seconds);
		return;
	}
	if (!collect(page, server, request))
		return;
	request->question.form = form_of(page->kind, debug);
	request->status = MHD_HTTP_OK;
	if (debug == 0)
		as_file(request, kind_names[page->kind], "");
	ask(page, request);
}

static void begin_gperftools(const struct page *page, struct server *server,
			     struct request *request)
{
	if (!collect(page, server, request))
		return;
	request->question.form = page->form;
	request->status = MHD_HTTP_OK;
	ask(page, request);
}

static int file_of(const char *text, size_t size)
{
	int fd = memfd_create("pprofmk-symbols", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, text, size) == (ssize_t)size)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Whoever asks without an address wants to know whether there are names. */
static void begin_symbol(const struct page *page, struct server *server, struct request *request)
{
	static const char none[] = "num_symbols: 1\n";
	const char *text = request->is_post ? request->body : request->query;
	size_t size = request->is_post ? request->body_size : text != NULL ? strlen(text) : 0;
	int addresses;

	if (size == 0) {
		request_answer(request, MHD_HTTP_OK, strdup(none), sizeof none - 1);
		return;
	}
	addresses = file_of(text, size);
	if (addresses < 0) {
		request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "reading request: %s",
			      strerror(errno));
		return;
	}
	keep(request, addresses);
	begin_gperftools(page, server, request);
}

static void begin_growth(const struct page *page, struct server *server, struct request *request)
{
	(void)page;
	(void)server;
	request_refuse(request, MHD_HTTP_NOT_IMPLEMENTED,
		       "growth is known to tcmalloc only; /pprof/heap has what is in use");
}

#define GO "/debug/pprof/"

static const struct page pages[] = {
	{GO, false, begin_index, NULL, 0, 0},
	{GO "cmdline", false, begin_cmdline, NULL, 0, ANSWER_PROTO},
	{GO "profile", false, begin_profile, end_profile, ANSWER_PROFILE, ANSWER_PROTO},
	{GO "trace", false, begin_trace, end_trace, ANSWER_TRACE, ANSWER_PROTO},
	{GO "symbol", true, begin_symbol, NULL, ANSWER_SYMBOL, ANSWER_PROTO},
	{GO "allocs", false, begin_named, end_delta, ANSWER_ALLOCS, 0},
	{GO "block", false, begin_named, end_delta, ANSWER_BLOCK, 0},
	{GO "goroutine", false, begin_named, end_delta, ANSWER_GOROUTINE, 0},
	{GO "heap", false, begin_named, end_delta, ANSWER_HEAP, 0},
	{GO "mutex", false, begin_named, end_delta, ANSWER_MUTEX, 0},
	{GO "threadcreate", false, begin_named, end_delta, ANSWER_THREADCREATE, 0},
	{GO "flight", false, begin_flight, NULL, ANSWER_TRACE, ANSWER_PROTO},
	{"/pprof/cmdline", false, begin_cmdline, NULL, 0, ANSWER_GPERFTOOLS},
	{"/pprof/profile", false, begin_profile, end_profile, ANSWER_PROFILE, ANSWER_GPERFTOOLS},
	{"/pprof/heap", false, begin_gperftools, NULL, ANSWER_HEAP, ANSWER_GPERFTOOLS},
	{"/pprof/contention", false, begin_gperftools, NULL, ANSWER_BLOCK, ANSWER_GPERFTOOLS},
	{"/pprof/growth", false, begin_growth, NULL, 0, 0},
	{"/pprof/symbol", true, begin_symbol, NULL, ANSWER_SYMBOL, ANSWER_GPERFTOOLS},
};

const struct page *page_find(struct request *request)
{
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (strcmp(request->path, pages[i].path) == 0)
			return &pages[i];
	if (strncmp(request->path, GO, strlen(GO)) == 0) {
		request_error(request, MHD_HTTP_NOT_FOUND, "Unknown profile");
	} else if (strcmp(request->path, "/debug/pprof") == 0) {
		request_refuse(request, MHD_HTTP_MOVED_PERMANENTLY,
			       "<a href=\"" GO "\">Moved Permanently</a>.\n");
		request->type = TYPE_HTML;
		request->header = MHD_HTTP_HEADER_LOCATION;
		request->header_value = GO;
	} else {
		request_refuse(request, MHD_HTTP_NOT_FOUND, "404 page not found");
	}
	return NULL;
}
