/* SPDX-License-Identifier: MIT */
/* links: internal/endpoint/[a-z]*.c internal/base/http_host.c */
/* The server between a runtime and a process that names, both of which are doubles: what it asks them, and what it answers. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "endpoint_double.h"

live_http_serve pprofmk_http_serve_1;
live_http_stop pprofmk_http_stop_1;

static void serve(const struct live_api *api, const char *token)
{
	char address[32];
	int error = -EADDRINUSE;

	for (port = (in_port_t)(20000 + getpid() % 10000); error == -EADDRINUSE; port++) {
		snprintf(address, sizeof address, "127.0.0.1:%d", port);
		error = pprofmk_http_serve_1(api, address, token);
		if (error == 0)
			break;
	}
	assert_int_equal(error, 0);
}

static int setup(void **state)
{
	(void)state;
	memset(&runtime, 0, sizeof runtime);
	runtime.text = "snapshot";
	serve(&fake_api, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pprofmk_http_stop_1();
	return 0;
}

static void expect_with(const char *line, const char *headers, const char *status,
			const char *const *parts)
{
	char *answer = client_request(line, headers);
	size_t length = strlen("HTTP/1.1 ") + strlen(status);

	if (strlen(answer) < length || strncmp(answer + 9, status, strlen(status)) != 0)
		fail_msg("%s: expected %s, got:\n%s", line, status, answer);
	for (; *parts != NULL; parts++)
		if (strstr(answer, *parts) == NULL)
			fail_msg("%s: no \"%s\" in:\n%s", line, *parts, answer);
	free(answer);
}

/* Of an answer to come: until the server has seen what it is to see. A minute at most. */
static void await_status(const char *line, const char *status)
{
	for (int tries = 0; tries < 6000; tries++) {
		char *answer = client_request(line, "");
		bool is_it = strlen(answer) > 12 && strncmp(answer + 9, status, 3) == 0;

		free(answer);
		if (is_it)
			return;
		usleep(10000);
	}
	fail_msg("%s: never %s", line, status);
}

#define expect(line, status, ...) \
	expect_with(line, "", status, (const char *const[]){__VA_ARGS__, NULL})

static void test_endpoint_answers_errors_as_go_does(void **state)
{
	(void)state;
	expect("GET /debug/pprof/nothing", "404", "\r\n\r\nUnknown profile\n", "X-Go-Pprof: 1\r\n");
	expect("GET /debug/pprof/heap/", "404", "\r\n\r\nUnknown profile\n");
	expect("GET /debug/pprof/heap?seconds=0", "400", "X-Go-Pprof: 1\r\n",
	       "invalid value for \"seconds\" - must be a positive integer\n");
	expect("GET /debug/pprof/heap?seconds=1&debug=1", "400",
	       "seconds and debug params are incompatible\n");
	expect("GET /debug/pprof/heap?seconds=4000", "400", "seconds: at most 3600\n");
	expect("GET /debug/pprof/profile?seconds=4000", "400", "seconds: at most 3600\n");
	expect("GET /debug/pprof/trace?seconds=4e3", "400", "seconds: at most 3600\n");
	expect("POST /debug/pprof/heap", "405", "Allow: GET, HEAD\r\n", "Method Not Allowed\n");
	expect("DELETE /debug/pprof/nothing", "405", "Method Not Allowed\n");
	expect("GET /debug/pprof", "301", "Location: /debug/pprof/\r\n");
	assert_int_equal(runtime.cpu_starts + runtime.trace_starts + runtime.snapshots, 0);
}

static void test_endpoint_has_nothing_outside_its_paths(void **state)
{
	static const char *const paths[] = {
		"/",
		"/debug",
		"/debug/pprof/../../etc/passwd",
		"/debug/pprof/%2e%2e/%2e%2e/etc/passwd",
		"/etc/passwd",
		"//debug/pprof/heap",
		"/pprof/",
		"/pprof/pmuprofile",
	};
	char line[128];

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		snprintf(line, sizeof line, "GET %s", paths[i]);
		expect(line, "404", "nosniff");
	}
	expect("GET /debug/%", "400", "nosniff");
}

static void test_endpoint_asks_for_what_the_path_says(void **state)
{
	(void)state;
	expect("GET /debug/pprof/heap", "200", "heap form 0: snapshot 0",
	       "Content-Disposition: attachment; filename=\"heap\"\r\n",
	       "Content-Type: application/octet-stream\r\n");
	expect("GET /debug/pprof/heap?gc=1&debug=1", "200", "heap form 1: snapshot 1",
	       "Content-Type: text/plain; charset=utf-8\r\n");
	expect("GET /debug/pprof/heap?debug=-1", "200", "heap form 1: snapshot 2");
	expect("GET /debug/pprof/block?debug=-1", "200", "block form 0: snapshot 3",
	       "Content-Type: text/plain; charset=utf-8\r\n");
	expect("GET /debug/pprof/goroutine", "200", "goroutine form 0: stacks");
	expect("GET /debug/pprof/goroutine?debug=2", "200", "goroutine form 2: stacks");
	expect("GET /debug/pprof/mutex?debug=2", "200", "mutex form 1: snapshot 4");
	expect("GET /debug/%70prof/allocs?debug=%31", "200", "allocs form 1: snapshot 5");
	expect("GET /pprof/heap", "200", "heap form 3: snapshot 6");
	expect("GET /pprof/contention", "200", "block form 3: snapshot 7");
	expect("GET /pprof/growth", "501", "tcmalloc");
}

static void test_endpoint_subtracts_two_snapshots(void **state)
{
	uint64_t begin_ms = now_ms();

	(void)state;
	expect("GET /debug/pprof/mutex?seconds=1", "200", "mutex form 0: snapshot 1, snapshot 0",
	       "filename=\"mutex-delta\"\r\n");
	assert_true(now_ms() - begin_ms >= 1000);
}

static void test_endpoint_names_addresses_that_are_posted(void **state)
{
	(void)state;
	expect("GET /debug/pprof/symbol", "200", "\r\n\r\nnum_symbols: 1\n");
	expect("GET /debug/pprof/symbol?0x1+0x2", "200", "symbol form 0: snapshot 0, 0x1+0x2");
	expect_with("POST /debug/pprof/symbol", "Content-Length: 7\r\n\r\n0x3+0x4", "200",
		    (const char *const[]){"symbol form 0: snapshot 1, 0x3+0x4", NULL});
	expect_with("POST /pprof/symbol", "Content-Length: 3\r\n\r\n0x5", "200",
		    (const char *const[]){"symbol form 3: snapshot 2, 0x5", NULL});
}

static void test_endpoint_refuses_more_addresses_than_it_takes(void **state)
{
	size_t size = 300000;
	char *text = malloc(size + 200), *answer;
	int length = sprintf(text,
			     "POST /debug/pprof/symbol HTTP/1.1\r\nHost: localhost\r\nConnection: "
			     "close\r\nContent-Length: %zu\r\n\r\n",
			     size);

	(void)state;
	memset(text + length, '1', size);
	text[(size_t)length + size] = '\0';
	answer = client_read(client_ask(text));
	assert_non_null(strstr(answer, "HTTP/1.1 413"));
	free(answer);
	free(text);
}

static void wait_until(const _Atomic int *counter, int value)
{
	for (int i = 0; i < 6000 && *counter < value; i++)
		usleep(10000);
	assert_int_equal(*counter, value);
}

static void test_endpoint_takes_one_profile_at_a_time(void **state)
{
	int first = client_ask("GET /debug/pprof/profile?seconds=3600 HTTP/1.0\r\n\r\n");

	(void)state;
	wait_until(&runtime.cpu_starts, 1);
	expect("GET /debug/pprof/profile?seconds=1", "500", "X-Go-Pprof: 1\r\n",
	       "Could not enable CPU profiling: cpu profiling already in use\n");
	expect("GET /pprof/profile?seconds=1", "500", "cpu profiling already in use\n");
	/* Meanwhile all else is answered. */
	expect("GET /debug/pprof/heap", "200", "heap form 0");
	assert_int_equal(runtime.cpu_stops, 0);
	close(first);
	wait_until(&runtime.cpu_stops, 1);
	expect("GET /debug/pprof/profile?seconds=1", "200", "profile form 0: cpu",
	       "filename=\"profile\"");
	assert_int_equal(runtime.cpu_stops, 2);
}

static void test_endpoint_takes_one_trace_at_a_time(void **state)
{
	int first = client_ask("GET /debug/pprof/trace?seconds=3600 HTTP/1.0\r\n\r\n");

	(void)state;
	wait_until(&runtime.trace_starts, 1);
	expect("GET /debug/pprof/trace", "500",
	       "Could not enable tracing: tracing is already enabled\n");
	assert_int_equal(runtime.trace_stops, 0);
	close(first);
	wait_until(&runtime.trace_stops, 1);
	expect("GET /debug/pprof/trace?seconds=0.3", "200", "trace form 0: events");
	assert_int_equal(runtime.trace_stops, 2);
}

static void test_endpoint_stops_a_profile_whose_client_has_gone(void **state)
{
	int fd = client_ask(
		"GET /debug/pprof/profile?seconds=30 HTTP/1.1\r\nHost: localhost\r\n\r\n");

	(void)state;
	wait_until(&runtime.cpu_starts, 1);
	close(fd);
	wait_until(&runtime.cpu_stops, 1);
	expect("GET /debug/pprof/profile?seconds=1", "200", "profile form 0: cpu");
}

static void test_endpoint_stops_in_the_middle_of_a_request(void **state)
{
	int fd = client_ask(
		"GET /debug/pprof/profile?seconds=30 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	char *answer;

	(void)state;
	wait_until(&runtime.cpu_starts, 1);
	pprofmk_http_stop_1();
	assert_int_equal(runtime.cpu_stops, 1);
	answer = client_read(fd);
	assert_string_equal(answer, "");
	free(answer);
	assert_int_equal(client_ask("GET / HTTP/1.0\r\n\r\n"), -1);
	serve(&fake_api, NULL);
}

static void test_endpoint_asks_another_process_when_one_has_died(void **state)
{
	(void)state;
	runtime.text = "die";
	expect("GET /debug/pprof/heap", "500",
	       "Could not name addresses: pprofmk answer has ended\n");
	runtime.text = "snapshot";
	expect("GET /debug/pprof/heap", "200", "heap form 0: snapshot 1");
	runtime.text = "refuse";
	expect("GET /debug/pprof/heap", "500", "Could not name addresses: it is damaged\n");
	runtime.is_broken = true;
	expect("GET /debug/pprof/heap", "500",
	       "failed to collect profile: Cannot allocate memory\n");
}

static void test_endpoint_says_what_the_runtime_has_not(void **state)
{
	(void)state;
	pprofmk_http_stop_1();
	serve(&empty_api, NULL);
	expect("GET /debug/pprof/profile", "500", "Could not enable CPU profiling: ");
	expect("GET /debug/pprof/trace", "500", "Could not enable tracing: ");
	expect("GET /debug/pprof/heap", "500", "failed to collect profile: ");
	expect("GET /debug/pprof/flight", "404", "flight recorder is off");
	expect("GET /debug/pprof/", "200", "goroutine?debug=2", "threadcreate?debug=1");
}

static void test_endpoint_demands_its_token(void **state)
{
	(void)state;
	pprofmk_http_stop_1();
	serve(&fake_api, "secret");
	expect("GET /debug/pprof/", "401", "WWW-Authenticate: Bearer\r\n", "PPROF_HTTP_TOKEN");
	expect("GET /nothing", "401", "PPROF_HTTP_TOKEN");
	expect_with("GET /debug/pprof/", "Authorization: Bearer secre\r\n", "401",
		    (const char *const[]){NULL});
	expect_with("GET /debug/pprof/", "Authorization: Bearer secret\r\n", "200",
		    (const char *const[]){NULL});
	assert_int_equal(pprofmk_http_serve_1(&fake_api, "127.0.0.1:1", NULL), -EBUSY);
}

static void test_endpoint_listens_elsewhere_only_with_a_token(void **state)
{
	(void)state;
	pprofmk_http_stop_1();
	assert_int_equal(pprofmk_http_serve_1(&fake_api, "0.0.0.0:1", NULL), -EACCES);
	assert_int_equal(pprofmk_http_serve_1(&fake_api, "nobody:1", NULL), -EINVAL);
	serve(&fake_api, NULL);
}

static void test_endpoint_does_not_answer_to_other_names(void **state)
{
	char *answer = client_read(client_ask(
		"GET /debug/pprof/ HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"));

	(void)state;
	assert_non_null(strstr(answer, "HTTP/1.1 403"));
	free(answer);
	expect_with("GET /debug/pprof/", "Origin: http://example.com\r\n", "403",
		    (const char *const[]){NULL});
}

static void test_endpoint_refuses_more_connections_than_it_takes(void **state)
{
	int fds[16];

	(void)state;
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		fds[i] = client_ask("GET /");
	expect("GET /debug/pprof/", "503", "16 connections are open already\n",
	       "Connection: close");
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		close(fds[i]);
	await_status("GET /debug/pprof/", "200");
}

/* Open descriptors of a thread, one bit each, up to 64. */
static uint64_t descriptors(const char *task)
{
	char path[64];
	DIR *folder;
	uint64_t found = 0;

	snprintf(path, sizeof path, "/proc/self/task/%s/fd", task);
	folder = opendir(path);
	if (folder == NULL)
		abort();
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder))
			found |= UINT64_C(1) << (atoi(entry->d_name) & 63);
	closedir(folder);
	return found;
}

/* The thread of ours. */
static void find_task(char *task, size_t size)
{
	DIR *folder = opendir("/proc/self/task");
	char path[320], name[32];

	task[0] = '\0';
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		int fd, length;

		snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
		fd = open(path, O_RDONLY);
		length = fd >= 0 ? (int)read(fd, name, sizeof name - 1) : -1;
		if (length > 0 && strncmp(name, "pprof-http", 10) == 0)
			snprintf(task, size, "%.15s", entry->d_name);
		if (fd >= 0)
			close(fd);
	}
	closedir(folder);
	assert_string_not_equal(task, "");
}

static void test_endpoint_keeps_its_descriptors_to_itself(void **state)
{
	char own[16], ours[16];
	uint64_t before, ours_before;

	(void)state;
	snprintf(own, sizeof own, "%d", (int)getpid());
	find_task(ours, sizeof ours);
	expect("GET /debug/pprof/heap", "200", "heap");
	before = descriptors(own);
	ours_before = descriptors(ours);
	for (int i = 0; i < 50; i++) {
		expect("GET /debug/pprof/heap", "200", "heap");
		expect("GET /debug/pprof/symbol?0x1", "200", "symbol");
		expect("GET /debug/pprof/nothing", "404", "");
	}
	/* A connection is closed on its side a little later; that of the first request may have been among them. */
	for (int tries = 0; tries < 6000 && (descriptors(ours) & ~ours_before) != 0; tries++)
		usleep(10000);
	assert_int_equal(descriptors(own), before);
	assert_int_equal(descriptors(ours) & ~ours_before, 0);
	/* Those of the program that were open when it began are not held open by it. */
	assert_int_equal(ours_before & 7, 7);
	assert_true((ours_before & ~UINT64_C(7)) != 0);
}

static void test_endpoint_notices_clients_that_give_up(void **state)
{
	static const char *const parts[] = {"", "\x16\x03\x01", "GET /debug",
					    "GET / HTTP/1.1\r\nHost: x"};
	uint64_t begin_ms = now_ms();

	(void)state;
	/* With these nine times as many as it takes, within less time than the ten seconds that it gives a request to come. */
	for (int i = 0; i < 144; i++)
		close(client_ask(parts[i & 3]));
	await_status("GET /debug/pprof/heap", "200");
	assert_true(now_ms() - begin_ms < 10000);
}

static _Atomic int child_signals;

static void on_child(int number)
{
	(void)number;
	child_signals++;
}

static void test_endpoint_has_no_children(void **state)
{
	(void)state;
	signal(SIGCHLD, on_child);
	runtime.text = "die";
	expect("GET /debug/pprof/heap", "500", "has ended");
	runtime.text = "snapshot";
	expect("GET /debug/pprof/heap", "200", "heap");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(child_signals, 0);
	signal(SIGCHLD, SIG_DFL);
}

static void test_endpoint_is_not_served_by_a_child_of_fork(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		pprofmk_http_stop_1(); /* not its own */
		usleep(500000);
		_exit(0);
	}
	expect("GET /debug/pprof/heap", "200", "heap");
	pprofmk_http_stop_1();
	assert_int_equal(client_ask("GET / HTTP/1.0\r\n\r\n"), -1);
	serve(&fake_api, NULL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_endpoint_answers_errors_as_go_does),
		TEST(test_endpoint_has_nothing_outside_its_paths),
		TEST(test_endpoint_asks_for_what_the_path_says),
		TEST(test_endpoint_subtracts_two_snapshots),
		TEST(test_endpoint_names_addresses_that_are_posted),
		TEST(test_endpoint_refuses_more_addresses_than_it_takes),
		TEST(test_endpoint_takes_one_profile_at_a_time),
		TEST(test_endpoint_takes_one_trace_at_a_time),
		TEST(test_endpoint_stops_a_profile_whose_client_has_gone),
		TEST(test_endpoint_stops_in_the_middle_of_a_request),
		TEST(test_endpoint_asks_another_process_when_one_has_died),
		TEST(test_endpoint_says_what_the_runtime_has_not),
		TEST(test_endpoint_demands_its_token),
		TEST(test_endpoint_listens_elsewhere_only_with_a_token),
		TEST(test_endpoint_does_not_answer_to_other_names),
		TEST(test_endpoint_refuses_more_connections_than_it_takes),
		TEST(test_endpoint_notices_clients_that_give_up),
		TEST(test_endpoint_keeps_its_descriptors_to_itself),
		TEST(test_endpoint_has_no_children),
		TEST(test_endpoint_is_not_served_by_a_child_of_fork),
	};

	if (argc > 1 && strcmp(argv[1], "answer") == 0)
		return answer_main();
	setenv("PPROF_TOOL", "/proc/self/exe", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
