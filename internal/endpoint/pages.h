/* SPDX-License-Identifier: MIT */
/* The paths that there are, and what each does. */
#ifndef PPROFMK_ENDPOINT_PAGES_H
#define PPROFMK_ENDPOINT_PAGES_H

#include "endpoint/server.h"

struct page {
	const char *path;
	bool takes_post;
	/* The request is complete: answers it, or leaves it at a later step. */
	void (*begin)(const struct page *page, struct server *server, struct request *request);
	/* After a wait: the time is over, or (REQUEST_GONE) nobody waits any more and what was begun is to be ended. NULL: it never
	 * waits. */
	void (*end)(const struct page *page, struct server *server, struct request *request);
	enum answer_kind kind;
	enum answer_form form;
};

/* The page of a request; where there is none the request is answered, and NULL. */
const struct page *page_find(struct request *request);

#endif
