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

/* What there is of each, as in Go's page: stacks that are counted, not what they count. */
struct counts {
	unsigned sites, blocks, mutexes, threads, created;
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

	counts->created = rec->table[REC_THREADS].len;
	for (uint32_t i = 0; site != NULL && i < sites; i++)
		counts->sites += site[i].node != 0;
	for (uint32_t i = 0; wait != NULL && i < waits; i++) {
		bool is_counted = wait[i].node != 0 && wait[i].count != 0;

		counts->blocks += is_counted && wait[i].side == REC_SIDE_WAITER;
		counts->mutexes += is_counted && wait[i].side == REC_SIDE_HOLDER;
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
	"<html>\n<head>\n<title>/debug/pprof/</"
	"title>\n<style>\n.profile-name{\n\tdisplay:inline-block;\n"
	"\twidth:6rem;\n}\n</style>\n</head>\n<body>\n/debug/pprof/\n<br>\n"
	"<p>Set debug=1 as a query parameter to export in legacy text format</p>\n<br>\n"
	"Types of profiles available:\n<table>\n<thead><td>Count</td><td>Profile</td></thead>\n";

static const char foot[] =
	"</ul>\n</p>\n"
	"<p>This is a C program: where Go says goroutine, it is a thread. Its heap is sampled and "
	"counted from the moment the endpoint "
	"was opened. Made by pprof.mk; docs/debug-pprof.md has all paths and parameters.</p>\n"
	"</body>\n</html>\n";

struct row {
	const char *name;
	unsigned count;
	const char *what;
};

static void print_rows(FILE *page, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(page, "<tr><td>%u</td><td><a href='%s?debug=1'>%s</a></td></tr>\n",
			rows[i].count, rows[i].name, rows[i].name);
	fputs("</table>\n<a href=\"goroutine?debug=2\">full goroutine stack dump</a>\n<br>\n"
	      "<p>\nProfile Descriptions:\n<ul>\n",
	      page);
	for (size_t i = 0; i < count; i++)
		fprintf(page, "<li><div class=profile-name>%s: </div> %s</li>\n", rows[i].name,
			rows[i].what);
}

static void print_page(FILE *page, const struct counts *counts)
{
	const struct row rows[] = {
		{"allocs", counts->sites, "A sampling of all past memory allocations"},
		{"block", counts->blocks, "Stacks that waited: locks, conditions, sleeps, polls"},
		{"cmdline", 0, "The command line invocation of the current program"},
		{"flight", 0,
		 "The last seconds of execution, where the flight recorder is on. Use pprofmk "
		 "trace-show to look at it."},
		{"goroutine", counts->threads,
		 "Stacks of all current threads. Use debug=2 as a query parameter to see each of "
		 "them."},
		{"heap", counts->sites, "A sampling of memory allocations that are in use"},
		{"mutex", counts->mutexes, "Stacks of holders of contended locks"},
		{"profile", 0,
		 "CPU profile. You can specify the duration in the seconds GET parameter. After "
		 "you "
		 "get the profile file, use the go tool pprof command to investigate the profile."},
		{"threadcreate", counts->created, "Threads that were created"},
		{"trace", 0,
		 "A trace of execution of the current program. You can specify the duration in the "
		 "seconds GET parameter. Use pprofmk trace-show to look at it."},
	};

	fputs(head, page);
	print_rows(page, rows, sizeof rows / sizeof *rows);
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
