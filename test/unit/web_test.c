/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/tool.c internal/tool/web/web_relay.c internal/tool/web/web_listen.c
 * internal/tool/web/web_port_owner.c */
/* What the relay does with a request, against a server of the test's own, and ports. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/web/web_listen.h"
#include "tool/web/web_relay.h"

#define HOST "127.0.0.1"

static void test_web_pages_are_told_apart(void **state)
{
	(void)state;
	assert_true(web_relay_is_for("GET / HTTP/1.1\r\n\r\n", "/"));
	assert_true(web_relay_is_for("HEAD / HTTP/1.1\r\n\r\n", "/"));
	assert_true(web_relay_is_for("GET /?si=cpu HTTP/1.1\r\n\r\n", "/"));
	assert_true(web_relay_is_for("GET /ui/disasm?f=x HTTP/1.1\r\n\r\n", "/ui/disasm"));
	assert_true(web_relay_is_for("GET /ui/disasm HTTP/1.1\r\n\r\n", "/ui/disasm"));
	assert_false(web_relay_is_for("GET /ui/ HTTP/1.1\r\n\r\n", "/"));
	assert_false(web_relay_is_for("GET // HTTP/1.1\r\n\r\n", "/"));
	assert_false(web_relay_is_for("POST / HTTP/1.1\r\n\r\n", "/"));
	assert_false(web_relay_is_for("GET /ui/disasmx HTTP/1.1\r\n\r\n", "/ui/disasm"));
	assert_false(
		web_relay_is_for("GET /ui/source?f=/ui/disasm HTTP/1.1\r\n\r\n", "/ui/disasm"));
	assert_false(web_relay_is_for("GET", "/"));
	assert_false(web_relay_is_for("", "/"));
}

static void check_head(const char *head, const char *expected)
{
	char *changed = web_relay_head(head);

	assert_string_equal(changed, expected);
	free(changed);
}

static void test_web_each_connection_has_one_request(void **state)
{
	(void)state;
	check_head("GET /x HTTP/1.1\r\nHost: a\r\nconnection: keep-alive\r\nKeep-Alive: "
		   "5\r\nAccept: b\r\n\r\n",
		   "GET /x HTTP/1.1\r\nHost: a\r\nAccept: b\r\nConnection: close\r\n\r\n");
	check_head("GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.0\r\nConnection: close\r\n\r\n");
	check_head("\r\n", "Connection: close\r\n\r\n");
}

/* A server that answers each request with its own name and what it was sent. */
struct echo {
	struct web_sockets sockets;
	const char *name;
	int requests;
	pthread_t thread;
};

static void *run_echo(void *argument)
{
	struct echo *echo = argument;

	for (int i = 0; i < echo->requests; i++) {
		struct timespec step = {.tv_nsec = 1000000};
		char text[4096] = "";
		int fd;

		while ((fd = accept(echo->sockets.fds[0], NULL, NULL)) < 0)
			nanosleep(&step, NULL);
		dprintf(fd, "%s:", echo->name);
		for (size_t len = 0; !strstr(text, "\r\n\r\n");) {
			ssize_t got = recv(fd, text + len, sizeof(text) - 1 - len, 0);

			if (got <= 0)
				break;
			len += (size_t)got;
		}
		dprintf(fd, "%s", text);
		close(fd);
	}
	return NULL;
}

static void start_echo(struct echo *echo, const char *name, int requests)
{
	assert_int_equal(web_listen(&echo->sockets, HOST, 0), 0);
	echo->name = name;
	echo->requests = requests;
	assert_int_equal(pthread_create(&echo->thread, NULL, run_echo, echo), 0);
}

static void end_echo(struct echo *echo)
{
	pthread_join(echo->thread, NULL);
	web_sockets_close(&echo->sockets);
}

/* Send a request to the relay, in two pieces, and read the answer to its end. */
static void ask(const struct web_sockets *relay, const struct web_routes *routes,
		const char *request, const char *expected)
{
	char answer[4096] = "";
	size_t len = 0, half = strlen(request) / 2;
	int fd = web_connect(relay->port);

	assert_true(fd >= 0);
	assert_int_equal(send(fd, request, half, 0), half);
	web_relay_accept(relay->fds[0], routes);
	assert_int_equal(send(fd, request + half, strlen(request) - half, 0),
			 strlen(request) - half);
	for (ssize_t got; (got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0;)
		len += (size_t)got;
	close(fd);
	assert_string_equal(answer, expected);
}

static void test_web_requests_find_their_pprof(void **state)
{
	/* Threads of the relay read it until they end. */
	static struct web_routes routes = {.home = "/ui/flamegraph", .file = "/nonexistent"};
	struct echo pages, programs;
	struct web_sockets relay;

	(void)state;
	start_echo(&pages, "pages", 1);
	start_echo(&programs, "programs", 1);
	routes.pages_port = pages.sockets.port;
	routes.programs_port = programs.sockets.port;
	assert_int_equal(web_listen(&relay, HOST, 0), 0);
	ask(&relay, &routes, "GET /ui/top HTTP/1.1\r\nHost: x\r\n\r\n",
	    "pages:GET /ui/top HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	ask(&relay, &routes, "GET /ui/disasm?f=a HTTP/1.1\r\nConnection: keep-alive\r\n\r\n",
	    "programs:GET /ui/disasm?f=a HTTP/1.1\r\nConnection: close\r\n\r\n");
	ask(&relay, &routes, "GET /?si=cpu HTTP/1.1\r\nHost: x\r\n\r\n",
	    "HTTP/1.1 302 Found\r\nLocation: /ui/flamegraph?si=cpu\r\nContent-Length: "
	    "0\r\nConnection: close\r\n\r\n");
	ask(&relay, &routes, "GET /ui/download HTTP/1.1\r\n\r\n",
	    "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
	    "the profile's file is gone\n");
	end_echo(&pages);
	end_echo(&programs);
	web_sockets_close(&relay);
}

static void test_web_port_in_use_is_refused_and_its_owner_known(void **state)
{
	struct web_sockets first, second;
	char expected[64], *owner;

	(void)state;
	assert_int_equal(web_listen(&first, HOST, 0), 0);
	assert_int_not_equal(first.port, 0);
	assert_int_equal(web_listen(&second, HOST, first.port), -EADDRINUSE);
	owner = web_port_owner(first.port);
	assert_non_null(owner);
	snprintf(expected, sizeof(expected), "web_test (pid %d)", (int)getpid());
	assert_string_equal(owner, expected);
	free(owner);
	web_sockets_close(&first);
	assert_int_equal(web_listen(&second, HOST, first.port), 0);
	web_sockets_close(&second);
}

static void test_web_free_port_is_nobodys(void **state)
{
	uint16_t port = web_free_port();

	(void)state;
	assert_int_not_equal(port, 0);
	assert_null(web_port_owner(port));
	assert_int_equal(web_connect(port), -ECONNREFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_web_pages_are_told_apart),
		cmocka_unit_test(test_web_each_connection_has_one_request),
		cmocka_unit_test(test_web_requests_find_their_pprof),
		cmocka_unit_test(test_web_port_in_use_is_refused_and_its_owner_known),
		cmocka_unit_test(test_web_free_port_is_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
