/* SPDX-License-Identifier: MIT */
/* Connections and their requests, as libmicrohttpd tells of them; a request that is not answered at once is set aside for the
 * server's loop. */
#ifndef PPROFMK_ENDPOINT_CONNECTIONS_H
#define PPROFMK_ENDPOINT_CONNECTIONS_H

#include "endpoint/server.h"

/* For MHD_OPTION_NOTIFY_CONNECTION, MHD_OPTION_URI_LOG_CALLBACK, the requests, MHD_OPTION_NOTIFY_COMPLETED; the context is the
 * server. */
void connections_changed(void *context, struct MHD_Connection *connection, void **slot,
			 enum MHD_ConnectionNotificationCode code);
void *connections_line(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result connections_request(void *context, struct MHD_Connection *connection,
				    const char *path, const char *method, const char *version,
				    const char *body, size_t *body_size, void **slot);
void connections_completed(void *context, struct MHD_Connection *connection, void **slot,
			   enum MHD_RequestTerminationCode code);

/* Close those that take too long to ask, or to take their answer. */
void connections_close_slow(struct server *server, uint64_t now_ns);

/* A client whose request has not come will say nothing more. libmicrohttpd does not notice where that came together with
 * the last bytes, and would keep the connection. */
void connections_half_closed(struct client *client);

#endif
