/* SPDX-License-Identifier: MIT */
#include "internal/controller/user/user.h"

#include "internal/controller/user/private.h"
#include "internal/controller/user/request.h"

struct user_reply user_verify_code(struct user *user, const char *body)
{
	uint64_t now_ms = user->config.now_ms(user->config.context);
	struct request request;
	int error = request_parse(&request, body);

	if (error)
		return user_reply_to_bad_request(error);
	error = code_store_take(user->store, request.phone, request.code, now_ms);
	request_release(&request);
	if (error)
		return (struct user_reply){403, "That is not the code."};
	return (struct user_reply){200, "The number is yours."};
}
