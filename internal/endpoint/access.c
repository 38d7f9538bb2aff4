/* SPDX-License-Identifier: MIT */
#include "endpoint/access.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define SCHEME	"Bearer "
#define REFUSED "none"

int access_init(struct access *access, const char *token, bool is_loopback)
{
	memset(access, 0, sizeof *access);
	if (token != NULL && strcmp(token, REFUSED) == 0)
		return 0;
	if (token == NULL || *token == '\0')
		return is_loopback ? 0 : -EACCES;
	if (strlen(token) > ACCESS_TOKEN_MAX)
		return -EINVAL;
	memcpy(access->token, token, strlen(token) + 1);
	return 0;
}

/* The length of what is given decides how long it takes; that of the token does not. */
static bool is_equal(const char *given, const char *token)
{
	size_t given_length = strlen(given), length = strlen(token);
	volatile unsigned difference = given_length != length;

	for (size_t i = 0; i <= ACCESS_TOKEN_MAX; i++)
		difference |= (unsigned char)(given[i < given_length ? i : given_length] ^
					      token[i < length ? i : length]);
	return difference == 0;
}

bool access_is_allowed(const struct access *access, const char *authorization)
{
	if (access->token[0] == '\0')
		return true;
	if (authorization == NULL || strncasecmp(authorization, SCHEME, strlen(SCHEME)) != 0)
		return false;
	return is_equal(authorization + strlen(SCHEME), access->token);
}
