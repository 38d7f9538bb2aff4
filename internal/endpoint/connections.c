/* SPDX-License-Identifier: MIT */
#include "endpoint/connections.h"

#include <string.h>
#include <sys/ioctl.h>

#include "base/http_host.h"
#include "endpoint/pages.h"
#include "endpoint/query.h"

/* A request has to come within that; its answer has to be taken within that, and a second more for each so many bytes. */
enum { REQUEST_S = 10, ANSWER_S = 60, BYTES_PER_S = 100 << 10 };

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void limit(struct client *client, uint64_t seconds)
{
	client->limit_ns = server_now_ns() + seconds * SERVER_NS_PER_S;
}

static void expect_request(struct client *client)
{
	client->is_coming = true;
	limit(client, REQUEST_S);
}

void connections_changed(void *context, struct MHD_Connection *connection, void **slot,
			 enum MHD_ConnectionNotificationCode code)
{
	struct server *server = context;
	const union MHD_ConnectionInfo *info;
	struct client *client = *slot;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (client != NULL)
			client->connection = NULL;
		return;
	}
	for (client = server->clients; client->connection != NULL;)
		if (++client == server->clients + CLIENTS)
			return;
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	*client = (struct client){.connection = connection, .socket = info->connect_fd};
	*slot = client;
	server->connection_count++;
	expect_request(client);
}

void *connections_line(void *context, const char *uri, struct MHD_Connection *connection)
{
	(void)context;
	(void)connection;
	return request_new(uri);
}

void connections_completed(void *context, struct MHD_Connection *connection, void **slot,
			   enum MHD_RequestTerminationCode code)
{
	(void)context;
	(void)code;
	if (*slot != NULL)
		request_free(*slot);
	*slot = NULL;
	if (client_of(connection) != NULL)
		expect_request(client_of(connection));
}

static const char *header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* A page of somebody else's must not reach us by way of its visitor's browser. With a token it can't: it would have to know that. */
static bool is_from_afar(const struct server *server, const struct request *request)
{
	const char *host = header(request, MHD_HTTP_HEADER_HOST);

	if (server->access.token[0] != '\0')
		return false;
	return !http_host_is_ours(host, "localhost", 0) ||
	       !http_origin_is_ours(header(request, MHD_HTTP_HEADER_ORIGIN), host);
}

static bool is_allowed(const struct server *server, struct request *request)
{
	if (is_from_afar(server, request)) {
		request_refuse(request, MHD_HTTP_FORBIDDEN,
			       "ask by an address in numbers or localhost: any other name may be "
			       "somebody's trick, unless PPROF_HTTP_TOKEN is set");
		return false;
	}
	if (access_is_allowed(&server->access, header(request, MHD_HTTP_HEADER_AUTHORIZATION)))
		return true;
	request_refuse(request, MHD_HTTP_UNAUTHORIZED,
		       "send the header \"Authorization: Bearer TOKEN\" with the value of "
		       "PPROF_HTTP_TOKEN that the program was started with");
	request->header = MHD_HTTP_HEADER_WWW_AUTHENTICATE;
	request->header_value = "Bearer";
	return false;
}

static bool is_too_many(const struct server *server, struct request *request)
{
	unsigned count = 0;

	for (size_t i = 0; i < CLIENTS; i++)
		count += server->clients[i].connection != NULL;
	if (count <= CLIENTS_MAX)
		return false;
	request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "%d connections are open already",
		       CLIENTS_MAX);
	request->header = MHD_HTTP_HEADER_CONNECTION;
	request->header_value = "close";
	return true;
}

/* The path and the query of its line. */
static bool read_line(struct request *request)
{
	size_t length = strcspn(request->uri, "?");
	bool is_cut = strlen(request->uri) == sizeof request->uri - 1;

	memcpy(request->path, request->uri, length);
	request->path[length] = '\0';
	if (request->uri[length] == '?')
		request->query = request->uri + length + 1;
	if (!is_cut && query_unescape(request->path))
		return true;
	request_refuse(request, MHD_HTTP_BAD_REQUEST, "400 Bad Request");
	return false;
}

static bool is_method_known(struct request *request, const char *method)
{
	static const char prefix[] = "/debug/pprof/";
	bool takes_post = request->page != NULL && request->page->takes_post;

	request->is_post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ||
	    (request->is_post && takes_post))
		return true;
	/* What is not there is not there by any method. */
	if (request->page == NULL && strncmp(request->path, prefix, sizeof prefix - 1) != 0)
		return true;
	request_refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, "Method Not Allowed");
	request->is_error = false;
	request->header = MHD_HTTP_HEADER_ALLOW;
	request->header_value = takes_post ? "GET, HEAD, POST" : "GET, HEAD";
	return false;
}

/* Its head is there. What is wrong with it is answered when all of it is. */
static void check(const struct server *server, struct request *request, const char *method)
{
	if (is_too_many(server, request) || !is_allowed(server, request) || !read_line(request))
		return;
	request->page = page_find(request);
	is_method_known(request, method);
}

static enum MHD_Result send_answer(struct request *request)
{
	uint64_t size_bytes = 0;
	enum MHD_Result result = request_send(request, &size_bytes);

	limit(client_of(request->connection), ANSWER_S + size_bytes / BYTES_PER_S);
	return result;
}

static void set_aside(struct server *server, struct request *request)
{
	struct client *client = client_of(request->connection);
	struct request **end = &server->requests;

	while (*end != NULL)
		end = &(*end)->next;
	request->next = NULL;
	*end = request;
	client->limit_ns = 0;
	client->request = request;
	request->client = client;
	MHD_suspend_connection(request->connection);
}

static void take_body(struct request *request, const char *body, size_t size)
{
	if (request->step == REQUEST_COMING && !request_add_body(request, body, size))
		request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, "at most %d bytes of addresses",
			       REQUEST_BODY_MAX);
}

enum MHD_Result connections_request(void *context, struct MHD_Connection *connection,
				    const char *path, const char *method, const char *version,
				    const char *body, size_t *body_size, void **slot)
{
	struct server *server = context;
	struct request *request = *slot;

	(void)path;
	(void)version;
	if (request == NULL || client_of(connection) == NULL)
		return MHD_NO;
	if (request->connection == NULL) {
		request->connection = connection;
		check(server, request, method);
		return MHD_YES;
	}
	if (*body_size > 0) {
		take_body(request, body, *body_size);
		*body_size = 0;
		return MHD_YES;
	}
	client_of(connection)->is_coming = false;
	if (request->step == REQUEST_COMING)
		request->page->begin(request->page, server, request);
	if (request->step == REQUEST_ANSWERED)
		return send_answer(request);
	if (request->step == REQUEST_GONE)
		return MHD_NO;
	set_aside(server, request);
	return MHD_YES;
}

void connections_close_slow(struct server *server, uint64_t now_ns)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		struct client *client = &server->clients[i];

		if (client->connection == NULL || client->limit_ns == 0 ||
		    now_ns < client->limit_ns)
			continue;
		client->limit_ns = 0;
		shutdown(client->socket, SHUT_RDWR);
	}
}

void connections_half_closed(struct client *client)
{
	int unread = 0;

	if (ioctl(client->socket, FIONREAD, &unread) != 0 || unread > 0)
		return;
	client->is_coming = false;
	shutdown(client->socket, SHUT_RDWR);
}
