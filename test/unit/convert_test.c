/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Recordings written by hand, whose profiles follow by arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/profile/convert.h"
#include "tool/profile/convert_heap.h"

struct fixture {
	struct recording recording;
	struct sym *sym;
};

static uint32_t append(struct fixture *fixture, enum rec_table_id table)
{
	return atomic_fetch_add(&fixture->recording.rec->table[table].len, 1);
}

#define ITEM(fixture, name, type) \
	(&((type *)recording_table(&(fixture)->recording, name, type))[append(fixture, REC_##name)])

static uint32_t add_string(struct fixture *fixture, const char *text)
{
	struct rec_table *table = &fixture->recording.rec->table[REC_STRINGS];
	uint32_t at = atomic_fetch_add(&table->len, (uint32_t)strlen(text) + 1);

	memcpy((char *)fixture->recording.rec + table->offset + at, text, strlen(text) + 1);
	return at;
}

static void add_mapping(struct fixture *fixture, const char *path, uint64_t start,
			uint32_t epoch_from, uint32_t epoch_to)
{
	struct rec_mapping *mapping = ITEM(fixture, MAPPINGS, struct rec_mapping);

	mapping->start = start;
	mapping->limit = start + 0x1000;
	mapping->path = add_string(fixture, path);
	mapping->epoch_from = epoch_from;
	atomic_store(&mapping->epoch_to, epoch_to);
}

static uint32_t add_node(struct fixture *fixture, uint32_t parent, uint64_t ip, uint32_t epoch)
{
	uint32_t number = append(fixture, REC_NODES);
	struct rec_node *node =
		(struct rec_node *)recording_table(&fixture->recording, NODES, struct rec_node) +
		number;

	*node = (struct rec_node){ip, parent, epoch};
	return number;
}

static void add_thread(struct fixture *fixture, const char *name)
{
	memcpy(ITEM(fixture, THREADS, struct rec_thread)->name, name, strlen(name) + 1);
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct rec_config config = {.kind = REC_KIND_CPU, .period_ns = 1000000};

	if (!recording_new(&fixture.recording, &config))
		return -1;
	fixture.sym = sym_open();
	add_mapping(&fixture, "/nowhere/program", 0x10000, 0, UINT32_MAX);
	add_mapping(&fixture, "/nowhere/libpprofmk.so", 0x20000, 0, UINT32_MAX);
	add_mapping(&fixture, "/nowhere/libtcmalloc_minimal.so.4", 0x30000, 0, UINT32_MAX);
	add_thread(&fixture, "main");
	add_thread(&fixture, "worker");
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	sym_close(fixture->sym);
	recording_free(&fixture->recording);
	return 0;
}

static const char *leaf_name(const struct profile *profile, size_t sample)
{
	const struct profile_location *location =
		&profile->locations[profile->samples[sample].locations[0] - 1];

	return profile->functions[location->lines[0].function - 1].name;
}

static const char *label(const struct profile *profile, size_t sample, const char *key)
{
	const struct profile_sample *item = &profile->samples[sample];

	for (size_t i = 0; i < item->label_count; i++)
		if (strcmp(item->labels[i].key, key) == 0)
			return item->labels[i].value;
	return "";
}

static void add_sample(struct fixture *fixture, uint32_t thread, uint32_t node)
{
	*ITEM(fixture, SAMPLES, struct rec_sample) = (struct rec_sample){thread, node};
}

static void test_convert_cpu_counts_samples_of_a_stack(void **state)
{
	struct fixture *fixture = *state;
	uint32_t outer = add_node(fixture, 0, 0x10010, 0);
	uint32_t inner = add_node(fixture, outer, 0x10020, 0);
	struct profile *profile;

	fixture->recording.rec->state.clock = REC_CLOCK_PERF;
	for (int i = 0; i < 3; i++)
		add_sample(fixture, 0, inner);
	add_sample(fixture, 1, inner);
	profile = convert_cpu(&fixture->recording, fixture->sym, "t");
	assert_int_equal(2, profile->sample_count);
	assert_int_equal(2, profile->samples[0].location_count);
	assert_int_equal(3, profile->samples[0].values[0]);
	assert_int_equal(3000000, profile->samples[0].values[1]);
	assert_int_equal(1, profile->samples[1].values[0]);
	assert_string_equal("program+0x20", leaf_name(profile, 0));
	assert_string_equal("t", label(profile, 0, "test"));
	assert_string_equal("main", label(profile, 0, "thread"));
	assert_string_equal("worker", label(profile, 1, "thread"));
	profile_free(profile);
}

static void test_convert_cpu_skips_a_sample_cut_short_by_a_crash(void **state)
{
	struct fixture *fixture = *state;
	struct profile *profile;

	add_sample(fixture, 0, add_node(fixture, 0, 0x10010, 0));
	add_sample(fixture, 0, 0);
	profile = convert_cpu(&fixture->recording, fixture->sym, "t");
	assert_int_equal(1, profile->sample_count);
	profile_free(profile);
}

/* 250 samples in 2 s of CPU time: the kernel's tick was the clock, each sample stands for 8 ms. */
static void test_convert_cpu_period_is_what_the_tick_gave(void **state)
{
	struct fixture *fixture = *state;
	uint32_t node = add_node(fixture, 0, 0x10010, 0);

	fixture->recording.rec->state.clock = REC_CLOCK_GPERFTOOLS;
	fixture->recording.rec->state.cpu_ns = 2000000000;
	for (int i = 0; i < 250; i++)
		add_sample(fixture, 0, node);
	assert_int_equal(8000000, convert_cpu_period_ns(&fixture->recording));
}

static void test_convert_leaves_out_the_runtime(void **state)
{
	struct fixture *fixture = *state;
	uint32_t main_node = add_node(fixture, 0, 0x10010, 0);
	uint32_t hook = add_node(fixture, main_node, 0x20010, 0);
	uint32_t body = add_node(fixture, hook, 0x10020, 0);
	struct profile *profile;

	add_sample(fixture, 0, add_node(fixture, body, 0x20020, 0));
	profile = convert_cpu(&fixture->recording, fixture->sym, "t");
	assert_int_equal(2, profile->samples[0].location_count);
	assert_string_equal("program+0x20", leaf_name(profile, 0));
	profile_free(profile);
}

static void test_convert_tells_epochs_apart(void **state)
{
	struct fixture *fixture = *state;
	struct profile *profile;

	add_mapping(fixture, "/nowhere/first.so", 0x40000, 0, 1);
	add_mapping(fixture, "/nowhere/second.so", 0x40000, 1, UINT32_MAX);
	add_sample(fixture, 0, add_node(fixture, 0, 0x40010, 0));
	add_sample(fixture, 1, add_node(fixture, 0, 0x40010, 1));
	profile = convert_cpu(&fixture->recording, fixture->sym, "t");
	assert_int_equal(2, profile->sample_count);
	assert_string_equal("first.so+0x10", leaf_name(profile, 0));
	assert_string_equal("second.so+0x10", leaf_name(profile, 1));
	profile_free(profile);
}

static void test_convert_survives_a_torn_tree(void **state)
{
	struct fixture *fixture = *state;
	struct profile *profile;

	/* A parent that is younger than its child, one that is not there, a thread that is not there. */
	add_sample(fixture, 7, add_node(fixture, 4000000, 0x10010, 0));
	add_sample(fixture, 0, 5000000);
	profile = convert_cpu(&fixture->recording, fixture->sym, "t");
	assert_int_equal(2, profile->sample_count);
	assert_string_equal("", label(profile, 1, "thread"));
	profile_free(profile);
}

static void test_convert_mem_figures(void **state)
{
	struct fixture *fixture = *state;
	uint32_t body = add_node(fixture, 0, 0x10010, 0);
	struct profile *profile;

	atomic_store(&fixture->recording.rec->state.peak_epoch, 9);
	/* Changed since the peak: what it had then was kept. */
	*ITEM(fixture, SITES, struct rec_site) =
		(struct rec_site){.node = add_node(fixture, body, 0x30010, 0),
				  .alloc_count = 10,
				  .alloc_bytes = 1000,
				  .free_count = 4,
				  .free_bytes = 400,
				  .remote_free_count = 1,
				  .remote_free_bytes = 100,
				  .peak_count = 8,
				  .peak_bytes = 800,
				  .peak_epoch = 9};
	/* Not changed since: what it has now. */
	*ITEM(fixture, SITES, struct rec_site) =
		(struct rec_site){.node = add_node(fixture, body, 0x30020, 0),
				  .thread = 1,
				  .alloc_count = 2,
				  .alloc_bytes = 20,
				  .peak_count = 1,
				  .peak_bytes = 10,
				  .peak_epoch = 3};
	profile = convert_mem(&fixture->recording, fixture->sym, "t");
	assert_int_equal(2, profile->sample_count);
	assert_string_equal("program+0x10", leaf_name(profile, 0));
	assert_int_equal(10, profile->samples[0].values[0]);
	assert_int_equal(1000, profile->samples[0].values[1]);
	assert_int_equal(5, profile->samples[0].values[2]);
	assert_int_equal(500, profile->samples[0].values[3]);
	assert_int_equal(8, profile->samples[0].values[4]);
	assert_int_equal(800, profile->samples[0].values[5]);
	assert_int_equal(2, profile->samples[1].values[4]);
	assert_int_equal(20, profile->samples[1].values[5]);
	profile_free(profile);
}

static void add_wait(struct fixture *fixture, uint32_t node, enum rec_wait_side side,
		     uint64_t delay_ns)
{
	*ITEM(fixture, WAITS, struct rec_wait) = (struct rec_wait){
		.node = node, .side = (uint32_t)side, .count = 2, .delay_ns = delay_ns};
}

static void test_convert_heap_figures(void **state)
{
	const char *const types[] = {"alloc_objects", "alloc_space", "inuse_objects",
				     "inuse_space"};
	const int64_t values[] = {1000, 16400, 400, 6400}, torn[] = {2, 100, 0, 0};
	struct fixture *fixture = *state;
	uint32_t body = add_node(fixture, 0, 0x10010, 0);
	struct profile *heap, *allocs;

	fixture->recording.rec->state.heap_rate_bytes = 524288;
	*ITEM(fixture, SITES, struct rec_site) =
		(struct rec_site){.node = add_node(fixture, body, 0x20010, 0),
				  .thread = UINT32_MAX,
				  .alloc_count = 1000,
				  .alloc_bytes = 16400,
				  .remote_free_count = 600,
				  .remote_free_bytes = 10000};
	/* A free whose allocation was not there yet when it was read; and a site that two threads made at once. */
	*ITEM(fixture, SITES, struct rec_site) =
		(struct rec_site){.node = add_node(fixture, 0, 0x10020, 0),
				  .alloc_count = 2,
				  .alloc_bytes = 100,
				  .remote_free_count = 3,
				  .remote_free_bytes = 150};
	(void)append(fixture, REC_SITES);
	heap = convert_heap(&fixture->recording, fixture->sym);
	allocs = convert_allocs(&fixture->recording, fixture->sym);
	assert_int_equal(4, heap->type_count);
	assert_int_equal(2, heap->sample_count);
	for (int i = 0; i < 4; i++) {
		assert_string_equal(types[i], heap->types[i].type);
		assert_int_equal(values[i], heap->samples[0].values[i]);
		assert_int_equal(torn[i], heap->samples[1].values[i]);
	}
	assert_string_equal("program+0x10", leaf_name(heap, 0));
	assert_int_equal(16, heap->samples[0].block_bytes);
	assert_int_equal(0, heap->samples[0].label_count);
	assert_string_equal("space", heap->period_type.type);
	assert_int_equal(524288, heap->period);
	assert_string_equal("", heap->default_type);
	assert_string_equal("alloc_space", allocs->default_type);
	profile_free(heap);
	profile_free(allocs);
}

static void test_convert_waits_takes_one_side(void **state)
{
	struct fixture *fixture = *state;
	uint32_t body = add_node(fixture, 0, 0x10010, 0);
	uint32_t wrapper = add_node(fixture, body, 0x20010, 0);
	struct profile *block, *mutex;

	add_wait(fixture, add_node(fixture, wrapper, 0x20020, 0), REC_SIDE_WAITER, 500);
	add_wait(fixture, wrapper, REC_SIDE_HOLDER, 700);
	block = convert_waits(&fixture->recording, fixture->sym, "t", REC_SIDE_WAITER);
	mutex = convert_waits(&fixture->recording, fixture->sym, "t", REC_SIDE_HOLDER);
	assert_int_equal(1, block->sample_count);
	assert_int_equal(500, block->samples[0].values[1]);
	/* The wrapper that the program called stays, what it called of ours does not. */
	assert_int_equal(2, block->samples[0].location_count);
	assert_string_equal("libpprofmk.so+0x10", leaf_name(block, 0));
	assert_int_equal(1, mutex->sample_count);
	assert_int_equal(700, mutex->samples[0].values[1]);
	profile_free(block);
	profile_free(mutex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_convert_cpu_counts_samples_of_a_stack),
		TEST(test_convert_cpu_skips_a_sample_cut_short_by_a_crash),
		TEST(test_convert_cpu_period_is_what_the_tick_gave),
		TEST(test_convert_leaves_out_the_runtime),
		TEST(test_convert_tells_epochs_apart),
		TEST(test_convert_survives_a_torn_tree),
		TEST(test_convert_mem_figures),
		TEST(test_convert_heap_figures),
		TEST(test_convert_waits_takes_one_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
