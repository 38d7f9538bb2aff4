/* SPDX-License-Identifier: MIT */
#include "endpoint/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "endpoint/query.h"

#define TYPE_TEXT "text/plain; charset=utf-8"

struct request *request_new(const char *uri)
{
	struct request *request = calloc(1, sizeof *request);

	if (request == NULL)
		return NULL;
	request->file = -1;
	request->type = TYPE_TEXT;
	snprintf(request->uri, sizeof request->uri, "%s", uri);
	return request;
}

void request_free(struct request *request)
{
	for (uint32_t i = 0; i < request->question.fd_count; i++)
		close(request->fds[i]);
	if (request->file >= 0)
		close(request->file);
	free(request->text);
	free(request->body);
	free(request);
}

bool request_add_body(struct request *request, const char *bytes, size_t size)
{
	char *body;

	if (size > REQUEST_BODY_MAX - request->body_size)
		return false;
	body = realloc(request->body, request->body_size + size + 1);
	if (body == NULL)
		return false;
	memcpy(body + request->body_size, bytes, size);
	request->body = body;
	request->body_size += size;
	body[request->body_size] = '\0';
	return true;
}

int64_t request_number(const struct request *request, const char *name)
{
	char value[64];
	int64_t number;

	query_value(request->query, name, value, sizeof value);
	query_int(value, &number);
	return number;
}

void request_answer(struct request *request, unsigned status, char *text, size_t size)
{
	free(request->text);
	request->step = REQUEST_ANSWERED;
	request->status = status;
	request->text = text;
	request->text_size = size;
}

static void answer_line(struct request *request, unsigned status, const char *format,
			va_list arguments)
{
	char *line = NULL, *text = NULL;
	int size = -1;

	if (vasprintf(&line, format, arguments) >= 0)
		size = asprintf(&text, "%s\n", line);
	free(line);
	request->type = TYPE_TEXT;
	request->name[0] = '\0';
	request_answer(request, status, size >= 0 ? text : NULL, size >= 0 ? (size_t)size : 0);
}

void request_refuse(struct request *request, unsigned status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	answer_line(request, status, format, arguments);
	va_end(arguments);
}

void request_error(struct request *request, unsigned status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	answer_line(request, status, format, arguments);
	va_end(arguments);
	request->is_error = true;
}

/* The answer's bytes, which the response owns from now on. */
static struct MHD_Response *take_bytes(struct request *request, uint64_t *size_bytes)
{
	struct MHD_Response *response = NULL;
	struct stat status;

	if (request->text != NULL) {
		*size_bytes = request->text_size;
		response = MHD_create_response_from_buffer(request->text_size, request->text,
							   MHD_RESPMEM_MUST_FREE);
		if (response != NULL)
			request->text = NULL;
	} else if (request->file >= 0 && fstat(request->file, &status) == 0) {
		*size_bytes = (uint64_t)status.st_size;
		response = MHD_create_response_from_fd64((uint64_t)status.st_size, request->file);
		if (response != NULL)
			request->file = -1;
	}
	return response;
}

static void add_headers(const struct request *request, struct MHD_Response *response)
{
	char value[sizeof request->name + sizeof "attachment; filename=\"\""];

	MHD_add_response_header(response, "Content-Type", request->type);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (request->is_error)
		MHD_add_response_header(response, "X-Go-Pprof", "1");
	if (request->header != NULL)
		MHD_add_response_header(response, request->header, request->header_value);
	if (request->name[0] != '\0') {
		snprintf(value, sizeof value, "attachment; filename=\"%s\"", request->name);
		MHD_add_response_header(response, "Content-Disposition", value);
	}
}

enum MHD_Result request_send(struct request *request, uint64_t *size_bytes)
{
	struct MHD_Response *response = take_bytes(request, size_bytes);
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	add_headers(request, response);
	result = MHD_queue_response(request->connection, request->status, response);
	MHD_destroy_response(response);
	return result;
}
