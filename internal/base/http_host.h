/* SPDX-License-Identifier: MIT */
/* Whether a request is for us, by its Host, and from one of our own pages, by its Origin. */
#ifndef PPROFMK_BASE_HTTP_HOST_H
#define PPROFMK_BASE_HTTP_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* Is it an address that leads here: an address in numbers, localhost, or `host` itself, each with our port? Any other name is one
 * that somebody else made lead here (DNS rebinding). NULL, of a client of HTTP/1.0, is.
 *
 * value  of the header: "localhost:8001"
 * port   0: any, as a forwarded one is */
bool http_host_is_ours(const char *value, const char *host, uint16_t port);

/* Is it a page of ours, at that Host? NULL, a request that no page made, is. */
bool http_origin_is_ours(const char *origin, const char *host_value);

/* Does only this machine reach it? */
bool http_host_is_loopback(const char *host);

#endif
