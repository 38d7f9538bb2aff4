/* SPDX-License-Identifier: MIT */
#include "tool/live/live_fetch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/common/progress.h"
#include "tool/tool.h"

#define TOKEN "PPROF_HTTP_TOKEN"

int live_place_open(struct live_place *place, const struct options *options)
{
	const char *text = options_text(options, "addr");
	const char *problem = live_address_read(&place->address, text);
	uint64_t patience_ns = 0;

	*place = (struct live_place){.address = place->address};
	if (problem)
		return options_wrong(options->command, "--addr \"%.60s\": %s", text, problem);
	options_value(options, "timeout", &patience_ns);
	place->patience_ms = patience_ns / 1000000 + 1;
	place->token = getenv(TOKEN);
	if (place->token && !*place->token)
		place->token = NULL;
	if (place->token && !http_is_header_text(place->token)) {
		live_address_free(&place->address);
		return options_wrong(options->command, TOKEN
				     " has a space, or is not ASCII: no such token is demanded");
	}
	place->client = http_client_new();
	if (place->client)
		return TOOL_OK;
	live_address_free(&place->address);
	return TOOL_FAILED;
}

void live_place_close(struct live_place *place)
{
	http_client_free(place->client);
	live_address_free(&place->address);
}

/* What is shown while something is recorded. */
struct waiting {
	const struct live_place *place;
	const struct live_question *question;
	time_t began, shown;
};

static bool wait_on(void *context, uint64_t received)
{
	struct waiting *waiting = context;
	time_t now = time(NULL);
	uint64_t passed = now > waiting->began ? (uint64_t)(now - waiting->began) : 0;

	if (waiting->place->is_over && waiting->place->is_over())
		return false;
	if (now == waiting->shown)
		return true;
	waiting->shown = now;
	if (received || passed >= waiting->question->seconds)
		progress_show("%s of %s: %" PRIu64 " kB", waiting->question->what,
			      waiting->place->address.base, received >> 10);
	else
		progress_show("%s of %s: %" PRIu64 " of %" PRIu64 " s", waiting->question->what,
			      waiting->place->address.base, passed, waiting->question->seconds);
	return true;
}

static void say_refused(const char *base, const char *error)
{
	tool_error("nobody answers at %s (%s): start the program with PPROF_HTTP=address and "
		   "libpprofmk-live.so preloaded, or let it call pprof_http_serve()",
		   base, error);
}

static void say_outcome(const struct live_place *place, const struct live_question *question,
			const struct http_answer *answer)
{
	const char *base = place->address.base;

	switch (answer->outcome) {
	case HTTP_REFUSED:
		say_refused(base, answer->error);
		break;
	case HTTP_NO_HOST:
		tool_error("%s: the host has no address: %s", base, answer->error);
		break;
	case HTTP_TIMED_OUT:
		tool_error("%s: no answer for %s within %" PRIu64
			   " s: the program may be stopped or overloaded; Timeout= waits longer",
			   base, question->what, question->seconds + place->patience_ms / 1000);
		break;
	case HTTP_TOO_LARGE:
		tool_error("%s: the answer for %s has more than %" PRIu64
			   " MB: nothing is kept; %s",
			   base, question->what, question->limit_bytes >> 20,
			   question->cure_too_large);
		break;
	case HTTP_CUT_OFF:
		tool_error("%s: the connection ended after %" PRIu64
			   " bytes of the answer: has the program ended?",
			   base, answer->size);
		break;
	case HTTP_NO_HTTP:
		tool_error("%s: what answers there does not speak HTTP: is it the right port?",
			   base);
		break;
	case HTTP_NO_TLS:
		tool_error(
			"%s: %s: the endpoint itself does not encrypt, only what stands in front "
			"of it may; without that the address is http://",
			base, answer->error);
		break;
	case HTTP_NOT_KEPT:
		tool_error("%s: the answer could not be kept: %s", base, answer->error);
		break;
	default:
		tool_error("%s: %s", base, answer->error);
		break;
	}
}

static void say_status(const struct live_place *place, const struct live_question *question,
		       const struct http_answer *answer)
{
	const char *base = place->address.base;

	if (answer->status == 401 || answer->status == 403)
		tool_error("%s %s: %s", base,
			   place->token ? "does not take the token of " TOKEN : "demands a token",
			   place->token ? "it is another one's"
					: "give it in the environment, as " TOKEN "=...");
	else if (answer->status == 404)
		tool_error("%s has no /debug/pprof/%s (%s): is it a program with pprof.mk's "
			   "endpoint, or one of Go's with net/http/pprof?",
			   base, question->path, *answer->text ? answer->text : "404");
	else if (answer->status / 100 == 3)
		tool_error("%s leads to %s, where we don't follow: give that address if it is the "
			   "program's",
			   base, *answer->location ? answer->location : "another place");
	else
		tool_error("%s answers %ld for /debug/pprof/%s: %s", base, answer->status,
			   question->path, *answer->text ? answer->text : "without saying why");
}

int live_fetch(const struct live_place *place, const struct live_question *question, FILE *body,
	       enum http_outcome *outcome)
{
	struct waiting waiting = {place, question, time(NULL), 0};
	char *query =
		question->seconds ? xasprintf("?seconds=%" PRIu64, question->seconds) : xstrdup("");
	char *url = xasprintf("%s/debug/pprof/%s%s", place->address.base, question->path, query);
	struct http_request request = {.url = url,
				       .token = place->token,
				       .is_direct = true,
				       .timeout_ms = question->seconds * 1000 + place->patience_ms,
				       .limit_bytes = question->limit_bytes,
				       .body = body,
				       .tick = wait_on,
				       .context = &waiting};
	struct http_answer answer;

	http_client_do(place->client, &request, &answer);
	progress_clear();
	free(url);
	free(query);
	if (outcome)
		*outcome = answer.outcome;
	if (answer.outcome == HTTP_ANSWERED && answer.status / 100 != 2)
		say_status(place, question, &answer);
	else if (answer.outcome == HTTP_ANSWERED && answer.size == 0)
		tool_error("%s: the answer for %s is empty: is it a program with pprof.mk's "
			   "endpoint?",
			   place->address.base, question->what);
	else if (answer.outcome == HTTP_ANSWERED)
		return TOOL_OK;
	else if (!outcome || (answer.outcome != HTTP_STOPPED && answer.outcome != HTTP_REFUSED))
		say_outcome(place, question, &answer);
	return TOOL_FAILED;
}

/* The type that the kind's views open with, as the profile has it. */
static int find_type(const struct live_kind *kind, const struct live_profile *live)
{
	int type = kind_type_index(live->profile, kind_find(kind->name)->shown);

	/* There is only one, and servers name it each in its way. */
	if (type < 0 && live->profile->type_count == 1 && strcmp(kind->name, "threads") == 0)
		return 0;
	return type;
}

static int read_answer(const struct live_place *place, const struct live_kind *kind,
		       struct live_profile *live)
{
	char error[512];
	int type;

	live->profile = profile_parse(live->bytes, live->size, error, sizeof(error));
	if (!live->profile) {
		tool_error(
			"%s: the answer for %s is no profile: %s: is it a program with pprof.mk's "
			"endpoint, or Go's?",
			place->address.base, kind->name, error);
		return TOOL_FAILED;
	}
	type = find_type(kind, live);
	if (type < 0) {
		tool_error("%s: the answer is no %s profile, it has no sample type \"%s\"",
			   place->address.base, kind->name, kind_find(kind->name)->shown);
		return TOOL_FAILED;
	}
	live->type = (size_t)type;
	return TOOL_OK;
}

int live_fetch_profile(const struct live_place *place, const struct live_kind *kind,
		       uint64_t seconds, struct live_profile *into, enum http_outcome *outcome)
{
	struct live_question question = {kind->name, kind->path, seconds, LIVE_PROFILE_MAX_BYTES,
					 "no profile of ours has so much"};
	FILE *body;
	int status;

	*into = (struct live_profile){0};
	body = open_memstream(&into->bytes, &into->size);
	if (!body)
		xalloc_failed();
	status = live_fetch(place, &question, body, outcome);
	if (fclose(body) != 0)
		xalloc_failed();
	if (status == TOOL_OK)
		status = read_answer(place, kind, into);
	if (status != TOOL_OK)
		live_profile_free(into);
	return status;
}

void live_profile_free(struct live_profile *live)
{
	profile_free(live->profile);
	free(live->bytes);
	*live = (struct live_profile){0};
}
