/* SPDX-License-Identifier: MIT */
/* links: internal/endpoint/query.c internal/endpoint/access.c internal/endpoint/address.c internal/base/http_host.c */
/* Any text as the line of a request and its headers: what is read of it stays in its bounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_host.h"
#include "endpoint/access.h"
#include "endpoint/address.h"
#include "endpoint/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "endpoint_query_fuzz: %s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = calloc(1, size + 1), value[16];
	struct address address;
	struct access access;
	size_t length;
	int64_t number;
	double real;

	if (text == NULL)
		abort();
	memcpy(text, bytes, size);
	length = strlen(text);
	query_value(text, "seconds", value, sizeof value);
	require(strlen(value) < sizeof value, "a value without an end");
	query_int(text, &number);
	if (query_float(text, &real))
		require(real > -1e301 && real < 1e301, "a number that is none");
	if (access_init(&access, text, 1) == 0 && access.token[0] != '\0')
		require(!access_is_allowed(&access, text), "a token without its scheme");
	http_host_is_ours(text, "localhost", 0);
	http_origin_is_ours(text, text);
	if (address_read(text, &address) == 0)
		require(address.size > 0, "an address of nothing");
	query_unescape(text);
	require(strlen(text) <= length, "it has grown");
	free(text);
	return 0;
}
