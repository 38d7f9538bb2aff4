/* SPDX-License-Identifier: MIT */
#include "endpoint/index.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/recording.h"

/* What there is of each: stacks that are counted, not what they count. */
struct counts {
	unsigned sites, blocks, mutexes, threads, creators;
};

/* The items of a table that lies wholly in a snapshot, NULL for any other. */
static const void *items_of(const struct rec_header *rec, uint64_t size_bytes, enum rec_table_id id,
			    size_t item_size, uint32_t *count)
{
	const struct rec_table *table = &rec->table[id];

	*count = table->len < table->cap ? table->len : table->cap;
	if (table->item_size != item_size || table->offset > size_bytes ||
	    (uint64_t)*count * item_size > size_bytes - table->offset)
		return NULL;
	return (const char *)rec + table->offset;
}

static void count_items(const struct rec_header *rec, uint64_t size_bytes, struct counts *counts)
{
	uint32_t sites, waits;
	const struct rec_site *site = items_of(rec, size_bytes, REC_SITES, sizeof *site, &sites);
	const struct rec_wait *wait = items_of(rec, size_bytes, REC_WAITS, sizeof *wait, &waits);

	for (uint32_t i = 0; site != NULL && i < sites; i++)
		counts->sites += site[i].node != 0;
	for (uint32_t i = 0; wait != NULL && i < waits; i++) {
		bool is_counted = wait[i].node != 0 && wait[i].count != 0;

		counts->blocks += is_counted && wait[i].side == REC_SIDE_WAITER;
		counts->mutexes += is_counted && wait[i].side == REC_SIDE_HOLDER;
		counts->creators += is_counted && wait[i].side == REC_SIDE_CREATOR;
	}
}

static void count_snapshot(int fd, struct counts *counts)
{
	struct stat status;
	const struct rec_header *rec;

	if (fstat(fd, &status) != 0 || (size_t)status.st_size < sizeof *rec)
		return;
	rec = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (rec == MAP_FAILED)
		return;
	if (rec->magic == REC_MAGIC && rec->version == REC_VERSION)
		count_items(rec, (uint64_t)status.st_size, counts);
	munmap((void *)(uintptr_t)rec, (size_t)status.st_size);
}

/* Without ours. */
static unsigned count_threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	unsigned count = 0;

	for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
		count += entry->d_name[0] != '.';
	if (folder != NULL)
		closedir(folder);
	return count > 0 ? count - 1 : 0;
}

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<meta "
	"charset=\"utf-8\">\n<title>/debug/pprof/</title>\n"
	"<style>\nbody { font: 15px/1.5 sans-serif; margin: 2em }\n"
	"th, td { padding: 0 1.5em .3em 0; text-align: left; vertical-align: top }\n"
	".n { text-align: right }\n</style>\n<h1>/debug/pprof/</h1>\n"
	"<p>What this program has to say of itself while it runs. A name is a profile to save, or "
	"to give <code>go tool pprof</code> as an address; <i>text</i> is the same to read "
	"here.\n<table>\n<tr><th>profile<th><th class=\"n\">stacks<th>has\n";

static const char foot[] =
	"</table>\n<p>This is a C program: what is called goroutine is a thread. Waits and the "
	"heap, which is sampled, are counted from the moment the endpoint was opened. pprof.mk's "
	"docs/debug-pprof.md has all paths and parameters.\n</html>\n";

struct row {
	const char *name;
	const unsigned *count; /* NULL: it is nothing that is counted, and has no text */
	const char *what;
};

static void print_row(FILE *page, const struct row *row)
{
	fprintf(page, "<tr><td><a href=\"%s\">%s</a><td>", row->name, row->name);
	if (row->count != NULL)
		fprintf(page, "<a href=\"%s?debug=1\">text</a><td class=\"n\">%u", row->name,
			*row->count);
	else
		fputs("<td>", page);
	fprintf(page, "<td>%s\n", row->what);
}

static void print_page(FILE *page, const struct counts *counts)
{
	const struct row rows[] = {
		{"allocs", &counts->sites, "where memory was allocated, freed or not"},
		{"block", &counts->blocks,
		 "where threads waited: locks, conditions, sleeps, polls"},
		{"cmdline", NULL, "the program's arguments"},
		{"flight", NULL, "the trace of the last seconds, where the flight recorder is on"},
		{"goroutine", &counts->threads,
		 "the stack of every thread, now; <a href=\"goroutine?debug=2\">one by one</a>"},
		{"heap", &counts->sites, "where the memory that is in use was allocated"},
		{"mutex", &counts->mutexes, "who held the locks that others waited for"},
		{"profile", NULL,
		 "CPU time of the next 30 seconds; <code>?seconds=</code> says how many"},
		{"threadcreate", &counts->creators, "where threads were started"},
		{"trace", NULL,
		 "what every thread does in the next second, or <code>?seconds=</code>; "
		 "<code>pprofmk trace-show</code> shows it"},
	};

	fputs(head, page);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		print_row(page, &rows[i]);
	fputs(foot, page);
}

char *index_page(const struct live_api *api, size_t *size)
{
	struct counts counts = {.threads = count_threads()};
	int fd = api->snapshot != NULL ? api->snapshot() : -ENOSYS;
	char *text = NULL;
	FILE *page;

	if (fd >= 0) {
		count_snapshot(fd, &counts);
		close(fd);
	}
	page = open_memstream(&text, size);
	if (page == NULL)
		return NULL;
	print_page(page, &counts);
	if (fclose(page) == 0)
		return text;
	free(text);
	return NULL;
}
