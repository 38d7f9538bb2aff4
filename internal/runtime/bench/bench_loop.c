/* SPDX-License-Identifier: MIT */
#include "runtime/bench/bench_loop.h"

#include <string.h>

#include "runtime/bench/bench_plan.h"
#include "runtime/bench/bench_scope.h"
#include "runtime/bench/bench_timer.h"
#include "runtime/mem/mem.h"
#include "runtime/window.h"

static struct {
	bool is_open;
	bool is_over; /* its last batch has ended */
	struct rec_bench *item;
	struct bench_plan plan;
	struct bench_timer timer;
	uint64_t batch_start_ns; /* the timer's sum then */
	uint64_t start_ns;
	struct mem_sum allocated_before;
} loop;

static unsigned number;

static struct mem_sum allocated(void)
{
	static const struct mem_sum nothing;

	return rt_rec->config.kind == REC_KIND_MEM ? mem_allocated() : nothing;
}

/* The clock's figures begin anew. */
static void figures_reset(void)
{
	loop.timer.wall_ns = 0;
	memset(loop.timer.counters, 0, sizeof loop.timer.counters);
	loop.batch_start_ns = 0;
	loop.allocated_before = allocated();
}

uint64_t bench_loop_open(unsigned threads, uint64_t batches)
{
	if (loop.is_open)
		return 0;
	memset(&loop, 0, sizeof loop);
	loop.item = bench_scope_item(true);
	if (loop.item == NULL)
		return 0;
	number++;
	loop.item->threads = threads;
	loop.is_open = true;
	figures_reset();
	loop.start_ns = rt_now_ns();
	return bench_plan_begin(&loop.plan, &rt_rec->config.bench, batches);
}

void bench_loop_run(void)
{
	bench_timer_start(&loop.timer);
}

static void batch_note(uint64_t count, uint64_t wall_ns)
{
	uint32_t at = rt_append(REC_BATCHES);
	struct rec_batch *batch;

	if (at == UINT32_MAX)
		return;
	batch = rt_table(BATCHES, struct rec_batch) + at;
	batch->count = count;
	batch->wall_ns = wall_ns;
	atomic_store_explicit(&batch->bench, bench_scope_number(loop.item), memory_order_release);
}

/* As far as it is known, so that it is there however the loop ends. */
static void item_note(void)
{
	struct mem_sum now = allocated();

	loop.item->count = loop.plan.count;
	loop.item->wall_ns = loop.plan.wall_ns;
	loop.item->warm_count = loop.plan.warm_count;
	loop.item->warm_ns = loop.plan.warm_ns;
	loop.item->alloc_count = now.count - loop.allocated_before.count;
	loop.item->alloc_bytes = now.bytes - loop.allocated_before.bytes;
	memcpy(loop.item->counters, loop.timer.counters, sizeof loop.item->counters);
}

uint64_t bench_loop_batch(void)
{
	uint64_t count = loop.plan.asked, next, batch_ns;

	bench_timer_stop(&loop.timer);
	if (!loop.is_open || rt_rec == NULL)
		return 0;
	batch_ns = loop.timer.wall_ns - loop.batch_start_ns;
	next = bench_plan_next(&loop.plan, batch_ns, rt_now_ns() - loop.start_ns);
	if (loop.plan.was_measured) {
		batch_note(count, batch_ns);
	} else {
		memset(loop.timer.counters, 0, sizeof loop.timer.counters);
		loop.allocated_before = allocated();
	}
	loop.batch_start_ns = loop.timer.wall_ns;
	loop.is_over = next == 0;
	item_note();
	return next;
}

void bench_loop_close(void)
{
	if (!loop.is_open)
		return;
	bench_timer_stop(&loop.timer);
	loop.is_open = false;
	if (rt_rec == NULL)
		return;
	window_close();
	loop.item->was_left = !loop.is_over;
	atomic_store(&loop.item->is_complete, 1);
}

bool bench_loop_is_open(void)
{
	return loop.is_open;
}

void bench_loop_is_body(bool is_each_timed)
{
	if (!loop.is_open)
		return;
	loop.item->is_body = 1;
	loop.item->is_each_timed = is_each_timed;
}

void bench_loop_pause(void)
{
	if (loop.is_open)
		bench_timer_stop(&loop.timer);
}

void bench_loop_resume(void)
{
	if (loop.is_open)
		bench_timer_start(&loop.timer);
}

/* Running, it starts anew: what it ran up to now is forgotten with the rest. */
void bench_loop_reset(void)
{
	bool was_running = loop.timer.is_running;

	if (!loop.is_open || rt_rec == NULL)
		return;
	bench_timer_stop(&loop.timer);
	figures_reset();
	loop.plan.wall_ns = 0;
	if (was_running)
		bench_timer_start(&loop.timer);
}

uint64_t bench_loop_count(void)
{
	return loop.plan.count;
}

unsigned bench_loop_number(void)
{
	return number;
}

void bench_loop_reset_number(void)
{
	number = 0;
}
