/* SPDX-License-Identifier: MIT */
/* pprofmk live: fetch a profile or a trace from a running program, keep it, show it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "format/write_file.h"
#include "tool/asked/live_folder.h"
#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/live/live_fetch.h"
#include "tool/live/live_trace.h"
#include "tool/profile/top.h"
#include "tool/run/summary.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"
#include "tool/web/web_serve.h"

/* One call. */
struct live {
	const struct options *options;
	struct live_place place;
	char *folder, *name;
	uint64_t seconds; /* asked for, or what the kind has without; 0: since its beginning */
};

static bool shows(const struct live *live)
{
	return strcmp(options_text(live->options, "show"), "yes") == 0;
}

/* What is to be typed to see it again. */
static void say_next(const struct live *live, const char *kind)
{
	const char *out = options_text(live->options, "out");

	if (strcmp(kind, LIVE_TRACE) == 0)
		summary_next_trace(stdout, live->name, out);
	else
		summary_next(stdout, "\n", kind, live->name, out);
	fflush(stdout);
}

static int keep(const struct profile_file *file, const struct live_profile *profile)
{
	int error = fmt_write_file(file->path, profile->bytes, profile->size);

	if (!error)
		return TOOL_OK;
	tool_error("%s: %s", file->path, strerror(-error));
	return TOOL_FAILED;
}

static void print(const struct profile_file *file)
{
	putchar('\n');
	profile_file_title(stdout, file);
	top_print(stdout, file->profile, file->type, SUMMARY_ROWS);
	printf("           %s\n", file->path);
}

static int show_profile(const struct live *live, const struct kind *kind)
{
	struct live_profile profile;
	struct profile_file file = {.func = live->name, .kind = kind};
	int status = live_fetch_profile(&live->place, live_kind_find(kind->name), live->seconds,
					&profile, NULL);

	if (status != TOOL_OK)
		return status;
	file.path = kind_path(kind, live->folder, live->name);
	file.profile = profile.profile;
	file.type = profile.type;
	status = keep(&file, &profile);
	if (status == TOOL_OK) {
		print(&file);
		say_next(live, kind->name);
	}
	if (status == TOOL_OK && shows(live))
		status = web_serve(&file, NULL, live->options);
	free(file.path);
	live_profile_free(&profile);
	return status;
}

static int take_trace(const struct live *live)
{
	uint64_t limit = 0;
	int status;

	options_value(live->options, "tracesize", &limit);
	status = live_trace(&live->place, live->seconds, limit, live->folder, live->name);
	if (status == TOOL_OK)
		say_next(live, LIVE_TRACE);
	return status;
}

static int fetch(struct live *live)
{
	const char *kind = options_text(live->options, "kind");
	const struct live_kind *of_profile = live_kind_find(kind);

	if (!options_value(live->options, "seconds", &live->seconds) &&
	    (!of_profile || of_profile->sort == LIVE_RECORDED))
		live->seconds = LIVE_SECONDS;
	return of_profile ? show_profile(live, kind_find(kind)) : take_trace(live);
}

static char *name_of(const struct live *live)
{
	const char *name = options_text(live->options, "name");

	return name && *name ? xstrdup(name)
			     : live_folder_name(live->place.address.name, time(NULL));
}

int cmd_live(const struct options *options)
{
	struct live live = {.options = options};
	int status = live_place_open(&live.place, options);

	if (status == TOOL_OK) {
		live.folder = live_folder(options_text(options, "out"));
		live.name = name_of(&live);
		status = tests_make_folder(live.folder) ? fetch(&live) : TOOL_FAILED;
		free(live.folder);
		free(live.name);
		live_place_close(&live.place);
	}
	return status;
}
