/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any bytes as the head of a browser's request: what is handed on ends once, closes its connection, and has no line that
 * says otherwise. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tool/web/web_relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "web_head_fuzz: %s\n", what);
	abort();
}

/* As it comes out of the socket's buffer: text that ends with its first empty line. */
static char *head_of(const uint8_t *bytes, size_t size)
{
	char *head = calloc(1, size + 5);
	char *end;

	if (head == NULL)
		abort();
	memcpy(head, bytes, size);
	end = strstr(head, "\r\n\r\n");
	if (end != NULL)
		end[4] = '\0';
	else
		strcat(head, "\r\n\r\n");
	return head;
}

static void check(const char *made)
{
	static const char close_line[] = "Connection: close\r\n\r\n";
	size_t len = strlen(made);

	require(len >= sizeof close_line - 1, "no end");
	require(strcmp(made + len - (sizeof close_line - 1), close_line) == 0, "does not close");
	for (const char *line = made; line != NULL && *line != '\0'; line = strstr(line, "\r\n")) {
		line += line == made ? 0 : 2;
		require(strncasecmp(line, "Keep-Alive:", 11) != 0, "stays alive");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *head = head_of(bytes, size);
	char *made = web_relay_head(head);

	check(made);
	if (web_relay_is_for(head, "/"))
		require(strchr(head, '/') != NULL, "a page without a path");
	free(made);
	free(head);
	return 0;
}
