/* SPDX-License-Identifier: MIT */
#include "tool/run/flight_limits.h"

#include <errno.h>

#include "tool/tool.h"

int flight_limits_read(struct flight_limits *limits, const char *text)
{
	struct flight_limits read = {UINT64_MAX, FLIGHT_BYTES_OF_TIME};
	int error = tool_duration(text, &read.ns);

	if (error == 0 && (read.ns < FLIGHT_NS_LEAST || read.ns > FLIGHT_NS_MOST))
		error = -ERANGE;
	if (error == -EINVAL) {
		read.ns = UINT64_MAX;
		error = tool_size(text, &read.bytes);
		if (error == 0 &&
		    (read.bytes < FLIGHT_BYTES_LEAST || read.bytes > FLIGHT_BYTES_MOST))
			error = -ERANGE;
	}
	if (error == 0)
		*limits = read;
	return error;
}
