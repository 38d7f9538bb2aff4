/* SPDX-License-Identifier: MIT */
/* Hands messages to the SMS gateway from worker threads, so that a request need not wait for it. */
#ifndef SEND_CODE_DELIVERY_DELIVERY_H
#define SEND_CODE_DELIVERY_DELIVERY_H

#include <stddef.h>
#include <stdint.h>

/* Send one message. `form` is the signed body of the gateway's request,
 * application/x-www-form-urlencoded; it is gone after the call. Called from several workers at a
 * time. */
typedef void delivery_gateway(void *context, const char *phone, const char *form);

struct delivery_config {
	size_t workers;	    /* threads, 1..DELIVERY_WORKERS_MAX, named delivery-1, delivery-2 ... */
	size_t queue_max;   /* messages that may wait, at least 1 */
	uint8_t secret[16]; /* that the gateway shares; signs each message */
	delivery_gateway *gateway;
	void *context;
};

#define DELIVERY_WORKERS_MAX 16

struct delivery;

/* Start the workers. NULL without memory or threads. */
struct delivery *delivery_start(const struct delivery_config *config);

/* Queue a message; waits while the queue is full. Takes `message` (from malloc) over and copies
 * `phone`. Returns 0 or -ENOMEM; `message` is taken over then too. */
int delivery_send(struct delivery *delivery, const char *phone, char *message);

/* Wait until every message queued so far has been handed to the gateway. */
void delivery_drain(struct delivery *delivery);

/* Drain, end the workers, free. NULL is fine. No other thread may be in delivery_send(). */
void delivery_stop(struct delivery *delivery);

#endif
