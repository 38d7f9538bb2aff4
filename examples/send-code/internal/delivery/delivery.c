/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "internal/delivery/delivery.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal/digest/sha256.h"
#include "internal/text/text.h"

struct message {
	struct message *next;
	char *text;
	char phone[24];
};

struct delivery {
	struct delivery_config config;
	pthread_t threads[DELIVERY_WORKERS_MAX];
	size_t started; /* workers that run */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t not_empty, not_full, idle;
	struct message *first, **last; /* the queue */
	size_t queued;
	size_t busy; /* workers that have a message in hand */
	int stopping;
};

/* The next message, or NULL when there is nothing left to do. */
static struct message *take_message(struct delivery *delivery)
{
	struct message *message;

	pthread_mutex_lock(&delivery->lock);
	while (!delivery->first && !delivery->stopping)
		pthread_cond_wait(&delivery->not_empty, &delivery->lock);
	message = delivery->first;
	if (message) {
		delivery->first = message->next;
		if (!delivery->first)
			delivery->last = &delivery->first;
		delivery->queued--;
		delivery->busy++;
		pthread_cond_signal(&delivery->not_full);
	}
	pthread_mutex_unlock(&delivery->lock);
	return message;
}

static void message_done(struct delivery *delivery, struct message *message)
{
	free(message->text);
	free(message);
	pthread_mutex_lock(&delivery->lock);
	delivery->busy--;
	if (!delivery->first && !delivery->busy)
		pthread_cond_broadcast(&delivery->idle);
	pthread_mutex_unlock(&delivery->lock);
}

/* Write the gateway's request: whom, what, and the digest of both under our secret. */
static void write_form(const struct delivery *delivery, const struct message *message,
		       struct text *form)
{
	const struct delivery_config *config = &delivery->config;
	uint8_t digest[SHA256_SIZE];

	text_append(form, "to=");
	text_append_form(form, message->phone);
	text_append(form, "&text=");
	text_append_form(form, message->text);
	if (form->failed)
		return;
	sha256_keyed(config->secret, sizeof(config->secret), form->bytes, digest);
	text_append(form, "&signature=");
	text_append_hex(form, digest, sizeof(digest));
}

static void hand_over(struct delivery *delivery, const struct message *message)
{
	struct text form = {0};

	write_form(delivery, message, &form);
	if (!form.failed)
		delivery->config.gateway(delivery->config.context, message->phone, form.bytes);
	text_clear(&form);
}

static void *deliver_messages(void *argument)
{
	struct delivery *delivery = argument;
	struct message *message;

	while ((message = take_message(delivery))) {
		hand_over(delivery, message);
		message_done(delivery, message);
	}
	return NULL;
}

static void start_workers(struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->config.workers; i++) {
		char name[32];

		if (pthread_create(&delivery->threads[i], NULL, deliver_messages, delivery))
			return;
		snprintf(name, sizeof(name), "delivery-%zu", i + 1);
		pthread_setname_np(delivery->threads[i], name);
		delivery->started++;
	}
}

struct delivery *delivery_start(const struct delivery_config *config)
{
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery)
		return NULL;
	delivery->config = *config;
	delivery->last = &delivery->first;
	pthread_mutex_init(&delivery->lock, NULL);
	pthread_cond_init(&delivery->not_empty, NULL);
	pthread_cond_init(&delivery->not_full, NULL);
	pthread_cond_init(&delivery->idle, NULL);
	start_workers(delivery);
	if (delivery->started < config->workers) {
		delivery_stop(delivery);
		return NULL;
	}
	return delivery;
}

static struct message *new_message(const char *phone, char *text)
{
	struct message *message = calloc(1, sizeof(*message));

	if (!message) {
		free(text);
		return NULL;
	}
	message->text = text;
	snprintf(message->phone, sizeof(message->phone), "%s", phone);
	return message;
}

int delivery_send(struct delivery *delivery, const char *phone, char *text)
{
	struct message *message = new_message(phone, text);

	if (!message)
		return -ENOMEM;
	pthread_mutex_lock(&delivery->lock);
	while (delivery->queued == delivery->config.queue_max)
		pthread_cond_wait(&delivery->not_full, &delivery->lock);
	*delivery->last = message;
	delivery->last = &message->next;
	delivery->queued++;
	pthread_cond_signal(&delivery->not_empty);
	pthread_mutex_unlock(&delivery->lock);
	return 0;
}

void delivery_drain(struct delivery *delivery)
{
	pthread_mutex_lock(&delivery->lock);
	while (delivery->started && (delivery->first || delivery->busy))
		pthread_cond_wait(&delivery->idle, &delivery->lock);
	pthread_mutex_unlock(&delivery->lock);
}

void delivery_stop(struct delivery *delivery)
{
	if (!delivery)
		return;
	delivery_drain(delivery);
	pthread_mutex_lock(&delivery->lock);
	delivery->stopping = 1;
	pthread_cond_broadcast(&delivery->not_empty);
	pthread_mutex_unlock(&delivery->lock);
	for (size_t i = 0; i < delivery->started; i++)
		pthread_join(delivery->threads[i], NULL);
	pthread_cond_destroy(&delivery->idle);
	pthread_cond_destroy(&delivery->not_full);
	pthread_cond_destroy(&delivery->not_empty);
	pthread_mutex_destroy(&delivery->lock);
	free(delivery);
}
