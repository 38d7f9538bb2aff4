/* SPDX-License-Identifier: MIT */
/* One request at a time to an HTTP server, by libcurl. Redirects are not followed: a token is for whoever it was given for. */
#ifndef PPROFMK_TOOL_HTTP_CLIENT_H
#define PPROFMK_TOOL_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum http_outcome {
	HTTP_ANSWERED,	/* whatever the status is */
	HTTP_REFUSED,	/* nobody listens there, or no way leads there */
	HTTP_NO_HOST,	/* the name has no address */
	HTTP_TIMED_OUT, /* not all of it came in time */
	HTTP_TOO_LARGE,
	HTTP_CUT_OFF,  /* the connection ended before the answer did */
	HTTP_NO_HTTP,  /* something else speaks there */
	HTTP_NO_TLS,   /* no agreement on encryption: `error` says why */
	HTTP_NOT_KEPT, /* `body` could not be written: `error` says why */
	HTTP_STOPPED,  /* by `tick` */
	HTTP_FAILED,   /* something else: `error` says what */
};

/* A file of a form (multipart/form-data). */
struct http_part {
	const char *name, *file_name, *type; /* type: "application/json" */
	const void *bytes;		     /* valid until the request is over */
	size_t size;
};

struct http_request {
	const char *url;
	const char *token;	       /* sent as "Bearer"; NULL: none */
	const char *user, *password;   /* sent as Basic where there is no token; NULL: none */
	const char *header;	       /* a line more, NULL: none */
	const struct http_part *parts; /* a POST of them; with part_count 0 a GET */
	size_t part_count;
	bool is_direct;	      /* whatever proxy the environment names */
	uint64_t timeout_ms;  /* for all of it; connecting may take 10 s of it */
	uint64_t limit_bytes; /* of a body that is kept */
	FILE *body;	      /* gets the body where the status is 200..299; NULL: it is not kept */
	/* Called some times a second, with the bytes that have come. False: stop. NULL: none. */
	bool (*tick)(void *context, uint64_t received);
	void *context;
};

#define HTTP_TEXT_SIZE 400

struct http_answer {
	enum http_outcome outcome;
	long status;		/* 0: there was none */
	uint64_t size;		/* bytes of the body that came */
	uint64_t retry_after_s; /* Retry-After, from now on; 0: none */
	char text
		[HTTP_TEXT_SIZE]; /* the beginning of the first line of any other body; printable */
	char location[HTTP_TEXT_SIZE]; /* where it leads to, of 3xx; printable */
	char error[HTTP_TEXT_SIZE];
};

struct http_client;

/* Connections are kept between requests. NULL when libcurl can't begin. Context: one thread. */
struct http_client *http_client_new(void);
void http_client_free(struct http_client *client);

/* Ask, and wait for the answer: says nothing, neither of success nor of failure. answer->outcome is HTTP_ANSWERED where there is a status,
 * whatever it is. */
void http_client_do(struct http_client *client, const struct http_request *request,
		    struct http_answer *answer);

/* May a text be sent in a header: printable ASCII, at least a byte? */
bool http_is_header_text(const char *text);

#endif
