/* SPDX-License-Identifier: MIT */
#include "internal/store/code_store.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal/digest/sha256.h"

/* A slot of the table; empty when expires_ms is 0. */
struct entry {
	char phone[CODE_STORE_PHONE_MAX + 2]; /* with the + before and the zero after */
	char code[CODE_STORE_CODE_LEN];
	uint8_t tries_left; /* 0: used up */
	uint64_t sent_ms, expires_ms;
};

/* Open addressing with linear probing: the tables are twice as large as codes_max, so that a
 * free slot is near. */
struct code_store {
	struct code_store_config config;
	size_t mask; /* number of slots, a power of two, less one */

	pthread_mutex_t lock; /* guards what follows */
	struct entry *entries;
	struct entry *spare; /* as large; used while the expired ones are dropped */
	size_t used;	     /* entries that are not empty */
};

static size_t slots_for(size_t codes_max)
{
	size_t slots = 2;

	while (slots < 2 * codes_max)
		slots *= 2;
	return slots;
}

struct code_store *code_store_new(const struct code_store_config *config)
{
	struct code_store *store = calloc(1, sizeof(*store));
	size_t slots = slots_for(config->codes_max);

	if (!store)
		return NULL;
	store->config = *config;
	store->mask = slots - 1;
	store->entries = calloc(slots, sizeof(*store->entries));
	store->spare = calloc(slots, sizeof(*store->spare));
	pthread_mutex_init(&store->lock, NULL);
	if (!store->entries || !store->spare) {
		code_store_free(store);
		return NULL;
	}
	return store;
}

void code_store_free(struct code_store *store)
{
	if (!store)
		return;
	pthread_mutex_destroy(&store->lock);
	free(store->entries);
	free(store->spare);
	free(store);
}

/* The slot where `phone` is, or where it would go. */
static struct entry *find_slot(const struct code_store *store, struct entry *entries,
			       const char *phone)
{
	uint8_t digest[SHA256_SIZE];
	size_t slot;

	sha256_keyed(store->config.key, sizeof(store->config.key), phone, digest);
	memcpy(&slot, digest, sizeof(slot));
	for (slot &= store->mask; entries[slot].expires_ms; slot = (slot + 1) & store->mask)
		if (strcmp(entries[slot].phone, phone) == 0)
			break;
	return &entries[slot];
}

/* Nothing can be taken out of the middle of a run of probes: move what is alive to the spare
 * table. */
static void drop_expired(struct code_store *store, uint64_t now_ms)
{
	struct entry *spare = store->spare;

	memset(spare, 0, (store->mask + 1) * sizeof(*spare));
	store->used = 0;
	for (size_t i = 0; i <= store->mask; i++) {
		const struct entry *entry = &store->entries[i];

		if (entry->expires_ms <= now_ms)
			continue;
		*find_slot(store, spare, entry->phone) = *entry;
		store->used++;
	}
	store->spare = store->entries;
	store->entries = spare;
}

static int put_locked(struct code_store *store, const char *phone, const char *code,
		      uint64_t now_ms)
{
	struct entry *entry;

	drop_expired(store, now_ms);
	entry = find_slot(store, store->entries, phone);
	if (entry->expires_ms && now_ms - entry->sent_ms < store->config.resend_after_ms)
		return -EAGAIN;
	if (!entry->expires_ms && store->used == store->config.codes_max)
		return -ENOSPC;
	store->used += !entry->expires_ms;
	memcpy(entry->phone, phone, strlen(phone) + 1);
	memcpy(entry->code, code, sizeof(entry->code));
	entry->tries_left = CODE_STORE_TRIES;
	entry->sent_ms = now_ms;
	entry->expires_ms = now_ms + store->config.ttl_ms;
	return 0;
}

int code_store_put(struct code_store *store, const char *phone, const char *code, uint64_t now_ms)
{
	int error;

	if (strlen(phone) > CODE_STORE_PHONE_MAX + 1 || strlen(code) != CODE_STORE_CODE_LEN)
		return -EINVAL;
	pthread_mutex_lock(&store->lock);
	error = put_locked(store, phone, code, now_ms);
	pthread_mutex_unlock(&store->lock);
	return error;
}

/* Compare in a time that does not tell how much of the code was right. */
static int same_code(const char *a, const char *b)
{
	int different = 0;

	for (size_t i = 0; i < CODE_STORE_CODE_LEN; i++)
		different |= a[i] ^ b[i];
	return !different;
}

static int take_locked(struct code_store *store, const char *phone, const char *code,
		       uint64_t now_ms)
{
	struct entry *entry = find_slot(store, store->entries, phone);

	if (entry->expires_ms <= now_ms)
		return -ENOENT;
	if (!entry->tries_left)
		return -EACCES;
	if (strlen(code) != CODE_STORE_CODE_LEN || !same_code(entry->code, code)) {
		entry->tries_left--;
		return -EACCES;
	}
	entry->tries_left = 0;
	return 0;
}

int code_store_take(struct code_store *store, const char *phone, const char *code, uint64_t now_ms)
{
	int error;

	pthread_mutex_lock(&store->lock);
	error = take_locked(store, phone, code, now_ms);
	pthread_mutex_unlock(&store->lock);
	return error;
}

size_t code_store_count(struct code_store *store, uint64_t now_ms)
{
	size_t count;

	pthread_mutex_lock(&store->lock);
	drop_expired(store, now_ms);
	count = store->used;
	pthread_mutex_unlock(&store->lock);
	return count;
}
