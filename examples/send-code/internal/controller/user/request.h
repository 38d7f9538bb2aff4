/* SPDX-License-Identifier: MIT */
/* The body of a request: a flat JSON object of strings, or application/x-www-form-urlencoded. */
#ifndef SEND_CODE_CONTROLLER_USER_REQUEST_H
#define SEND_CODE_CONTROLLER_USER_REQUEST_H

/* Fields are "" when the body has none of that name. Unknown fields are ignored, of two equal
 * ones the last holds. */
struct request {
	char *phone;  /* + and 8 to 15 digits; blanks, dashes and brackets have been taken out */
	char *locale; /* language of the message, e.g. "de" */
	char *code;
};

/* Read a body. Returns 0 and a request to be given back with request_release(), -EINVAL for a
 * body that cannot be read or has no good phone number, -ENOMEM. On failure there is nothing to
 * release. */
int request_parse(struct request *request, const char *body);

void request_release(struct request *request);

#endif
