/* SPDX-License-Identifier: MIT */
/* Reading the fields of a body, one after another. */
#ifndef SEND_CODE_CONTROLLER_USER_FIELDS_H
#define SEND_CODE_CONTROLLER_USER_FIELDS_H

#include "internal/text/text.h"

/* What is done with a field. Takes the texts over. Returns 0, or a negative errno that ends the
 * reading. */
typedef int fields_each(void *context, struct text name, struct text value);

/* Call `each` for the fields of a JSON object whose values are strings, {"name": "value"}.
 * Returns 0, -EINVAL for anything else, or what `each` returned. */
int fields_of_json(const char *body, fields_each *each, void *context);

/* The same for name=value&name=value. */
int fields_of_form(const char *body, fields_each *each, void *context);

#endif
