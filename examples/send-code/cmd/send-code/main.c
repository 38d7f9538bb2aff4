/* SPDX-License-Identifier: MIT */
/* The service on standard input and output: a request a line, "send BODY" or "verify BODY". The
 * messages go to standard error, where a gateway would be. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "internal/controller/user/user.h"

#define MINUTE_MS 60000

static uint64_t now_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void gateway(void *context, const char *phone, const char *form)
{
	(void)context;
	fprintf(stderr, "to %s: %s\n", phone, form);
}

static struct user_reply answer(struct user *user, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "send ", 5) == 0)
		return user_send_code(user, line + 5);
	if (strncmp(line, "verify ", 7) == 0)
		return user_verify_code(user, line + 7);
	return (struct user_reply){404, "There is only send and verify."};
}

int main(void)
{
	struct user_config config = {
		.codes_max = 100000,
		.code_ttl_ms = 10 * MINUTE_MS,
		.resend_after_ms = MINUTE_MS,
		.workers = 4,
		.now_ms = now_ms,
		.gateway = gateway,
	};
	char line[4096];
	struct user *user;

	if (getrandom(config.secret, sizeof(config.secret), 0) != sizeof(config.secret) ||
	    !(user = user_new(&config))) {
		fputs("send-code: cannot start\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		struct user_reply reply = answer(user, line);

		printf("%d %s\n", reply.status, reply.reason);
	}
	user_free(user);
	return fflush(stdout) ? 1 : 0;
}
