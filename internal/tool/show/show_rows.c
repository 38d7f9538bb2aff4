/* SPDX-License-Identifier: MIT */
/* The rows of the timelines: what is in a range, in as many parts as the picture has columns.
 *
 * Where a row has fewer items than columns, the items come as they are; otherwise each column's sums. The answer is binary, for
 * speed: four bytes with the length of a JSON head, the head, blanks up to a multiple of 8, then the rows' records one after
 * the other, as the head counts them. Little-endian. */
#include <stdlib.h>
#include <string.h>

#include "tool/common/json_text.h"
#include "tool/show/show_answer.h"
#include "tool/tool.h"

enum { WIDTH_MAX = 8192, ROWS_MAX = 512, REGIONS_MAX = 3000, EVENTS_MAX = 3000 };

/* A thread's item. */
struct thread_item {
	double start_ns, end_ns;
	uint32_t waker; /* + 1; 0: none */
	uint8_t state;
	uint8_t is_preempted;
	uint16_t unused;
};

/* A column of a thread: the two states that it was in longest, and their shares of 255. */
struct thread_part {
	uint8_t state, share, second, second_share;
};

struct cpu_item {
	double start_ns, end_ns;
	uint32_t thread;
	uint32_t was_preempted;
};

/* A column of a CPU: who ran longest, shares of 255 for all and for that one. */
struct cpu_part {
	uint32_t thread; /* + 1; 0: none */
	uint8_t busy, top, unused[2];
};

struct heap_part {
	double low, high; /* low > high: nothing */
};

/* A column of all threads: how many were in such a state on average. */
struct load_part {
	float running, syscall, runnable, blocked, network, sleep, file, unknown;
};

/* A region of a thread; its name is in the head. */
struct region_item {
	double start_ns, end_ns;
	uint32_t name, depth;
};

/* Something that the allocator or the program asked of the system. */
struct memory_item {
	double ns;
	uint32_t thread, type;
};

struct bytes {
	char *start;
	size_t len, cap;
};

struct rows {
	const struct trace *trace;
	uint64_t from_ns, to_ns;
	size_t width;
	struct trace_sum *sums; /* width of them */
	struct bytes bytes;
	json_t *heads;
	json_t *names; /* of regions, by number of their string */
};

static void put(struct bytes *bytes, const void *from, size_t size)
{
	if (bytes->cap - bytes->len < size) {
		bytes->cap = (bytes->len + size) * 2;
		bytes->start = xrealloc(bytes->start, bytes->cap, 1);
	}
	memcpy(bytes->start + bytes->len, from, size);
	bytes->len += size;
}

static void add_head(struct rows *rows, const char *kind, uint32_t owner, const char *form,
		     size_t count)
{
	json_array_append_new(rows->heads,
			      json_pack("{s:s, s:i, s:s, s:i}", "kind", kind, "id", (int)owner,
					"form", form, "count", (int)count));
}

static uint8_t share_of(double ns, double part_ns)
{
	double share = ns / part_ns * 255;

	return share > 255 ? 255 : share < 0 ? 0 : share > 0 && share < 1 ? 1 : (uint8_t)share;
}

/* Are there so few that each can be drawn? */
static bool is_sparse(const struct rows *rows, enum trace_stream stream, uint32_t owner)
{
	struct trace_sum sum;

	trace_sums(rows->trace, stream, owner, rows->from_ns, rows->to_ns, &sum, 1);
	return sum.count <= (double)rows->width;
}

static void thread_items(struct rows *rows, uint32_t owner)
{
	struct trace_cursor *cursor = trace_cursor_new(rows->trace, TRACE_STREAM_STATES, owner,
						       rows->from_ns, rows->to_ns);
	struct trace_state_item state;
	size_t count = 0;

	for (; trace_state_next(cursor, &state); count++) {
		struct thread_item item = {.start_ns = (double)state.start_ns,
					   .end_ns = (double)state.end_ns,
					   .waker = state.waker + 1,
					   .state = (uint8_t)state.state,
					   .is_preempted = state.is_preempted};

		put(&rows->bytes, &item, sizeof item);
	}
	trace_cursor_free(cursor);
	add_head(rows, "thread", owner, "items", count);
}

static struct thread_part part_of(const struct trace_sum *sum, double part_ns)
{
	struct thread_part part = {0};
	size_t first = 0, second = 0;

	for (size_t i = 1; i < TRACE_STATE_COUNT; i++)
		if (sum->ns[i] > sum->ns[first])
			first = i;
	second = first == 0;
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		if (i != first && sum->ns[i] > sum->ns[second])
			second = i;
	part.state = (uint8_t)first;
	part.share = share_of(sum->ns[first], part_ns);
	part.second = (uint8_t)second;
	part.second_share = share_of(sum->ns[second], part_ns);
	return part;
}

static double part_ns_of(const struct rows *rows)
{
	return (double)(rows->to_ns - rows->from_ns) / (double)rows->width;
}

static void thread_parts(struct rows *rows, uint32_t owner)
{
	double part_ns = part_ns_of(rows);

	trace_sums(rows->trace, TRACE_STREAM_STATES, owner, rows->from_ns, rows->to_ns, rows->sums,
		   rows->width);
	for (size_t i = 0; i < rows->width; i++) {
		struct thread_part part = part_of(&rows->sums[i], part_ns);

		put(&rows->bytes, &part, sizeof part);
	}
	add_head(rows, "thread", owner, "parts", rows->width);
}

/* Threads with the same start function as one row: shares of the time of all that there are. */
static void group_parts(struct rows *rows, uint32_t function)
{
	struct trace_sum *all = xcalloc(rows->width, sizeof *all);

	for (uint32_t i = 0; i < trace_thread_count(rows->trace); i++) {
		const struct trace_thread *thread = trace_thread(rows->trace, i);

		if (thread->function != function || thread->start_ns >= rows->to_ns ||
		    thread->end_ns < rows->from_ns)
			continue;
		trace_sums(rows->trace, TRACE_STREAM_STATES, i, rows->from_ns, rows->to_ns,
			   rows->sums, rows->width);
		for (size_t p = 0; p < rows->width; p++)
			for (size_t s = 0; s < TRACE_STATE_COUNT; s++)
				all[p].ns[s] += rows->sums[p].ns[s];
	}
	for (size_t p = 0; p < rows->width; p++) {
		double total_ns = 0;
		struct thread_part part;

		for (size_t s = 0; s < TRACE_STATE_COUNT; s++)
			total_ns += all[p].ns[s];
		part = part_of(&all[p], total_ns > 0 ? total_ns : 1);
		put(&rows->bytes, &part, sizeof part);
	}
	free(all);
	add_head(rows, "group", function, "parts", rows->width);
}

static void add_name(struct rows *rows, uint64_t name)
{
	char number[24];

	snprintf(number, sizeof number, "%llu", (unsigned long long)name);
	if (json_object_get(rows->names, number) == NULL)
		json_object_set_new(rows->names, number, show_string_json(rows->trace, name));
}

/* Those that take half a column at least: others are not seen. */
static void region_items(struct rows *rows, uint32_t owner)
{
	struct trace_cursor *cursor = trace_cursor_new(rows->trace, TRACE_STREAM_EVENTS, owner,
						       rows->from_ns, rows->to_ns);
	struct trace_event event;
	size_t count = 0;

	trace_cursor_regions(cursor, (uint64_t)(part_ns_of(rows) / 2));
	for (; count < REGIONS_MAX && trace_event_next(cursor, &event); count++) {
		struct region_item item = {.start_ns = (double)event.start_ns,
					   .end_ns = (double)event.end_ns,
					   .name = (uint32_t)event.arguments[0],
					   .depth = (uint32_t)event.arguments[2]};

		put(&rows->bytes, &item, sizeof item);
		add_name(rows, item.name);
	}
	trace_cursor_free(cursor);
	add_head(rows, "region", owner, "items", count);
}

static void cpu_items(struct rows *rows, uint32_t owner)
{
	struct trace_cursor *cursor =
		trace_cursor_new(rows->trace, TRACE_STREAM_CPU, owner, rows->from_ns, rows->to_ns);
	struct trace_cpu_item cpu;
	size_t count = 0;

	for (; trace_cpu_next(cursor, &cpu); count++) {
		struct cpu_item item = {.start_ns = (double)cpu.start_ns,
					.end_ns = (double)cpu.end_ns,
					.thread = cpu.thread,
					.was_preempted = cpu.was_preempted};

		put(&rows->bytes, &item, sizeof item);
	}
	trace_cursor_free(cursor);
	add_head(rows, "cpu", owner, "items", count);
}

static void cpu_parts(struct rows *rows, uint32_t owner)
{
	double part_ns = part_ns_of(rows);

	trace_sums(rows->trace, TRACE_STREAM_CPU, owner, rows->from_ns, rows->to_ns, rows->sums,
		   rows->width);
	for (size_t i = 0; i < rows->width; i++) {
		const struct trace_sum *sum = &rows->sums[i];
		struct cpu_part part = {
			.thread = sum->top + 1,
			.busy = share_of(sum->ns[TRACE_STATE_RUNNING], part_ns),
			.top = share_of(sum->top_ns, part_ns),
		};

		put(&rows->bytes, &part, sizeof part);
	}
	add_head(rows, "cpu", owner, "parts", rows->width);
}

static void heap_parts(struct rows *rows)
{
	trace_sums(rows->trace, TRACE_STREAM_HEAP, 0, rows->from_ns, rows->to_ns, rows->sums,
		   rows->width);
	for (size_t i = 0; i < rows->width; i++) {
		struct heap_part part = {(double)rows->sums[i].low, (double)rows->sums[i].high};

		put(&rows->bytes, &part, sizeof part);
	}
	add_head(rows, "heap", 0, "parts", rows->width);
}

static void memory_items(struct rows *rows)
{
	static const uint32_t types = 1u << TRACE_PAGE_HEAP | 1u << TRACE_MAP | 1u << TRACE_UNMAP |
				      1u << TRACE_BRK | 1u << TRACE_MADVISE;
	size_t count = 0;

	for (uint32_t i = 0; i < trace_thread_count(rows->trace); i++) {
		struct trace_cursor *cursor = trace_cursor_new(rows->trace, TRACE_STREAM_EVENTS, i,
							       rows->from_ns, rows->to_ns);
		struct trace_event event;

		trace_cursor_only(cursor, types);
		for (; count < EVENTS_MAX && trace_event_next(cursor, &event); count++) {
			struct memory_item item = {(double)event.end_ns, i, event.type};

			put(&rows->bytes, &item, sizeof item);
		}
		trace_cursor_free(cursor);
	}
	add_head(rows, "memory", 0, "items", count);
}

static struct load_part load_of(const struct trace_sum *sum, double part_ns)
{
	double blocked = 0;

	for (size_t i = TRACE_STATE_MUTEX; i <= TRACE_STATE_BLOCKED; i++)
		blocked += sum->ns[i];
	return (struct load_part){
		.running = (float)(sum->ns[TRACE_STATE_RUNNING] / part_ns),
		.syscall = (float)(sum->ns[TRACE_STATE_SYSCALL] / part_ns),
		.runnable = (float)(sum->ns[TRACE_STATE_RUNNABLE] / part_ns),
		.blocked = (float)(blocked / part_ns),
		.network = (float)(sum->ns[TRACE_STATE_NETWORK] / part_ns),
		.sleep = (float)(sum->ns[TRACE_STATE_SLEEP] / part_ns),
		.file = (float)((sum->ns[TRACE_STATE_FILE] + sum->ns[TRACE_STATE_PROCESS]) /
				part_ns),
		.unknown = (float)(sum->ns[TRACE_STATE_UNKNOWN] / part_ns),
	};
}

static void load_parts(struct rows *rows)
{
	double part_ns = part_ns_of(rows);

	trace_load(rows->trace, rows->from_ns, rows->to_ns, rows->sums, rows->width);
	for (size_t i = 0; i < rows->width; i++) {
		struct load_part part = load_of(&rows->sums[i], part_ns);

		put(&rows->bytes, &part, sizeof part);
	}
	add_head(rows, "load", 0, "parts", rows->width);
}

/* A row by its name: "t12" a thread, "r12" its regions, "g7" those that began with the function of that string, "c0" a CPU, "heap", "load". Returns its length in the list, 0: it is none. */
static size_t add_row(struct rows *rows, const char *name)
{
	char *end;
	unsigned long owner;

	if (strncmp(name, "heap", 4) == 0) {
		heap_parts(rows);
		return 4;
	}
	if (strncmp(name, "memory", 6) == 0) {
		memory_items(rows);
		return 6;
	}
	if (strncmp(name, "load", 4) == 0) {
		load_parts(rows);
		return 4;
	}
	if (strchr("tgrc", *name) == NULL || name[1] < '0' || name[1] > '9')
		return 0;
	owner = strtoul(name + 1, &end, 10);
	if (owner >= UINT32_MAX)
		return 0;
	if (*name == 'g')
		group_parts(rows, (uint32_t)owner);
	else if (*name == 'r')
		region_items(rows, (uint32_t)owner);
	else if (*name == 't' && is_sparse(rows, TRACE_STREAM_STATES, (uint32_t)owner))
		thread_items(rows, (uint32_t)owner);
	else if (*name == 't')
		thread_parts(rows, (uint32_t)owner);
	else if (is_sparse(rows, TRACE_STREAM_CPU, (uint32_t)owner))
		cpu_items(rows, (uint32_t)owner);
	else
		cpu_parts(rows, (uint32_t)owner);
	return (size_t)(end - name);
}

static bool add_rows(struct rows *rows, const char *names)
{
	size_t count = 0;

	while (*names != '\0') {
		size_t length = count++ < ROWS_MAX ? add_row(rows, names) : 0;

		if (length == 0)
			return false;
		names += length;
		if (*names == ',')
			names++;
		else if (*names != '\0')
			return false;
	}
	return true;
}

/* Length, head, blanks, records. */
static struct show_answer assemble(struct rows *rows)
{
	struct show_answer answer = {.status = 200, .type = "application/octet-stream"};
	json_t *head = json_pack("{s:o, s:o, s:i, s:O, s:O}", "from", json_number(rows->from_ns),
				 "to", json_number(rows->to_ns), "width", (int)rows->width, "rows",
				 rows->heads, "names", rows->names);
	char *text = json_dumps(head, JSON_COMPACT);
	uint32_t length = (uint32_t)((strlen(text) + 4 + 7) / 8 * 8 - 4);

	answer.size = 4 + length + rows->bytes.len;
	answer.bytes = xmalloc(answer.size);
	memset(answer.bytes, ' ', 4 + length);
	memcpy(answer.bytes, &length, sizeof length);
	memcpy(answer.bytes + 4, text, strlen(text));
	if (rows->bytes.len > 0)
		memcpy(answer.bytes + 4 + length, rows->bytes.start, rows->bytes.len);
	free(text);
	json_decref(head);
	return answer;
}

struct show_answer show_rows(const struct show_question *question)
{
	struct rows rows = {.trace = question->trace};
	struct show_answer answer;
	uint64_t width;

	if (!show_range(question, &rows.from_ns, &rows.to_ns) ||
	    !show_number(question, "width", 1000, &width) || width == 0 || width > WIDTH_MAX)
		return show_error(400, "from, to and width are numbers, and width is 1..%d",
				  WIDTH_MAX);
	rows.width = (size_t)width;
	rows.sums = xcalloc(rows.width, sizeof *rows.sums);
	rows.heads = json_array();
	rows.names = json_object();
	answer = add_rows(&rows, show_text(question, "rows"))
			 ? assemble(&rows)
			 : show_error(400,
				      "rows is a list of t0, r0, g0, c0, heap, load, memory; at "
				      "most %d",
				      ROWS_MAX);
	json_decref(rows.heads);
	json_decref(rows.names);
	free(rows.sums);
	free(rows.bytes.start);
	return answer;
}
