/* SPDX-License-Identifier: MIT */
/* The requests of a user who proves that a phone number is theirs: have a code sent, give it
 * back. */
#ifndef SEND_CODE_CONTROLLER_USER_USER_H
#define SEND_CODE_CONTROLLER_USER_USER_H

#include <stddef.h>
#include <stdint.h>

#include "internal/delivery/delivery.h"

struct user_config {
	size_t codes_max;	  /* codes alive at a time */
	uint64_t code_ttl_ms;	  /* how long a code is good */
	uint64_t resend_after_ms; /* how long a number waits for its next code */
	size_t workers;		  /* threads that deliver */
	uint8_t secret[16];
	uint64_t (*now_ms)(void *context); /* a clock that does not go backwards */
	delivery_gateway *gateway;
	void *context; /* for both */
};

/* What the caller is told. */
struct user_reply {
	int status;	    /* as in HTTP */
	const char *reason; /* one English sentence, static */
};

struct user;

struct user *user_new(const struct user_config *config); /* NULL without memory or threads */
void user_free(struct user *user);			 /* delivers what is queued; NULL is fine */

/* Wait until every message so far has been handed to the gateway. */
void user_drain(struct user *user);

/* Send a code to the `phone` of the body, in the language of its `locale`. Any thread.
 *
 * 200 when it is on its way, 400 for a body without a good number, 429 when the number got a
 * code less than resend_after_ms ago, 503 when no more codes can be kept. */
struct user_reply user_send_code(struct user *user, const char *body);

/* See whether `code` of the body is the one that was sent to its `phone`, and use it up. Any
 * thread.
 *
 * 200 when it is, 400 as above, 403 when it is not, when it has expired or after three wrong
 * ones. */
struct user_reply user_verify_code(struct user *user, const char *body);

#endif
