/* SPDX-License-Identifier: MIT */
/* pprofmk watch-diff: what has changed between two samples that were kept of a running program. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/cmd/comparison.h"
#include "tool/live/live_address.h"
#include "tool/live/live_kinds.h"
#include "tool/live/watch_folder.h"
#include "tool/profile/profile_delta.h"
#include "tool/profile/top.h"
#include "tool/tool.h"
#include "tool/web/web_profile.h"
#include "tool/web/web_serve.h"

/* The sample of an option. NULL after a message. */
static const struct watch_sample *chosen(const struct watch_folder *folder,
					 const struct options *options, const char *option)
{
	char problem[320], typed[OPTIONS_TYPED_SIZE];
	const struct watch_sample *sample =
		watch_folder_find(folder, options_text(options, option), problem, sizeof(problem));

	if (!sample)
		tool_error("%s: %s", options_typed(option, typed), problem);
	return sample;
}

static bool is_text(const struct options *options)
{
	return strcmp(options_text(options, "format"), "text") == 0;
}

static void print_title(const struct comparison *both, const struct profile_file *delta)
{
	printf("old  %s\nnew  %s\n\n", both->old.paths[0], both->new.paths[0]);
	profile_file_title(stdout, delta);
}

static int serve(struct profile_file *delta, const struct options *options)
{
	int fd = -1, status = TOOL_FAILED;

	delta->path = web_profile_write(delta->profile, &fd);
	if (delta->path)
		status = web_serve(delta, NULL, options);
	else
		tool_error("no memory for a profile");
	free(delta->path);
	if (fd >= 0)
		close(fd);
	return status;
}

/* Counters: what was counted in between. */
static int show_delta(struct comparison *both)
{
	struct profile *later = both->new.profiles[0], *old = both->old.profiles[0];
	struct profile_file delta = {.func = both->func, .kind = both->kind};
	int type = kind_type_index(later, both->kind->shown), status = TOOL_OK;
	uint64_t rows = 0;

	delta.type = type < 0 ? 0 : (size_t)type;
	options_value(both->options, "number", &rows);
	if (profile_is_of_another_run(later, old, delta.type, true)) {
		puts("# the program was started again in between: what it has counted since then");
		profile_scale(old, 0);
	}
	delta.profile = profile_delta(later, old);
	if (!delta.profile)
		return TOOL_FAILED;
	if (is_text(both->options)) {
		print_title(both, &delta);
		top_print(stdout, delta.profile, delta.type, rows);
	} else {
		status = serve(&delta, both->options);
	}
	profile_free(delta.profile);
	return status;
}

static int compare(const struct options *options, const struct watch_folder *folder,
		   const char *address_name, const struct live_kind *kind)
{
	const struct watch_sample *old = chosen(folder, options, "old");
	const struct watch_sample *new = old ? chosen(folder, options, "new") : NULL;
	struct comparison both = {.options = options};
	int status = TOOL_FAILED;
	char *title;

	if (!new)
		return TOOL_FAILED;
	title = xasprintf("%s from #%u to #%u", address_name, old->number, new->number);
	both.func = title;
	both.kind = kind_find(kind->name);
	if (profile_runs_read(&both.old, both.kind, both.func, old->path) &&
	    profile_runs_read(&both.new, both.kind, both.func, new->path))
		status = kind->sort == LIVE_COUNTER ? show_delta(&both) : comparison_show(&both);
	profile_runs_free(&both.old);
	profile_runs_free(&both.new);
	free(title);
	return status;
}

int cmd_watch_diff(const struct options *options)
{
	const char *text = options_text(options, "addr");
	struct live_address address;
	const char *problem = live_address_read(&address, text);
	const struct live_kind *kind = live_kind_find(options_text(options, "kind"));
	struct watch_folder folder;
	char typed[OPTIONS_TYPED_SIZE];
	int status;

	if (problem)
		return options_wrong(options->command, "%s \"%.60s\": %s",
				     options_typed("addr", typed), text, problem);
	watch_folder_open(&folder, options_text(options, "out"), address.name, kind->name);
	status = compare(options, &folder, address.name, kind);
	watch_folder_close(&folder);
	live_address_free(&address);
	return status;
}
