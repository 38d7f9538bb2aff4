/* SPDX-License-Identifier: MIT */
#include "tool/live/http_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool/common/names.h"
#include "tool/tool.h"

#define CONNECT_MS 10000L

struct http_client {
	CURL *curl;
	bool is_begun; /* libcurl's own beginning */
};

/* A request that is under way. */
struct exchange {
	CURL *curl;
	const struct http_request *request;
	struct http_answer *answer;
	size_t text_len;
	bool is_too_large, is_stopped;
	int write_error; /* errno */
};

struct http_client *http_client_new(void)
{
	struct http_client *client = xcalloc(1, sizeof(*client));

	client->is_begun = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (client->is_begun)
		client->curl = curl_easy_init();
	if (client->curl)
		return client;
	tool_error("libcurl can't begin: there may be no memory left");
	http_client_free(client);
	return NULL;
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	if (client->curl)
		curl_easy_cleanup(client->curl);
	if (client->is_begun)
		curl_global_cleanup();
	free(client);
}

bool http_is_header_text(const char *text)
{
	const char *p = text;

	while (*p > ' ' && *p < 0x7f)
		p++;
	return p > text && *p == '\0';
}

/* What came from outside, as a terminal may show it. */
static void set_printable(char out[HTTP_TEXT_SIZE], const char *text)
{
	char *printable = names_printable(text);

	snprintf(out, HTTP_TEXT_SIZE, "%s", printable);
	free(printable);
}

static bool is_good_status(CURL *curl)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status / 100 == 2;
}

/* Of an answer that is no success: the beginning. */
static void take_text(struct exchange *exchange, const char *bytes, size_t size)
{
	size_t room = HTTP_TEXT_SIZE - 1 - exchange->text_len;
	size_t len = size < room ? size : room;

	memcpy(exchange->answer->text + exchange->text_len, bytes, len);
	exchange->text_len += len;
}

/* libcurl's CURLOPT_WRITEFUNCTION: anything but `size` ends the transfer. */
static size_t take(char *bytes, size_t one, size_t size, void *context)
{
	struct exchange *exchange = context;
	FILE *body = exchange->request->body;

	(void)one;
	exchange->answer->size += size;
	exchange->is_too_large = exchange->answer->size > exchange->request->limit_bytes;
	if (exchange->is_too_large)
		return 0;
	if (!is_good_status(exchange->curl))
		take_text(exchange, bytes, size);
	else if (body && fwrite(bytes, 1, size, body) != size) {
		exchange->write_error = errno;
		return 0;
	}
	return size;
}

/* CURLOPT_XFERINFOFUNCTION: anything but 0 ends the transfer. */
static int tick(void *context, curl_off_t to_come, curl_off_t received, curl_off_t to_go,
		curl_off_t sent)
{
	struct exchange *exchange = context;
	const struct http_request *request = exchange->request;

	(void)to_come;
	(void)to_go;
	(void)sent;
	exchange->is_stopped =
		request->tick && !request->tick(request->context, (uint64_t)received);
	return exchange->is_stopped;
}

static void set_identity(CURL *curl, const struct http_request *request)
{
	if (request->token) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->token);
	} else if (request->user) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD,
				 request->password ? request->password : "");
	}
}

static void set_options(CURL *curl, struct exchange *exchange)
{
	const struct http_request *request = exchange->request;

	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "pprofmk/" TOOL_VERSION);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->answer->error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tick);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	if (request->is_direct)
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
	set_identity(curl, request);
}

/* NULL for a GET. */
static curl_mime *make_form(CURL *curl, const struct http_request *request)
{
	curl_mime *form = request->part_count ? curl_mime_init(curl) : NULL;

	for (size_t i = 0; form && i < request->part_count; i++) {
		const struct http_part *from = &request->parts[i];
		curl_mimepart *part = curl_mime_addpart(form);

		curl_mime_name(part, from->name);
		curl_mime_filename(part, from->file_name);
		curl_mime_type(part, from->type);
		if (curl_mime_data(part, from->bytes, from->size) != CURLE_OK)
			xalloc_failed();
	}
	if (form)
		curl_easy_setopt(curl, CURLOPT_MIMEPOST, form);
	return form;
}

static enum http_outcome outcome_of(const struct exchange *exchange, CURLcode code)
{
	if (exchange->is_too_large)
		return HTTP_TOO_LARGE;
	if (exchange->is_stopped)
		return HTTP_STOPPED;
	if (exchange->write_error)
		return HTTP_NOT_KEPT;
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_COULDNT_CONNECT:
		return HTTP_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_NO_HOST;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMED_OUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return HTTP_CUT_OFF;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: no head at all */
	case CURLE_WEIRD_SERVER_REPLY:
		return HTTP_NO_HTTP;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
		return HTTP_NO_TLS;
	default:
		return HTTP_FAILED;
	}
}

/* What libcurl and the server say, as text for a terminal. */
static void finish(struct exchange *exchange, CURLcode code)
{
	struct http_answer *answer = exchange->answer;
	char *location = NULL;
	curl_off_t retry_after_s = 0;

	answer->outcome = outcome_of(exchange, code);
	curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(exchange->curl, CURLINFO_REDIRECT_URL, &location);
	curl_easy_getinfo(exchange->curl, CURLINFO_RETRY_AFTER, &retry_after_s);
	answer->retry_after_s = retry_after_s > 0 ? (uint64_t)retry_after_s : 0;
	if (location)
		set_printable(answer->location, location);
	answer->text[strcspn(answer->text, "\r\n")] = '\0';
	set_printable(answer->text, answer->text);
	if (exchange->write_error)
		snprintf(answer->error, HTTP_TEXT_SIZE, "%s", strerror(exchange->write_error));
	else
		set_printable(answer->error,
			      *answer->error ? answer->error : curl_easy_strerror(code));
}

void http_client_do(struct http_client *client, const struct http_request *request,
		    struct http_answer *answer)
{
	struct exchange exchange = {.curl = client->curl, .request = request, .answer = answer};
	struct curl_slist *headers =
		request->header ? curl_slist_append(NULL, request->header) : NULL;
	curl_mime *form;

	*answer = (struct http_answer){0};
	set_options(client->curl, &exchange);
	if (headers)
		curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
	form = make_form(client->curl, request);
	finish(&exchange, curl_easy_perform(client->curl));
	curl_mime_free(form);
	curl_slist_free_all(headers);
}
