/* SPDX-License-Identifier: MIT */
#include "internal/controller/user/user.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal/controller/user/private.h"
#include "internal/controller/user/request.h"
#include "internal/digest/sha256.h"
#include "internal/text/text.h"

/* The message by language; the first one is for everybody else. */
static const struct {
	const char *locale, *format;
} messages[] = {
	{"en", "Your code is {code}. It is good for {minutes} minutes. Tell it to nobody."},
	{"de", "Ihr Code ist {code}. Er gilt {minutes} Minuten. Sagen Sie ihn niemandem."},
	{"fr", "Votre code est {code}. Il est valable {minutes} minutes. Ne le donnez pas."},
};

static const char *message_format(const char *locale)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
		if (strcmp(messages[i].locale, locale) == 0)
			return messages[i].format;
	return messages[0].format;
}

/* A code that only who knows the secret can tell: digits of a digest of it, the number and the
 * time. 2^32 is no multiple of 10^6; the first codes are likelier by 0.02 %, which does not help
 * to guess one in three tries. */
static void make_code(const struct user *user, const char *phone, uint64_t now_ms,
		      char code[CODE_STORE_CODE_LEN + 1])
{
	uint8_t digest[SHA256_SIZE];
	char text[48];
	uint32_t number;

	snprintf(text, sizeof(text), "%s %llu", phone, (unsigned long long)now_ms);
	sha256_keyed(user->config.secret, sizeof(user->config.secret), text, digest);
	memcpy(&number, digest, sizeof(number));
	snprintf(code, CODE_STORE_CODE_LEN + 1, "%06u", (unsigned)(number % 1000000));
}

static char *write_message(const struct user *user, const char *locale, const char *code)
{
	char minutes[24];
	const struct text_field fields[] = {{"code", code}, {"minutes", minutes}};
	struct text message = {0};

	snprintf(minutes, sizeof(minutes), "%llu",
		 (unsigned long long)(user->config.code_ttl_ms / 60000));
	text_expand(&message, message_format(locale), fields, 2);
	if (message.failed)
		text_clear(&message);
	return message.bytes;
}

static struct user_reply deliver(struct user *user, const struct request *request, const char *code)
{
	char *message = write_message(user, request->locale, code);

	if (!message || delivery_send(user->delivery, request->phone, message))
		return (struct user_reply){503, "Out of memory."};
	return (struct user_reply){200, "The code is on its way."};
}

struct user_reply user_send_code(struct user *user, const char *body)
{
	uint64_t now_ms = user->config.now_ms(user->config.context);
	char code[CODE_STORE_CODE_LEN + 1];
	struct request request;
	struct user_reply reply;
	int error = request_parse(&request, body);

	if (error)
		return user_reply_to_bad_request(error);
	make_code(user, request.phone, now_ms, code);
	error = code_store_put(user->store, request.phone, code, now_ms);
	if (error == -EAGAIN)
		return (struct user_reply){429, "A code is on its way already."};
	if (error)
		reply = (struct user_reply){503, "Too many codes are on their way."};
	else
		reply = deliver(user, &request, code);
	request_release(&request);
	return reply;
}
