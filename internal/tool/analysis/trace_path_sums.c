/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_path_sums.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/set.h"
#include "base/xalloc.h"
#include "tool/analysis/trace_parts.h"

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* ---- Waits */

struct waits {
	struct trace_path *path;
	struct set set;
	size_t cap;
};

static bool same_wait(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_path *path = things;
	const struct trace_path_wait *a = &path->waits[number - 1], *b = wanted;

	return a->object == b->object && a->stack == b->stack && a->waker_stack == b->waker_stack &&
	       a->state == b->state;
}

static struct trace_path_wait *wait_of(struct waits *waits, const struct trace_path_wait *wanted)
{
	struct trace_path *path = waits->path;
	uint64_t hash =
		hash_word(hash_word(HASH_START, (uint64_t)wanted->object << 32 | wanted->stack),
			  (uint64_t)wanted->waker_stack << 32 | wanted->state);
	uint32_t number = set_find(&waits->set, hash, same_wait, path, wanted,
				   (uint32_t)path->wait_count + 1);

	if (number > path->wait_count) {
		path->waits =
			xgrow(path->waits, path->wait_count, &waits->cap, sizeof *path->waits);
		path->waits[path->wait_count++] = *wanted;
	}
	return &path->waits[number - 1];
}

static bool is_on_cpu(const struct trace_path_step *step)
{
	return step->state == TRACE_STATE_RUNNING || step->state == TRACE_STATE_SYSCALL;
}

static void add_wait(struct waits *waits, const struct trace_path_step *step)
{
	struct trace_path_wait wanted = {
		.object = step->object,
		.stack = step->stack,
		.waker_stack = step->waker_stack,
		.state = step->link == TRACE_PATH_WOKEN ? step->waited_state : step->state};
	struct trace_path_wait *wait;

	if (step->link != TRACE_PATH_WOKEN && is_on_cpu(step))
		return;
	wait = wait_of(waits, &wanted);
	wait->count++;
	wait->waited_ns += step->waited_ns;
	if (!is_on_cpu(step))
		wait->path_ns += step->end_ns - step->start_ns;
}

static int by_time(const void *left, const void *right)
{
	const struct trace_path_wait *a = left, *b = right;
	int order = compare(b->path_ns + b->waited_ns, a->path_ns + a->waited_ns);

	order = order ? order : compare(b->count, a->count);
	order = order ? order : compare(a->object, b->object);
	return order ? order : compare(a->stack, b->stack);
}

static void add_up_waits(struct trace_path *path)
{
	struct waits waits = {.path = path};

	for (size_t i = 0; i < path->step_count; i++) {
		const struct trace_path_step *step = &path->steps[i];

		path->ns[step->state] += step->end_ns - step->start_ns;
		add_wait(&waits, step);
	}
	set_free(&waits.set);
	if (path->wait_count)
		qsort(path->waits, path->wait_count, sizeof *path->waits, by_time);
}

/* ---- Threads */

struct thread_time {
	uint64_t ns;
	uint32_t thread;
};

static int by_ns(const void *left, const void *right)
{
	const struct thread_time *a = left, *b = right;
	int order = compare(b->ns, a->ns);

	return order ? order : compare(a->thread, b->thread);
}

static void add_up_threads(const struct trace *trace, struct trace_path *path)
{
	size_t count = trace_thread_count(trace);
	struct thread_time *times = xcalloc(count + 1, sizeof *times);

	for (uint32_t i = 0; i < count; i++)
		times[i].thread = i;
	for (size_t i = 0; i < path->step_count; i++)
		times[path->steps[i].thread].ns += path->steps[i].end_ns - path->steps[i].start_ns;
	qsort(times, count, sizeof *times, by_ns);
	path->threads = xcalloc(count, sizeof *path->threads);
	path->thread_ns = xcalloc(count, sizeof *path->thread_ns);
	while (path->thread_count < count && times[path->thread_count].ns > 0) {
		path->threads[path->thread_count] = times[path->thread_count].thread;
		path->thread_ns[path->thread_count] = times[path->thread_count].ns;
		path->thread_count++;
	}
	free(times);
}

/* ---- Functions */

/* Steps on a CPU, thread after thread, in the order of time. */
static int by_thread(const void *left, const void *right)
{
	const struct trace_path_step *a = *(const struct trace_path_step *const *)left;
	const struct trace_path_step *b = *(const struct trace_path_step *const *)right;
	int order = compare(a->thread, b->thread);

	return order ? order : compare(a->start_ns, b->start_ns);
}

/* The pieces of one thread that lie in its steps, count of them. */
static void add_thread(struct trace_part_sums *sums, const struct trace *trace,
		       const struct trace_path_step *const *steps, size_t count)
{
	uint32_t thread = steps[0]->thread;
	struct trace_stretches *stretches =
		trace_stretches_new(trace, thread, steps[0]->start_ns, steps[count - 1]->end_ns);
	struct trace_stretch stretch;
	size_t i = 0;

	while (i < count && trace_stretch_next(stretches, &stretch)) {
		while (i < count && steps[i]->end_ns <= stretch.start_ns)
			i++;
		for (size_t j = i; j < count && steps[j]->start_ns < stretch.end_ns; j++) {
			uint64_t start = stretch.start_ns > steps[j]->start_ns ? stretch.start_ns
									       : steps[j]->start_ns;
			uint64_t end = stretch.end_ns < steps[j]->end_ns ? stretch.end_ns
									 : steps[j]->end_ns;

			trace_parts_add(sums, trace_thread(trace, thread), stretch.part, 1,
					end - start);
		}
	}
	trace_stretches_free(stretches);
}

static void collect_parts(struct trace_part_sums *sums, const struct trace *trace,
			  const struct trace_path *path)
{
	const struct trace_path_step **steps = xcalloc(path->step_count, sizeof *steps);
	size_t count = 0;

	for (size_t i = 0; i < path->step_count; i++) {
		if (is_on_cpu(&path->steps[i]))
			steps[count++] = &path->steps[i];
	}
	if (count)
		qsort(steps, count, sizeof *steps, by_thread);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && steps[next]->thread == steps[i]->thread;)
			next++;
		add_thread(sums, trace, steps + i, next - i);
	}
	free(steps);
}

struct functions {
	struct trace_path *path;
	size_t cap;
	struct set set;
	size_t *counted; /* [function]: number of the part that it was counted for last, from 1 */
};

static bool same_function(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_path *path = things;
	const struct trace_path_function *a = &path->functions[number - 1], *b = wanted;

	return a->function == b->function && a->file == b->file;
}

static size_t function_of(struct functions *functions, uint32_t function, uint32_t file)
{
	struct trace_path *path = functions->path;
	struct trace_path_function wanted = {function, file, 0, 0};
	size_t old_cap = functions->cap;
	uint32_t number =
		set_find(&functions->set, hash_word(HASH_START, (uint64_t)function << 32 | file),
			 same_function, path, &wanted, (uint32_t)path->function_count + 1);

	if (number > path->function_count) {
		path->functions = xgrow(path->functions, path->function_count, &functions->cap,
					sizeof *path->functions);
		if (functions->cap != old_cap)
			functions->counted = xrealloc(functions->counted, functions->cap,
						      sizeof *functions->counted);
		functions->counted[path->function_count] = 0;
		path->functions[path->function_count++] = wanted;
	}
	return number - 1;
}

/* Count a part for its leaf, and once for each function that it has. */
static void add_part(struct functions *functions, const struct trace *trace,
		     const struct trace_part_sum *sum, size_t number)
{
	size_t count;
	const uint32_t *frames = trace_part_frames(trace, sum->part, &count);

	for (size_t i = 0; i < count || (count == 0 && i == 0); i++) {
		const struct trace_frame *frame = count ? trace_frame(trace, frames[i]) : NULL;
		size_t at = frame ? function_of(functions, frame->function, frame->file)
				  : function_of(functions, sum->function, 0);

		if (i == 0)
			functions->path->functions[at].flat_ns += sum->ns;
		if (functions->counted[at] != number)
			functions->path->functions[at].cum_ns += sum->ns;
		functions->counted[at] = number;
	}
}

static int by_flat(const void *left, const void *right)
{
	const struct trace_path_function *a = left, *b = right;
	int order = compare(b->flat_ns, a->flat_ns);

	order = order ? order : compare(b->cum_ns, a->cum_ns);
	order = order ? order : compare(a->function, b->function);
	return order ? order : compare(a->file, b->file);
}

static void add_up_functions(const struct trace *trace, struct trace_path *path)
{
	struct functions functions = {.path = path};
	struct trace_part_sums sums = {0};

	collect_parts(&sums, trace, path);
	for (size_t i = 0; i < sums.len; i++)
		add_part(&functions, trace, &sums.sums[i], i + 1);
	if (path->function_count)
		qsort(path->functions, path->function_count, sizeof *path->functions, by_flat);
	trace_parts_free(&sums);
	set_free(&functions.set);
	free(functions.counted);
}

void trace_path_add_up(const struct trace *trace, struct trace_path *path)
{
	add_up_waits(path);
	add_up_threads(trace, path);
	add_up_functions(trace, path);
}
