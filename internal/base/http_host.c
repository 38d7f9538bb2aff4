/* SPDX-License-Identifier: MIT */
#include "base/http_host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* "1" to "65535": digits only. */
static bool read_port(const char *text, unsigned *port)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return false;
	*port = 0;
	for (; *text != '\0'; text++)
		*port = *port * 10 + (unsigned)(*text - '0');
	return *port <= 65535;
}

/* The name of "name", "name:1", "[::1]" or "[::1]:1" in name[], its port in *port (80 where there is none). */
static bool split(const char *value, char *name, size_t name_size, unsigned *port)
{
	const char *end = *value == '[' ? strchr(value, ']') : value + strcspn(value, ":");
	const char *begin = value + (*value == '[');
	size_t length;

	*port = 80;
	if (end == NULL)
		return false;
	length = (size_t)(end - begin);
	if (length >= name_size)
		return false;
	memcpy(name, begin, length);
	name[length] = '\0';
	end += *end == ']';
	return *end == '\0' || (*end == ':' && read_port(end + 1, port));
}

/* No name server is asked for what is written in numbers. */
static bool is_number(const char *name)
{
	unsigned char address[16];

	return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

bool http_host_is_ours(const char *value, const char *host, uint16_t port)
{
	char name[256];
	unsigned asked;

	if (value == NULL)
		return true;
	if (!split(value, name, sizeof name, &asked) || (port != 0 && asked != port))
		return false;
	return is_number(name) || strcasecmp(name, "localhost") == 0 || strcasecmp(name, host) == 0;
}

bool http_origin_is_ours(const char *origin, const char *host_value)
{
	static const char scheme[] = "http://";

	if (origin == NULL)
		return true;
	return host_value != NULL && strncmp(origin, scheme, sizeof scheme - 1) == 0 &&
	       strcasecmp(origin + sizeof scheme - 1, host_value) == 0;
}

bool http_host_is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       strncmp(host, "127.", 4) == 0;
}
