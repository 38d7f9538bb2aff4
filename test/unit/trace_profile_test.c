/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Profiles of traces whose figures are arithmetic, and files of them that are made when they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tool/analysis/trace_profile.h"
#include "tool/analysis/trace_stat.h"
#include "tool/asked/trace_profile_file.h"
#include "trace_example.h"

static const struct trace_profile_part whole = {.to_ns = UINT64_MAX};

static struct profile *profile_of(const struct trace *trace, const char *kind,
				  const struct trace_profile_part *part)
{
	return trace_profile_new(trace, kind_find(kind), part, "test_x");
}

/* The samples' functions as "leaf<caller<root count/ms", a word each. */
static char *described(const struct profile *profile)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (size_t i = 0; i < profile->sample_count; i++) {
		const struct profile_sample *sample = &profile->samples[i];
		const char *before = i > 0 ? " " : "";

		for (size_t j = 0; j < sample->location_count; j++) {
			const struct profile_location *location =
				&profile->locations[sample->locations[j] - 1];

			for (size_t k = 0; k < location->line_count; k++) {
				uint64_t function = location->lines[k].function;

				fprintf(stream, "%s%s", before,
					profile->functions[function - 1].name);
				before = k + 1 < location->line_count ? "+" : "<";
			}
			before = "<";
		}
		fprintf(stream, "=%d/%d", (int)sample->values[0],
			(int)(sample->values[1] / (int64_t)MS));
	}
	fclose(stream);
	return text;
}

static void check(const struct trace *trace, const char *kind,
		  const struct trace_profile_part *part, const char *expected)
{
	struct profile *profile = profile_of(trace, kind, part);
	char *text = described(profile);

	assert_string_equal(text, expected);
	free(text);
	profile_free(profile);
}

static void test_trace_profile_of_waits_has_their_stacks(void **unused)
{
	struct trace *trace = example_convoy();
	struct profile *profile = profile_of(trace, "sync", &whole);

	(void)unused;
	check(trace, "sync", &whole, "join<main=1/20 lock<get<worker=2/20");
	check(trace, "net", &whole, "");
	assert_string_equal(profile->default_type, "delay");
	assert_string_equal(profile->types[0].type, "contentions");
	assert_string_equal(profile->samples[1].labels[0].value, "test_x");
	assert_string_equal(profile->samples[1].labels[1].value, "worker");
	assert_string_equal(profile->mappings[0].path, "/bin/x");
	assert_int_equal(profile->comment_count, 0);
	profile_free(profile);
	trace_close(trace);
}

static void test_trace_profile_of_running_has_what_events_have_in_common(void **unused)
{
	struct trace *trace = example_convoy();

	(void)unused;
	/* To its first event and after its last one a thread is known to be in its start function. Of b, between lock and
	 * unlock, at another line of it. */
	check(trace, "running", &whole, "a=1/10 worker=4/15");
	trace_close(trace);
}

static void test_trace_profile_of_a_group_and_a_range(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_profile_part part = {"worker", 8 * MS, 12 * MS};

	(void)unused;
	/* b until 10, c all the time. */
	check(trace, "sync", &part, "lock<get<worker=2/6");
	part.group = "main";
	check(trace, "sync", &part, "join<main=1/4");
	part.group = "nobody";
	check(trace, "sync", &part, "");
	trace_close(trace);
}

/* Every state's time is in one profile, but for those that nobody knows what they were for. */
static void test_trace_profiles_add_up_to_the_lives(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_stat *stat;
	uint64_t sum = 0;

	(void)unused;
	example_begin(&e, TRACE_STATE_COUNT);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, TRACE_STATE_COUNT);
	for (uint64_t i = 0; i < TRACE_STATE_COUNT; i++)
		example_state(&e, 0, i, i + 1, (enum trace_state)i);
	trace = example_end(&e);
	stat = trace_stat_new(trace, 0, TRACE_STATE_COUNT * MS);
	for (size_t i = 0; i < kinds_count; i++) {
		struct profile *profile;

		if (!kind_is_of_trace(&kinds[i]))
			continue;
		profile = profile_of(trace, kinds[i].name, &whole);
		assert_true(profile_sum(profile, 1) > 0);
		sum += (uint64_t)profile_sum(profile, 1);
		profile_free(profile);
	}
	assert_int_equal(sum, stat->times.total_ns - stat->times.ns[TRACE_STATE_BLOCKED] -
				      stat->times.ns[TRACE_STATE_UNKNOWN]);
	check(trace, "syscall", &whole, "main=4/4");
	trace_stat_free(stat);
	trace_close(trace);
}

/* On a CPU inside of one event the whole stack is known, the call itself too. */
static void test_trace_profile_of_what_a_call_ran(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_event event = {.start_ns = 2 * MS,
				    .end_ns = 5 * MS,
				    .type = TRACE_SYSCALL,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {TRACE_CALL_READ, 4, 0}};

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 10);
	example_state(&e, 0, 0, 2, TRACE_STATE_RUNNING);
	example_state(&e, 0, 2, 5, TRACE_STATE_SYSCALL);
	example_state(&e, 0, 5, 10, TRACE_STATE_RUNNING);
	event.stack = example_stack(&e, "read:1 load:2 main:3");
	trace_writer_event(e.writer, 0, &event);
	trace = example_end(&e);
	check(trace, "syscall", &whole, "read<load<main=1/3");
	check(trace, "running", &whole, "main=2/7");
	trace_close(trace);
}

static void test_trace_profile_keeps_inlined_calls(void **unused)
{
	struct example e;
	struct trace *trace;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 10);
	example_object(&e, REC_WAIT_MUTEX, 1);
	example_wait(&e, 0, 0, 10, 0, example_stack(&e, "lock:1 +in:2 out:3 main:4"), NOBODY);
	trace = example_end(&e);
	check(trace, "sync", &whole, "lock<in+out<main=1/10");
	trace_close(trace);
}

static void test_trace_profile_says_what_was_lost(void **unused)
{
	struct example e;
	struct trace *trace;
	struct profile *profile;

	(void)unused;
	example_begin(&e, 1);
	e.info.lost_switches = 2;
	trace = example_end(&e);
	profile = profile_of(trace, "sched", &whole);
	assert_int_equal(profile->comment_count, 1);
	assert_string_equal(profile->comments[0], "lost: 2 switches");
	profile_free(profile);
	trace_close(trace);
}

static void set_age(const char *path, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int64_t sum_of_file(const char *path)
{
	char error[256] = "";
	struct profile *profile = profile_read(path, error, sizeof error);
	int64_t sum;

	assert_string_equal(error, "");
	sum = profile_sum(profile, 1);
	profile_free(profile);
	return sum;
}

static void write_sleeper(const char *path, uint64_t ms)
{
	struct example e;

	example_begin(&e, ms);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, ms);
	example_state(&e, 0, 0, ms, TRACE_STATE_SLEEP);
	assert_int_equal(trace_writer_end(e.writer, &e.info, e.threads, 1, NULL, 0), 0);
	assert_int_equal(rename(e.path, path), 0);
}

static void test_trace_profile_is_made_when_there_is_none_or_an_old_one(void **unused)
{
	char folder[] = "/tmp/trace_profile_test.XXXXXX", trace[64], profile[64];
	const struct kind *kind = kind_find("syscall");

	(void)unused;
	assert_non_null(mkdtemp(folder));
	snprintf(trace, sizeof trace, "%s/t.trace", folder);
	snprintf(profile, sizeof profile, "%s/t.syscall.pb.gz", folder);
	assert_int_equal(trace_profile_refresh(kind, folder, "t"), 1);
	write_sleeper(trace, 3);
	assert_int_equal(trace_profile_refresh(kind, folder, "t"), 0);
	assert_int_equal(sum_of_file(profile), 3 * MS);
	/* Another trace, as old: as it was. */
	write_sleeper(trace, 4);
	set_age(trace, 1000);
	set_age(profile, 1000);
	assert_int_equal(trace_profile_refresh(kind, folder, "t"), 0);
	assert_int_equal(sum_of_file(profile), 3 * MS);
	set_age(trace, 1001);
	assert_int_equal(trace_profile_refresh(kind, folder, "t"), 0);
	assert_int_equal(sum_of_file(profile), 4 * MS);
	/* A profile that came without its trace. */
	assert_int_equal(unlink(trace), 0);
	assert_int_equal(trace_profile_refresh(kind, folder, "t"), 0);
	assert_int_equal(unlink(profile), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_profile_of_waits_has_their_stacks),
		cmocka_unit_test(test_trace_profile_of_running_has_what_events_have_in_common),
		cmocka_unit_test(test_trace_profile_of_a_group_and_a_range),
		cmocka_unit_test(test_trace_profiles_add_up_to_the_lives),
		cmocka_unit_test(test_trace_profile_of_what_a_call_ran),
		cmocka_unit_test(test_trace_profile_keeps_inlined_calls),
		cmocka_unit_test(test_trace_profile_says_what_was_lost),
		cmocka_unit_test(test_trace_profile_is_made_when_there_is_none_or_an_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
