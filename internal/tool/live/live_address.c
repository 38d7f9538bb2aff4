/* SPDX-License-Identifier: MIT */
#include "tool/live/live_address.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define EXAMPLE "give one like 127.0.0.1:6060"

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

/* As libcurl reads addresses. The caller frees it. */
static char *complete(const char *text, bool *has_scheme)
{
	*has_scheme = strstr(text, "://") != NULL;
	if (*has_scheme)
		return xstrdup(text);
	return xasprintf("http://%s%s", *text == ':' ? "127.0.0.1" : "", text);
}

/* A part, "" where there is none. The caller gives it back with curl_free(). */
static char *part(CURLU *url, CURLUPart which, unsigned flags)
{
	char *text = NULL;

	if (curl_url_get(url, which, &text, flags) != CURLUE_OK)
		text = NULL;
	return text;
}

static bool is_absent(CURLU *url, CURLUPart which)
{
	char *text = part(url, which, 0);
	bool absent = text == NULL;

	curl_free(text);
	return absent;
}

static bool is_path_of_ours(CURLU *url)
{
	char *path = part(url, CURLUPART_PATH, 0);
	bool is_ours = path && (strcmp(path, "/") == 0 || strcmp(path, "/debug/pprof") == 0 ||
				strcmp(path, "/debug/pprof/") == 0);

	curl_free(path);
	return is_ours;
}

static const char *check(CURLU *url, const char *text, bool has_scheme)
{
	char *scheme;
	bool is_http;

	if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return "it is no address: " EXAMPLE;
	scheme = part(url, CURLUPART_SCHEME, 0);
	is_http = scheme && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
	curl_free(scheme);
	if (!is_http)
		return "only http:// and https:// lead to an endpoint";
	if (!is_absent(url, CURLUPART_USER) || !is_absent(url, CURLUPART_PASSWORD))
		return "names and passwords do not belong in an address: a token goes into "
		       "PPROF_HTTP_TOKEN";
	if (!has_scheme && is_absent(url, CURLUPART_PORT))
		return "the port is missing: " EXAMPLE;
	if (!is_path_of_ours(url) || !is_absent(url, CURLUPART_QUERY) ||
	    !is_absent(url, CURLUPART_FRAGMENT))
		return "what follows the port is none of ours: Kind= says what to fetch";
	return NULL;
}

static void fill(struct live_address *address, CURLU *url)
{
	char *scheme = part(url, CURLUPART_SCHEME, 0), *host = part(url, CURLUPART_HOST, 0);
	char *port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	size_t len = strlen(host);
	bool has_brackets = len > 2 && host[0] == '[';

	address->base = xasprintf("%s://%s:%s", scheme, host, port);
	address->name = xasprintf("%.*s-%s", (int)(has_brackets ? len - 2 : len),
				  host + has_brackets, port);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
}

const char *live_address_read(struct live_address *address, const char *text)
{
	CURLU *url = curl_url();
	const char *problem = "it is no address: " EXAMPLE;
	bool has_scheme;
	char *whole;

	*address = (struct live_address){0};
	if (!url)
		xalloc_failed();
	if (*text && is_plain(text)) {
		whole = complete(text, &has_scheme);
		problem = check(url, whole, has_scheme);
		free(whole);
	}
	if (!problem)
		fill(address, url);
	curl_url_cleanup(url);
	return problem;
}

void live_address_free(struct live_address *address)
{
	free(address->base);
	free(address->name);
	*address = (struct live_address){0};
}
