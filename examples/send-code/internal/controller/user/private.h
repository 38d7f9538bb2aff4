/* SPDX-License-Identifier: MIT */
/* Shared by the files of this package. */
#ifndef SEND_CODE_CONTROLLER_USER_PRIVATE_H
#define SEND_CODE_CONTROLLER_USER_PRIVATE_H

#include "internal/controller/user/user.h"
#include "internal/store/code_store.h"

struct user {
	struct user_config config;
	struct code_store *store;
	struct delivery *delivery;
};

/* The reply to request_parse()'s error. */
struct user_reply user_reply_to_bad_request(int error);

#endif
