/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "tool/live/watch_folder.h"

/* 2026-11-26 18:15:00 in UTC. */
#define BEGIN	 1795716900
#define INTERVAL 60

/* A folder of its own with `count` samples of 10 bytes, a minute apart. */
struct kept {
	char out[32];
	struct watch_folder folder;
};

static void keep(struct kept *kept, unsigned count)
{
	char *above;

	setenv("TZ", "UTC", 1);
	tzset();
	strcpy(kept->out, "/tmp/watch_testXXXXXX");
	assert_non_null(mkdtemp(kept->out));
	watch_folder_open(&kept->folder, kept->out, "::1-6060", "heap");
	assert_int_equal(kept->folder.count, 0);
	above = xasprintf("%s/watch", kept->out);
	assert_int_equal(mkdir(above, 0700), 0);
	assert_int_equal(mkdir(kept->folder.dir, 0700), 0);
	free(above);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(watch_folder_add(&kept->folder, BEGIN + (time_t)i * INTERVAL,
						  "0123456789", 10),
				 0);
}

static void let_go(struct kept *kept)
{
	char *above = xasprintf("%s/watch", kept->out);

	for (size_t i = 0; i < kept->folder.count; i++)
		assert_int_equal(unlink(kept->folder.samples[i].path), 0);
	assert_int_equal(rmdir(kept->folder.dir), 0);
	assert_int_equal(rmdir(above), 0);
	assert_int_equal(rmdir(kept->out), 0);
	free(above);
	watch_folder_close(&kept->folder);
}

static void test_watch_folder_numbers_go_on(void **state)
{
	struct watch_folder again;
	struct kept kept;
	char *other;
	FILE *file;

	(void)state;
	keep(&kept, 3);
	assert_non_null(strstr(kept.folder.samples[2].path,
			       "/watch/%3A%3A1-6060/000003.20261126-181700.heap.pb.gz"));
	/* What is none of ours, or of another kind, is not looked at. */
	other = xasprintf("%s/000009.20261126-181700.allocs.pb.gz", kept.folder.dir);
	file = fopen(other, "w");
	assert_non_null(file);
	fclose(file);
	watch_folder_open(&again, kept.out, "::1-6060", "heap");
	assert_int_equal(again.count, 3);
	assert_int_equal(again.samples[2].number, 3);
	assert_int_equal(again.samples[2].when, BEGIN + 2 * INTERVAL);
	assert_int_equal(watch_folder_bytes(&again), 30);
	unlink(other);
	free(other);
	watch_folder_close(&again);
	let_go(&kept);
}

static void test_watch_folder_keeps_within_a_bound(void **state)
{
	struct watch_keep keeps;
	struct kept kept;

	(void)state;
	assert_null(watch_keep_read(&keeps, "4"));
	assert_int_equal(keeps.samples, 4);
	keep(&kept, 6);
	assert_int_equal(watch_folder_trim(&kept.folder, &keeps), 2);
	assert_int_equal(kept.folder.samples[0].number, 3);
	assert_int_equal(watch_folder_trim(&kept.folder, &keeps), 0);
	assert_null(watch_keep_read(&keeps, "35B"));
	assert_int_equal(watch_folder_trim(&kept.folder, &keeps), 1);
	/* The last two stay, whatever they have. */
	assert_null(watch_keep_read(&keeps, "1B"));
	assert_int_equal(watch_folder_trim(&kept.folder, &keeps), 1);
	assert_int_equal(kept.folder.count, 2);
	assert_int_equal(kept.folder.samples[1].number, 6);
	let_go(&kept);
	for (const char *const *bad = (const char *const[]){"0", "1", "-2", "x", "", "0MB", NULL};
	     *bad; bad++)
		assert_non_null(watch_keep_read(&keeps, *bad));
}

static void finds(const struct kept *kept, const char *text, unsigned number)
{
	char problem[320] = "";
	const struct watch_sample *sample =
		watch_folder_find(&kept->folder, text, problem, sizeof(problem));

	if (!sample)
		fail_msg("%s: %s", text, problem);
	else
		assert_int_equal(sample->number, number);
}

static void misses(const struct kept *kept, const char *text, const char *why)
{
	char problem[320] = "";

	assert_null(watch_folder_find(&kept->folder, text, problem, sizeof(problem)));
	if (!strstr(problem, why))
		fail_msg("%s: %s, expected: %s", text, problem, why);
}

static void test_watch_folder_finds(void **state)
{
	struct kept kept;

	(void)state;
	keep(&kept, 4);
	finds(&kept, "1", 1);
	finds(&kept, "-1", 4);
	finds(&kept, "-4", 1);
	finds(&kept, "2026-11-26T18:16:30", 2);
	finds(&kept, "2026-11-26T18:17", 3);
	finds(&kept, "20261126-181800", 4);
	misses(&kept, "5", "there are 1 to 4");
	misses(&kept, "0", "no sample");
	misses(&kept, "-5", "there are 1 to 4");
	misses(&kept, "2026-11-26T18:14:59", "there are 1 to 4");
	misses(&kept, "then", "give its number");
	misses(&kept, "18:15x", "give its number");
	misses(&kept, "", "give its number");
	let_go(&kept);
	keep(&kept, 0);
	misses(&kept, "-1", "none is kept");
	let_go(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_watch_folder_numbers_go_on),
		cmocka_unit_test(test_watch_folder_keeps_within_a_bound),
		cmocka_unit_test(test_watch_folder_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
