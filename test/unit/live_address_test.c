/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/live/live_address.h"

static void reads(const char *text, const char *base, const char *name)
{
	struct live_address address;
	const char *problem = live_address_read(&address, text);

	if (problem)
		fail_msg("%s: %s", text, problem);
	assert_string_equal(address.base, base);
	assert_string_equal(address.name, name);
	live_address_free(&address);
}

static void test_live_address_forms(void **state)
{
	(void)state;
	reads("127.0.0.1:6060", "http://127.0.0.1:6060", "127.0.0.1-6060");
	reads(":6060", "http://127.0.0.1:6060", "127.0.0.1-6060");
	reads("[::1]:6060", "http://[::1]:6060", "::1-6060");
	reads("server.example:80", "http://server.example:80", "server.example-80");
	reads("http://server.example", "http://server.example:80", "server.example-80");
	reads("https://server.example/", "https://server.example:443", "server.example-443");
	reads("https://server.example:1/debug/pprof/", "https://server.example:1",
	      "server.example-1");
	reads("ftp.example:6060", "http://ftp.example:6060", "ftp.example-6060");
}

static void refuses(const char *text, const char *why)
{
	struct live_address address;
	const char *problem = live_address_read(&address, text);

	if (!problem || !strstr(problem, why))
		fail_msg("%s: %s, expected: %s", text, problem ? problem : "taken", why);
	assert_null(address.base);
	assert_null(address.name);
}

static void test_live_address_refused(void **state)
{
	(void)state;
	refuses("", "no address");
	refuses("127.0.0.1", "the port is missing");
	refuses("127.0.0.1:", "the port is missing");
	refuses("127.0.0.1:x", "no address");
	refuses("127.0.0.1:65536", "no address");
	refuses("127.0.0.1:6060\r\nX: y", "no address");
	refuses("127.0.0.1 :6060", "no address");
	refuses("\xff:6060", "no address");
	refuses("file:///etc/passwd", "only http:// and https://");
	refuses("gopher://x:1", "only http:// and https://");
	refuses("user@x:1", "PPROF_HTTP_TOKEN");
	refuses("http://user:password@x:1", "PPROF_HTTP_TOKEN");
	refuses("x:1/debug/pprof/heap", "none of ours");
	refuses("x:1/?a=b", "none of ours");
	refuses("x:1/#a", "none of ours");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live_address_forms),
		cmocka_unit_test(test_live_address_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
