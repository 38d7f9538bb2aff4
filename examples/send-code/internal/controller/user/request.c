/* SPDX-License-Identifier: MIT */
#include "internal/controller/user/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal/controller/user/fields.h"

/* Where a field of that name goes, or NULL. */
static char **find_member(struct request *request, const char *name)
{
	if (strcmp(name, "phone") == 0)
		return &request->phone;
	if (strcmp(name, "locale") == 0)
		return &request->locale;
	return strcmp(name, "code") == 0 ? &request->code : NULL;
}

static int keep_field(void *context, struct text name, struct text value)
{
	int failed = name.failed || value.failed;
	char **member = name.bytes && !failed ? find_member(context, name.bytes) : NULL;

	if (member && value.bytes) {
		free(*member);
		*member = value.bytes;
	} else {
		text_clear(&value);
	}
	text_clear(&name);
	return failed ? -ENOMEM : 0;
}

/* Take out what people write between the digits. Returns whether a number is left. */
static int normalize_phone(char *phone)
{
	char *to = phone;
	size_t len;

	for (const char *from = phone; *from; from++)
		if (!strchr(" -()./", *from))
			*to++ = *from;
	*to = '\0';
	len = (size_t)(to - phone);
	return phone[0] == '+' && phone[1] != '0' && len >= 9 && len <= 16 &&
	       strspn(phone + 1, "0123456789") == len - 1;
}

/* Fields that the body does not have. */
static int fill_in(char **field)
{
	if (!*field)
		*field = strdup("");
	return *field ? 0 : -ENOMEM;
}

int request_parse(struct request *request, const char *body)
{
	int is_json = body[strspn(body, " \t\r\n")] == '{';
	int error;

	*request = (struct request){0};
	error = is_json ? fields_of_json(body, keep_field, request)
			: fields_of_form(body, keep_field, request);
	if (!error)
		error = fill_in(&request->phone);
	if (!error)
		error = fill_in(&request->locale);
	if (!error)
		error = fill_in(&request->code);
	if (!error && !normalize_phone(request->phone))
		error = -EINVAL;
	if (error)
		request_release(request);
	return error;
}

void request_release(struct request *request)
{
	free(request->phone);
	free(request->locale);
	free(request->code);
	*request = (struct request){0};
}
