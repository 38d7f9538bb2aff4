/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Snapshots written by hand, whose profiles and differences follow by arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/live/live_profile.h"

static struct recording before, now;
static struct sym *sym;

#define ITEM(recording, name, type) \
	(&((type *)recording_table( \
		recording, name,    \
		type))[atomic_fetch_add(&(recording)->rec->table[REC_##name].len, 1)])

/* Nodes 1 and 2, two functions below the root. */
static void prepare(struct recording *recording, uint64_t taken_ns)
{
	struct rec_config config = {.kind = REC_KIND_LIVE, .period_ns = 10000000};

	assert_true(recording_new(recording, &config));
	*ITEM(recording, NODES, struct rec_node) = (struct rec_node){.ip = 0x1000};
	*ITEM(recording, NODES, struct rec_node) = (struct rec_node){.ip = 0x2000};
	memcpy(ITEM(recording, THREADS, struct rec_thread)->name, "worker", 7);
	recording->rec->state.clock = REC_CLOCK_PERF;
	recording->rec->state.taken_ns = taken_ns;
}

static int setup(void **state)
{
	(void)state;
	sym = sym_open();
	prepare(&before, 5000000000);
	prepare(&now, 8000000000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	recording_free(&before);
	recording_free(&now);
	sym_close(sym);
	return 0;
}

static void add_wait(struct recording *recording, uint32_t node, enum rec_wait_side side,
		     uint64_t count, uint64_t delay_ns)
{
	*ITEM(recording, WAITS, struct rec_wait) =
		(struct rec_wait){.node = node, .side = side, .count = count, .delay_ns = delay_ns};
}

static void add_site(struct recording *recording, uint32_t node, uint64_t count, uint64_t bytes,
		     uint64_t freed, uint64_t freed_bytes)
{
	*ITEM(recording, SITES, struct rec_site) =
		(struct rec_site){.node = node,
				  .alloc_count = count,
				  .alloc_bytes = bytes,
				  .remote_free_count = freed,
				  .remote_free_bytes = freed_bytes};
}

static void check_types(const struct profile *profile, const char *first, const char *second)
{
	assert_int_equal(profile->type_count, second != NULL ? 2 : 1);
	assert_string_equal(profile->types[0].type, first);
	assert_string_equal(profile->types[0].unit, "count");
	if (second != NULL)
		assert_string_equal(profile->types[1].type, second);
	assert_string_equal(profile->default_type, "");
}

static void test_live_profile_of_cpu_says_when_it_began(void **state)
{
	struct profile *profile;

	(void)state;
	now.rec->state.wall_ns = 2000000000;
	*ITEM(&now, SAMPLES, struct rec_sample) = (struct rec_sample){0, 1};
	*ITEM(&now, SAMPLES, struct rec_sample) = (struct rec_sample){0, 1};
	profile = live_profile("profile", &now, NULL, sym);
	check_types(profile, "samples", "cpu");
	assert_int_equal(profile->sample_count, 1);
	assert_int_equal(profile->samples[0].values[0], 2);
	assert_int_equal(profile->samples[0].values[1], 20000000);
	assert_int_equal(profile->time_nanos, 6000000000);
	assert_int_equal(profile->duration_nanos, 2000000000);
	assert_int_equal(profile->period, 10000000);
	/* No test has to do with it. */
	assert_int_equal(profile->samples[0].label_count, 1);
	assert_string_equal(profile->samples[0].labels[0].value, "worker");
	profile_free(profile);
}

static void test_live_profile_of_cpu_says_what_it_lacks(void **state)
{
	struct profile *profile = live_profile("profile", &now, NULL, sym);

	(void)state;
	assert_int_equal(profile->comment_count, 0);
	profile_free(profile);
	now.rec->state.clockless = 3;
	now.rec->table[REC_SAMPLES].lost = 2;
	profile = live_profile("profile", &now, NULL, sym);
	assert_int_equal(profile->comment_count, 1);
	assert_string_equal(profile->comments[0], "pprof.mk: 3 threads had no clock (limit of "
						  "descriptors?), 2 samples had no room");
	profile_free(profile);
}

static void test_live_profile_subtracts_what_was_before(void **state)
{
	struct profile *profile;

	(void)state;
	add_wait(&before, 1, REC_SIDE_WAITER, 3, 30);
	add_wait(&before, 2, REC_SIDE_WAITER, 7, 70);
	add_wait(&now, 1, REC_SIDE_WAITER, 5, 90);
	add_wait(&now, 2, REC_SIDE_WAITER, 7, 70);
	add_wait(&now, 1, REC_SIDE_HOLDER, 4, 40);
	profile = live_profile("block", &now, &before, sym);
	check_types(profile, "contentions", "delay");
	assert_int_equal(profile->sample_count, 1);
	assert_int_equal(profile->samples[0].values[0], 2);
	assert_int_equal(profile->samples[0].values[1], 60);
	assert_int_equal(profile->time_nanos, 8000000000);
	assert_int_equal(profile->duration_nanos, 3000000000);
	profile_free(profile);
	profile = live_profile("mutex", &now, &before, sym);
	assert_int_equal(profile_sum(profile, 1), 40);
	profile_free(profile);
}

/* The mean size of a stack's blocks is a label, and changes. */
static void test_live_profile_subtracts_heaps_whose_blocks_have_grown(void **state)
{
	struct profile *profile;

	(void)state;
	add_site(&before, 1, 10, 1000, 4, 400);
	add_site(&now, 1, 30, 9000, 29, 8000);
	profile = live_profile("heap", &now, &before, sym);
	assert_int_equal(profile->sample_count, 1);
	assert_int_equal(profile->samples[0].values[0], 20);
	assert_int_equal(profile->samples[0].values[1], 8000);
	assert_int_equal(profile->samples[0].values[2], 1 - 6);
	assert_int_equal(profile->samples[0].values[3], 1000 - 600);
	profile_free(profile);
	profile = live_profile("allocs", &now, NULL, sym);
	assert_string_equal(profile->default_type, "alloc_space");
	profile_free(profile);
}

static void test_live_profile_counts_threads_and_where_they_began(void **state)
{
	struct profile *profile;

	(void)state;
	*ITEM(&before, SAMPLES, struct rec_sample) = (struct rec_sample){0, 2};
	*ITEM(&now, SAMPLES, struct rec_sample) = (struct rec_sample){0, 1};
	*ITEM(&now, SAMPLES, struct rec_sample) = (struct rec_sample){0, 1};
	*ITEM(&now, SAMPLES, struct rec_sample) = (struct rec_sample){0, 0}; /* it did not answer */
	add_wait(&now, 2, REC_SIDE_CREATOR, 6, 0);
	profile = live_profile("goroutine", &now, NULL, sym);
	check_types(profile, "goroutine", NULL);
	assert_int_equal(profile_sum(profile, 0), 2);
	profile_free(profile);
	profile = live_profile("goroutine", &now, &before, sym);
	assert_int_equal(profile->sample_count, 2);
	assert_int_equal(profile_sum(profile, 0), 1);
	profile_free(profile);
	profile = live_profile("threadcreate", &now, NULL, sym);
	check_types(profile, "threadcreate", NULL);
	assert_int_equal(profile_sum(profile, 0), 6);
	profile_free(profile);
	assert_null(live_profile("fgprof", &now, NULL, sym));
}

static void refuses(int fd, const char *what)
{
	struct recording recording;
	char error[128] = "";

	assert_false(live_recording_open(&recording, fd, error, sizeof error));
	assert_string_equal(error, what);
	close(fd);
}

static int file_of(const void *bytes, size_t size_bytes)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_int_equal(write(fd, bytes, size_bytes), size_bytes);
	return fd;
}

static void test_live_profile_refuses_what_is_no_snapshot(void **state)
{
	struct rec_header header = *now.rec;

	(void)state;
	refuses(-1, "not a recording");
	refuses(file_of("", 0), "not a recording");
	refuses(file_of("pprfrec1", 8), "not a recording");
	refuses(file_of(&header, sizeof header), "cut off in its tables");
	header.size_bytes = sizeof header;
	refuses(file_of(&header, sizeof header), "its tables are damaged");
	header.version++;
	refuses(file_of(&header, sizeof header), "recorded by another version of pprof.mk");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_live_profile_of_cpu_says_when_it_began),
		TEST(test_live_profile_of_cpu_says_what_it_lacks),
		TEST(test_live_profile_subtracts_what_was_before),
		TEST(test_live_profile_subtracts_heaps_whose_blocks_have_grown),
		TEST(test_live_profile_counts_threads_and_where_they_began),
		TEST(test_live_profile_refuses_what_is_no_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
