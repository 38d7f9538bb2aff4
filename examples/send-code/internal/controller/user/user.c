/* SPDX-License-Identifier: MIT */
#include "internal/controller/user/user.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal/controller/user/private.h"

/* Messages that may wait for the gateway before senders wait too. */
#define QUEUE_MAX 64

static struct code_store *new_store(const struct user_config *config)
{
	struct code_store_config store = {
		.codes_max = config->codes_max,
		.ttl_ms = config->code_ttl_ms,
		.resend_after_ms = config->resend_after_ms,
	};

	memcpy(store.key, config->secret, sizeof(store.key));
	return code_store_new(&store);
}

static struct delivery *new_delivery(const struct user_config *config)
{
	struct delivery_config delivery = {
		.workers = config->workers,
		.queue_max = QUEUE_MAX,
		.gateway = config->gateway,
		.context = config->context,
	};

	memcpy(delivery.secret, config->secret, sizeof(delivery.secret));
	return delivery_start(&delivery);
}

struct user *user_new(const struct user_config *config)
{
	struct user *user = calloc(1, sizeof(*user));

	if (!user)
		return NULL;
	user->config = *config;
	user->store = new_store(config);
	user->delivery = new_delivery(config);
	if (!user->store || !user->delivery) {
		user_free(user);
		return NULL;
	}
	return user;
}

void user_free(struct user *user)
{
	if (!user)
		return;
	delivery_stop(user->delivery);
	code_store_free(user->store);
	free(user);
}

void user_drain(struct user *user)
{
	delivery_drain(user->delivery);
}

struct user_reply user_reply_to_bad_request(int error)
{
	if (error == -ENOMEM)
		return (struct user_reply){503, "Out of memory."};
	return (struct user_reply){400, "The request has no phone number in it."};
}
