/* SPDX-License-Identifier: MIT */
#include "tool/live/push_server.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/common/progress.h"
#include "tool/live/push_retry.h"
#include "tool/tool.h"

#define ENV_TOKEN    "PPROF_PUSH_TOKEN"
#define ENV_USER     "PPROF_PUSH_USER"
#define ENV_PASSWORD "PPROF_PUSH_PASSWORD"
#define ENV_TENANT   "PPROF_PUSH_TENANT"
#define INGEST	     "/ingest"
#define SECOND_NS    INT64_C(1000000000)

/* Pyroscope tells profiles of waits by what their sample types are called; without this all are those of mutex. The fields are
 * those of its SampleTypeConfig, the units those of its pkg/og/storage/metadata. */
#define WAIT_CONFIG(kind)                                                                    \
	"{\"contentions\":{\"units\":\"lock_samples\",\"display-name\":\"" kind "_count\"}," \
	"\"delay\":{\"units\":\"lock_nanoseconds\",\"display-name\":\"" kind "_duration\"}}"

static const struct {
	const char *kind, *config;
} configs[] = {{"block", WAIT_CONFIG("block")}, {"mutex", WAIT_CONFIG("mutex")}};

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* May it be part of an address? The rest is libcurl's to read. */
static const char *problem_of(const char *url)
{
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return "give its address, as http://pyroscope.example:4040";
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return "an address has no spaces and is ASCII";
	if (strpbrk(url, "?#"))
		return "nothing may follow the path: names and labels are added here";
	if (strchr(url, '@'))
		return "passwords do not belong in an address: see " ENV_USER;
	return NULL;
}

static char *ingest_url(const char *url)
{
	size_t len = strlen(url), tail = strlen(INGEST);

	while (len && url[len - 1] == '/')
		len--;
	if (len > tail && memcmp(url + len - tail, INGEST, tail) == 0)
		len -= tail;
	return xasprintf("%.*s" INGEST, (int)len, url);
}

static int read_identity(struct push_server *server, const struct options *options)
{
	const char *tenant = variable(ENV_TENANT);

	server->token = variable(ENV_TOKEN);
	server->user = variable(ENV_USER);
	server->password = variable(ENV_PASSWORD);
	if (server->token && !http_is_header_text(server->token))
		return options_wrong(options->command, ENV_TOKEN " has a space, or is not ASCII");
	if (tenant && !http_is_header_text(tenant))
		return options_wrong(options->command, ENV_TENANT " has a space, or is not ASCII");
	if (server->token && server->user)
		return options_wrong(options->command, "there are " ENV_TOKEN " and " ENV_USER
						       ": one of them is enough");
	if (tenant)
		server->tenant = xasprintf("X-Scope-OrgID: %s", tenant);
	return TOOL_OK;
}

int push_server_open(struct push_server *server, const struct options *options)
{
	const char *url = options_text(options, "pyroscope"), *problem = problem_of(url);
	uint64_t timeout_ns = 0;
	int status;

	*server = (struct push_server){0};
	if (problem)
		return options_wrong(options->command, "%s \"%.60s\": %s",
				     options_is_typed_to_make() ? "Url=" : "--pyroscope", url,
				     problem);
	status = read_identity(server, options);
	if (status != TOOL_OK)
		return status;
	options_value(options, "timeout", &timeout_ns);
	server->timeout_ms = timeout_ns / 1000000 + 1;
	server->url = ingest_url(url);
	server->client = http_client_new();
	if (server->client)
		return TOOL_OK;
	push_server_close(server);
	return TOOL_FAILED;
}

void push_server_close(struct push_server *server)
{
	http_client_free(server->client);
	free(server->url);
	free(server->tenant);
}

/* Seconds, as digits: /ingest reads those of ten digits as a time since 1970. */
static char *query_of(const char *name, const struct profile *profile)
{
	int64_t until = (profile->time_nanos + profile->duration_nanos) / SECOND_NS + 1;
	char *escaped = curl_easy_escape(NULL, name, 0), *query;

	if (!escaped)
		xalloc_failed();
	/* Not format=pprof: with that the body would have to be the profile alone. */
	query = xasprintf("name=%s&from=%" PRId64 "&until=%" PRId64 "&spyName=pprofmk", escaped,
			  profile->time_nanos / SECOND_NS, until);
	curl_free(escaped);
	return query;
}

static const char *config_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		if (strcmp(configs[i].kind, kind) == 0)
			return configs[i].config;
	return NULL;
}

/* What would be the same for every profile. */
static bool is_hopeless(const struct http_answer *answer)
{
	return (answer->outcome != HTTP_ANSWERED && answer->outcome != HTTP_TIMED_OUT) ||
	       answer->status == 401 || answer->status == 403 || answer->status == 404 ||
	       answer->status / 100 == 3;
}

/* Behind a message: what was done besides asking once. The caller frees it. */
static char *describe_tries(const struct http_answer *answer, unsigned tries)
{
	char *times = tries > 1 ? xasprintf(" (tried %u times)", tries) : xstrdup("");
	char *text;

	if (answer->retry_after_s == 0)
		return times;
	text = xasprintf("%s; it asks for a wait of %" PRIu64 " s", times, answer->retry_after_s);
	free(times);
	return text;
}

static void say(const struct push_server *server, const char *name,
		const struct http_answer *answer, unsigned tries)
{
	const char *text = *answer->text ? answer->text : "without saying why";
	char *more = describe_tries(answer, tries);

	if (answer->outcome == HTTP_TIMED_OUT)
		tool_error("%s: no answer for %s: --timeout waits longer", server->url, name);
	else if (answer->outcome != HTTP_ANSWERED)
		tool_error("%s: %s%s", server->url, answer->error, more);
	else if (answer->status == 401 || answer->status == 403)
		tool_error("%s answers %ld: it wants a token (" ENV_TOKEN "), or a user (" ENV_USER
			   ", " ENV_PASSWORD "), perhaps a tenant (" ENV_TENANT "): %s",
			   server->url, answer->status, text);
	else if (answer->status == 404)
		tool_error("%s is not there: give the address of Pyroscope itself, or of an Alloy "
			   "with "
			   "pyroscope.receive_http",
			   server->url);
	else if (answer->status / 100 == 3)
		tool_error("%s leads to %s, where we don't follow: give that address", server->url,
			   *answer->location ? answer->location : "another place");
	else
		tool_error("%s: %s is refused with %ld: %s%s", server->url, name, answer->status,
			   text, more);
	free(more);
}

static unsigned throw_dice(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)now.tv_nsec / 1000;
}

static void wait_ms(struct push_server *server, uint64_t ms)
{
	struct timespec rest = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

	server->waited_ms += ms;
	nanosleep(&rest, NULL);
}

/* Returns how often it was tried. */
static unsigned ask(struct push_server *server, const struct http_request *request,
		    struct http_answer *answer)
{
	for (unsigned tries = 1;; tries++) {
		uint64_t ms;

		http_client_do(server->client, request, answer);
		ms = push_retry_wait_ms(answer, tries, server->waited_ms, throw_dice());
		if (ms == 0)
			return tries;
		if (answer->outcome == HTTP_ANSWERED)
			progress_show("%s answers %ld: again in %.1f s", server->url,
				      answer->status, (double)ms / 1000);
		else
			progress_show("%s: %s: again in %.1f s", server->url, answer->error,
				      (double)ms / 1000);
		wait_ms(server, ms);
	}
}

enum push_result push_server_send(struct push_server *server, const char *name, const char *kind,
				  const struct profile *profile, const void *bytes, size_t size)
{
	const char *config = config_of(kind);
	char *query = query_of(name, profile), *url = xasprintf("%s?%s", server->url, query);
	const struct http_part parts[] = {
		{"profile", "profile.pb.gz", "application/octet-stream", bytes, size},
		{"sample_type_config", "sample_type_config.json", "application/json", config,
		 config ? strlen(config) : 0}};
	struct http_request request = {.url = url,
				       .token = server->token,
				       .user = server->user,
				       .password = server->password,
				       .header = server->tenant,
				       .parts = parts,
				       .part_count = config ? 2 : 1,
				       .timeout_ms = server->timeout_ms,
				       .limit_bytes = 1 << 20};
	struct http_answer answer;
	unsigned tries = ask(server, &request, &answer);

	free(url);
	free(query);
	if (answer.outcome == HTTP_ANSWERED && answer.status / 100 == 2)
		return PUSH_TAKEN;
	say(server, name, &answer, tries);
	return is_hopeless(&answer) ? PUSH_HOPELESS : PUSH_REFUSED;
}
