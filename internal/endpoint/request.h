/* SPDX-License-Identifier: MIT */
/* One request, from its first line until it is answered. */
#ifndef PPROFMK_ENDPOINT_REQUEST_H
#define PPROFMK_ENDPOINT_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/answer.h"

struct client;
struct page;

/* Bounds: of the path and what is asked behind it, and of addresses that are posted. */
enum { REQUEST_LINE_MAX = 4096, REQUEST_BODY_MAX = 256 << 10 };

enum request_step {
	REQUEST_COMING,	  /* being read */
	REQUEST_WAITING,  /* until deadline_ns, or until the client goes away */
	REQUEST_QUEUED,	  /* its question is to be asked */
	REQUEST_ASKED,	  /* the reply will come */
	REQUEST_ANSWERED, /* status and what follows are to be sent */
	REQUEST_GONE,	  /* nobody waits for an answer */
};

struct request {
	struct request *next; /* of those that are not answered yet */
	struct MHD_Connection *connection;
	struct client *client; /* set aside: whose it is */
	enum request_step step;
	bool is_post, was_asked_again;
	char path[REQUEST_LINE_MAX]; /* unescaped */
	const char *query;	     /* as it came, in uri[]; NULL: none */
	char uri[REQUEST_LINE_MAX];
	char *body;
	size_t body_size;
	const struct page *page;
	uint64_t deadline_ns; /* of CLOCK_MONOTONIC */
	struct answer_question question;
	int fds[ANSWER_FDS_MAX]; /* question.fd_count of them are ours */
	/* The answer. */
	unsigned status;
	const char *type;
	bool is_error; /* of net/http/pprof's: X-Go-Pprof */
	char name[32]; /* of the file to save, "": none */
	char *text;    /* NULL: it is in the file, or there is no memory */
	size_t text_size;
	int file;			   /* -1: none */
	const char *header, *header_value; /* another one, NULL: none */
};

/* NULL when there is no memory. */
struct request *request_new(const char *uri);
void request_free(struct request *request);

/* More of what is posted. False: too much. */
bool request_add_body(struct request *request, const char *bytes, size_t size);

/* A number of its query as Go's handlers read it with strconv.Atoi, 0 where there is none. */
int64_t request_number(const struct request *request, const char *name);

/* It is answered by bytes, which are the request's from now on; NULL: there was no memory. */
void request_answer(struct request *request, unsigned status, char *text, size_t size);

/* By an error of a server's: one line. */
void request_refuse(struct request *request, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* By one of net/http/pprof's. */
void request_error(struct request *request, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Hand the answer over to be sent. *size_bytes is how much it is. */
enum MHD_Result request_send(struct request *request, uint64_t *size_bytes);

#endif
