/* SPDX-License-Identifier: MIT */
#include "tool/show/show_server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_host.h"
#include "tool/show/show_answer.h"
#include "tool/tool.h"
#include "tool/web/web_listen.h"
#include "web/assets.h"

/* Requests that are answered at once, each with a trace of its own: the machine is the user's. */
enum { TRACES = 2 };

/* A browser opens six. */
enum { CONNECTIONS_MAX = 64, SILENCE_SECONDS = 60 };

/* Nothing of the pages is from elsewhere, and nothing of the trace is ever run. */
#define POLICY                                                                            \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " \
	"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "     \
	"frame-ancestors 'self'"

struct asset {
	const char *path, *type, *bytes;
};

static const struct asset assets[] = {
	{"/", "text/html; charset=utf-8", web_show_html},
#define SCRIPT(name)                                                               \
	{                                                                          \
		"/" #name ".js", "text/javascript; charset=utf-8", web_##name##_js \
	}
	SCRIPT(show),
	SCRIPT(show_arrows),
	SCRIPT(show_data),
	SCRIPT(show_dom),
	SCRIPT(show_state),
	SCRIPT(show_timeline),
	SCRIPT(show_draw),
	SCRIPT(show_details),
	SCRIPT(show_pages),
	SCRIPT(show_palette),
	SCRIPT(show_views),
	SCRIPT(show_analysis),
	SCRIPT(show_findings),
	SCRIPT(show_profiles),
	SCRIPT(show_user),
	SCRIPT(show_waits),
#undef SCRIPT
	{"/states.css", "text/css; charset=utf-8", web_states_css},
	{"/show.css", "text/css; charset=utf-8", web_show_css},
};

struct server {
	const char *path, *host;
	uint16_t port;
	pthread_mutex_t lock;
	pthread_cond_t is_free;
	struct trace *traces[TRACES]; /* those that nobody uses */
	size_t trace_count;
};

static struct trace *take_trace(struct server *server)
{
	struct trace *trace;

	pthread_mutex_lock(&server->lock);
	while (server->trace_count == 0)
		pthread_cond_wait(&server->is_free, &server->lock);
	trace = server->traces[--server->trace_count];
	pthread_mutex_unlock(&server->lock);
	return trace;
}

static void give_trace(struct server *server, struct trace *trace)
{
	pthread_mutex_lock(&server->lock);
	server->traces[server->trace_count++] = trace;
	pthread_cond_signal(&server->is_free);
	pthread_mutex_unlock(&server->lock);
}

static const char *parameter(void *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status,
				     struct MHD_Response *response, const char *type)
{
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", type);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (MHD_get_response_header(response, "Content-Security-Policy") == NULL)
		MHD_add_response_header(response, "Content-Security-Policy", POLICY);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct show_answer *answer)
{
	struct MHD_Response *response =
		answer->file > 0 ? MHD_create_response_from_fd64(answer->size, answer->file)
				 : MHD_create_response_from_buffer(answer->size, answer->bytes,
								   MHD_RESPMEM_MUST_FREE);

	if (response != NULL && answer->filename != NULL) {
		char *value = xasprintf("attachment; filename=\"%s\"", answer->filename);

		MHD_add_response_header(response, "Content-Disposition", value);
		free(value);
	}
	free((char *)(uintptr_t)answer->filename);
	if (response != NULL && answer->policy != NULL)
		MHD_add_response_header(response, "Content-Security-Policy", answer->policy);
	return send_response(connection, answer->status, response, answer->type);
}

static enum MHD_Result send_asset(struct MHD_Connection *connection, const struct asset *asset)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(asset->bytes), (void *)(uintptr_t)asset->bytes, MHD_RESPMEM_PERSISTENT);

	return send_response(connection, MHD_HTTP_OK, response, asset->type);
}

static struct show_answer answer_question(struct server *server, struct MHD_Connection *connection,
					  const char *path)
{
	struct show_question question = {
		.path = server->path, .parameter = parameter, .context = connection};
	struct show_answer answer;

	question.trace = take_trace(server);
	answer = show_answer(&question, path);
	give_trace(server, (struct trace *)(uintptr_t)question.trace);
	/* cppcheck-suppress returnDanglingLifetime; it holds nothing of the question */
	return answer;
}

static enum MHD_Result take_request(void *context, struct MHD_Connection *connection,
				    const char *path, const char *method, const char *version,
				    const char *body, size_t *body_size, void **request)
{
	struct server *server = context;
	const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
	const char *origin = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Origin");
	struct show_answer answer;

	(void)version;
	(void)body;
	(void)body_size;
	(void)request;
	if (!http_host_is_ours(host, server->host, server->port) ||
	    !http_origin_is_ours(origin, host)) {
		answer = show_error(MHD_HTTP_FORBIDDEN,
				    "this is pprofmk on %s: it answers its own pages only",
				    server->host);
		return send_answer(connection, &answer);
	}
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
		answer = show_error(MHD_HTTP_METHOD_NOT_ALLOWED, "only GET");
		return send_answer(connection, &answer);
	}
	for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
		if (strcmp(path, assets[i].path) == 0)
			return send_asset(connection, &assets[i]);
	answer = answer_question(server, connection, path);
	return send_answer(connection, &answer);
}

static bool open_traces(struct server *server)
{
	char error[512];

	while (server->trace_count < TRACES) {
		struct trace *trace = trace_open(server->path, error, sizeof error);

		if (trace == NULL) {
			tool_error("%s", error);
			return false;
		}
		server->traces[server->trace_count++] = trace;
	}
	return true;
}

static void print_address(const struct server *server)
{
	const struct trace_info *info = trace_info(server->traces[0]);
	bool has_colon = strchr(server->host, ':') != NULL;

	if (info->cut_bytes > 0)
		tool_error("%s: its last %llu bytes are missing; what is there is shown",
			   server->path, (unsigned long long)info->cut_bytes);
	if (!http_host_is_loopback(server->host))
		tool_error("others can reach %s: whoever can opens this trace, too", server->host);
	printf("trace of %s: http://%s%s%s:%u\nCtrl-C ends it.\n", info->test, has_colon ? "[" : "",
	       server->host, has_colon ? "]" : "", server->port);
	fflush(stdout);
}

/* Signals that ask us to stop; blocked before the first thread is made, so that all have them blocked. */
static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
}

static struct MHD_Daemon *start_daemon(struct server *server, int fd)
{
	return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, take_request,
				server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
				(unsigned)TRACES, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
				(unsigned)SILENCE_SECONDS, MHD_OPTION_END);
}

static int serve(struct server *server, const struct web_sockets *sockets)
{
	struct MHD_Daemon *daemons[WEB_SOCKETS_MAX] = {NULL};
	int status = TOOL_OK, number;
	sigset_t signals;

	block_signals(&signals);
	for (size_t i = 0; i < sockets->count; i++) {
		daemons[i] = start_daemon(server, sockets->fds[i]);
		if (daemons[i] == NULL) {
			tool_error("the server could not be started");
			status = TOOL_FAILED;
		}
	}
	if (status == TOOL_OK) {
		print_address(server);
		sigwait(&signals, &number);
	}
	for (size_t i = 0; i < sockets->count; i++)
		if (daemons[i] != NULL)
			MHD_stop_daemon(daemons[i]);
	return status;
}

int show_serve(const char *path, const char *host, uint16_t port)
{
	struct server server = {.path = path,
				.host = host,
				.lock = PTHREAD_MUTEX_INITIALIZER,
				.is_free = PTHREAD_COND_INITIALIZER};
	struct web_sockets sockets;
	int status = TOOL_FAILED;

	if (open_traces(&server) && web_listen(&sockets, host, port) == 0) {
		server.port = sockets.port;
		status = serve(&server, &sockets);
		web_sockets_close(&sockets);
	}
	while (server.trace_count > 0)
		trace_close(server.traces[--server.trace_count]);
	return status;
}
