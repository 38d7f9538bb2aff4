/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal/controller/user/user.h"

#define HANDLERS	4
#define PHONES_EACH	50 /* of one handler */
#define PHONES		(HANDLERS * PHONES_EACH)
#define IMPATIENT_EVERY 5 /* each fifth user asks twice */

#define CODE_TTL_MS	600000
#define RESEND_AFTER_MS 60000

/* What the tests stand on: a user service, a clock that they set and a gateway that keeps what
 * it gets. */
struct fixture {
	struct user *user;
	uint64_t now_ms; /* set while no request runs */

	pthread_mutex_t lock; /* guards what follows */
	unsigned sent[PHONES];
	char form[PHONES][256];
};

static uint64_t fixture_now_ms(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

/* The numbers of the tests are +49151000 and four digits. */
static void fixture_gateway(void *context, const char *phone, const char *form)
{
	struct fixture *fixture = context;
	size_t index = strtoul(phone + strlen("+49151000"), NULL, 10) % PHONES;

	pthread_mutex_lock(&fixture->lock);
	fixture->sent[index]++;
	snprintf(fixture->form[index], sizeof(fixture->form[index]), "%s", form);
	pthread_mutex_unlock(&fixture->lock);
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct user_config config = {
		.codes_max = 4 * PHONES,
		.code_ttl_ms = CODE_TTL_MS,
		.resend_after_ms = RESEND_AFTER_MS,
		.workers = 2,
		.secret = "not very secret",
		.now_ms = fixture_now_ms,
		.gateway = fixture_gateway,
		.context = fixture,
	};

	*state = fixture;
	if (!fixture || pthread_mutex_init(&fixture->lock, NULL))
		return -1;
	fixture->now_ms = 1000;
	fixture->user = user_new(&config);
	return fixture->user ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	user_free(fixture->user);
	pthread_mutex_destroy(&fixture->lock);
	free(fixture);
	return 0;
}

static const char *body_for(size_t phone, char body[80])
{
	static const char *const locales[] = {"en", "de", "fr", "eo"};

	snprintf(body, 80, "{\"phone\": \"+49 (151) 000-%04zu\", \"locale\": \"%s\"}", phone,
		 locales[phone % 4]);
	return body;
}

/* The code in the message that `phone` got. */
static void code_of(const struct fixture *fixture, size_t phone, char code[7])
{
	const char *text = strstr(fixture->form[phone], "&text=");
	const char *found = text ? strpbrk(text + strlen("&text="), "0123456789%") : NULL;

	while (found && *found == '%')
		found = strpbrk(found + 3, "0123456789%");
	if (!found || strspn(found, "0123456789") != 6) {
		fail_msg("no code in: %s", fixture->form[phone]);
		return;
	}
	memcpy(code, found, 6);
	code[6] = '\0';
}

static int verify(struct fixture *fixture, size_t phone, const char *code)
{
	char body[80];

	snprintf(body, sizeof(body), "phone=%%2B49151000%04zu&code=%s", phone, code);
	return user_verify_code(fixture->user, body).status;
}

/* One thread of the server that this service would be part of. */
struct handler {
	struct fixture *fixture;
	pthread_barrier_t *start; /* they begin together */
	char name[32];
	size_t first_phone;
	unsigned sent, refused, other;
};

static void count_reply(struct handler *handler, struct user_reply reply)
{
	handler->sent += reply.status == 200;
	handler->refused += reply.status == 429;
	handler->other += reply.status != 200 && reply.status != 429;
}

static void *handle_requests(void *argument)
{
	struct handler *handler = argument;
	char body[80];

	pthread_setname_np(pthread_self(), handler->name);
	pthread_barrier_wait(handler->start);
	for (size_t i = 0; i < PHONES_EACH; i++) {
		body_for(handler->first_phone + i, body);
		count_reply(handler, user_send_code(handler->fixture->user, body));
		if (i % IMPATIENT_EVERY == 0)
			count_reply(handler, user_send_code(handler->fixture->user, body));
	}
	return NULL;
}

static void run_handlers(struct fixture *fixture, struct handler handlers[HANDLERS])
{
	pthread_t threads[HANDLERS];
	pthread_barrier_t start;

	assert_int_equal(pthread_barrier_init(&start, NULL, HANDLERS), 0);
	for (size_t i = 0; i < HANDLERS; i++) {
		struct handler *handler = &handlers[i];

		*handler = (struct handler){
			.fixture = fixture,
			.start = &start,
			.first_phone = i * PHONES_EACH,
		};
		snprintf(handler->name, sizeof(handler->name), "handler-%zu", i + 1);
		assert_int_equal(pthread_create(&threads[i], NULL, handle_requests, handler), 0);
	}
	for (size_t i = 0; i < HANDLERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
}

/* A busy moment: several requests at a time, some users pressing the button twice. */
static void test_send_code(void **state)
{
	struct fixture *fixture = *state;
	struct handler handlers[HANDLERS];

	run_handlers(fixture, handlers);
	user_drain(fixture->user);

	for (size_t i = 0; i < HANDLERS; i++) {
		assert_int_equal(handlers[i].sent, PHONES_EACH);
		assert_int_equal(handlers[i].refused, PHONES_EACH / IMPATIENT_EVERY);
		assert_int_equal(handlers[i].other, 0);
	}
	for (size_t i = 0; i < PHONES; i++)
		assert_int_equal(fixture->sent[i], 1);
}

static void test_send_code_writes_in_the_users_language(void **state)
{
	struct fixture *fixture = *state;
	static const char *const words[] = {"Your+code+is+", "Ihr+Code+ist+", "Votre+code+est+",
					    "Your+code+is+"};
	char body[80];

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(user_send_code(fixture->user, body_for(i, body)).status, 200);
	user_drain(fixture->user);
	for (size_t i = 0; i < 4; i++)
		assert_non_null(strstr(fixture->form[i], words[i]));
	assert_non_null(strstr(fixture->form[1], "to=%2b491510000001&"));
	assert_non_null(strstr(fixture->form[1], "+10+Minuten."));
}

static void test_send_code_takes_a_form(void **state)
{
	struct fixture *fixture = *state;
	struct user_reply reply = user_send_code(
		fixture->user, "locale=de&unknown=1&phone=%2B49%20151-000-0007&empty&=x");

	assert_int_equal(reply.status, 200);
	user_drain(fixture->user);
	assert_int_equal(fixture->sent[7], 1);
	assert_non_null(strstr(fixture->form[7], "Ihr+Code"));
}

static void test_send_code_rejects_bad_phone(void **state)
{
	struct fixture *fixture = *state;
	static const char *const bodies[] = {
		"",
		"phone=",
		"phone=01510000001",
		"phone=%2B0151000001",
		"phone=%2B4915100a0001",
		"phone=%2B491",
		"phone=%2B4915100000010000",
		"phone=%2B49151%000001",
		"phone=%2",
		"locale=de",
		"{}",
		"{\"phone\": \"+491510000001\"",
		"{\"phone\": \"+491510000001\"} and more",
		"{\"phone\": 491510000001}",
		"{\"phone\" \"+491510000001\"}",
		"{\"phone\": \"+49151\\u0030000001\"}",
		"{\"phone\": \"+491510000001",
		"{\"phone",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		if (user_send_code(fixture->user, bodies[i]).status != 400)
			fail_msg("not refused: %s", bodies[i]);
	}
	user_drain(fixture->user);
	for (size_t i = 0; i < PHONES; i++)
		assert_int_equal(fixture->sent[i], 0);
}

static void test_send_code_rate_limit(void **state)
{
	struct fixture *fixture = *state;
	char body[80];

	body_for(3, body);
	assert_int_equal(user_send_code(fixture->user, body).status, 200);
	fixture->now_ms += RESEND_AFTER_MS - 1;
	assert_int_equal(user_send_code(fixture->user, body).status, 429);
	fixture->now_ms += 1;
	assert_int_equal(user_send_code(fixture->user, body).status, 200);
	user_drain(fixture->user);
	assert_int_equal(fixture->sent[3], 2);
}

static void test_verify_code(void **state)
{
	struct fixture *fixture = *state;
	char body[80], code[7], wrong[7];

	assert_int_equal(user_send_code(fixture->user, body_for(5, body)).status, 200);
	user_drain(fixture->user);
	code_of(fixture, 5, code);
	memcpy(wrong, code, sizeof(wrong));
	wrong[5] = wrong[5] == '9' ? '0' : (char)(wrong[5] + 1);

	assert_int_equal(verify(fixture, 5, wrong), 403);
	assert_int_equal(verify(fixture, 6, code), 403);
	assert_int_equal(verify(fixture, 5, code), 200);
	assert_int_equal(verify(fixture, 5, code), 403);
	assert_int_equal(user_verify_code(fixture->user, "code=123456").status, 400);
}

static void test_verify_code_allows_three_tries(void **state)
{
	struct fixture *fixture = *state;
	char body[80], code[7];

	assert_int_equal(user_send_code(fixture->user, body_for(5, body)).status, 200);
	user_drain(fixture->user);
	code_of(fixture, 5, code);
	for (int i = 0; i < 3; i++)
		assert_int_equal(verify(fixture, 5, "none"), 403);
	assert_int_equal(verify(fixture, 5, code), 403);
}

static void test_verify_code_expires(void **state)
{
	struct fixture *fixture = *state;
	char body[80], code[7];

	assert_int_equal(user_send_code(fixture->user, body_for(5, body)).status, 200);
	user_drain(fixture->user);
	code_of(fixture, 5, code);
	fixture->now_ms += CODE_TTL_MS;
	assert_int_equal(verify(fixture, 5, code), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_send_code, setup, teardown),
		cmocka_unit_test_setup_teardown(test_send_code_writes_in_the_users_language, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_send_code_takes_a_form, setup, teardown),
		cmocka_unit_test_setup_teardown(test_send_code_rejects_bad_phone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_send_code_rate_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verify_code, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verify_code_allows_three_tries, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_verify_code_expires, setup, teardown),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
