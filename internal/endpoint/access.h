/* SPDX-License-Identifier: MIT */
/* Who may ask. */
#ifndef PPROFMK_ENDPOINT_ACCESS_H
#define PPROFMK_ENDPOINT_ACCESS_H

#include <stdbool.h>

enum { ACCESS_TOKEN_MAX = 256 };

struct access {
	char token[ACCESS_TOKEN_MAX + 1]; /* "": none is demanded */
};

/* Set it up from PPROF_HTTP_TOKEN's value, NULL where it is not set: see runtime/live/live.h. 0, -EACCES: a token is needed where others
 * than this machine may ask; -EINVAL: it is too long. */
int access_init(struct access *access, const char *token, bool is_loopback);

/* Is that the header that the token asks for, "Bearer TOKEN"? Takes the same time whatever is wrong. NULL: there is none. */
bool access_is_allowed(const struct access *access, const char *authorization);

#endif
