/* SPDX-License-Identifier: MIT */
#include "tool/cmd/comparison.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/asked/profile_file.h"
#include "tool/picture/svg_file.h"
#include "tool/profile/profile_diff_print.h"
#include "tool/tool.h"
#include "tool/web/web_profile.h"
#include "tool/web/web_serve.h"

static bool is_yes(const struct options *options, const char *name)
{
	return strcmp(options_text(options, name), "yes") == 0;
}

/* The sample type that is compared, as one side has it. */
static int choose_type(struct comparison *comparison)
{
	const struct kind *kind = comparison->kind;
	struct profile_file file = {.kind = kind,
				    .path = comparison->new.paths[0],
				    .profile = comparison->new.profiles[0]};
	int type = kind_type_index(file.profile, kind->shown);
	int status;

	file.type = type < 0 ? 0 : (size_t)type;
	status = profile_file_choose_type(&file, comparison->options);
	if (status != TOOL_OK)
		return status;
	comparison->type = &file.profile->types[file.type];
	comparison->new_types = profile_runs_types(&comparison->new, comparison->type->type,
						   comparison->type->unit);
	if (comparison->new_types)
		comparison->old_types = profile_runs_types(&comparison->old, comparison->type->type,
							   comparison->type->unit);
	return comparison->old_types ? TOOL_OK : TOOL_FAILED;
}

static int print(const struct comparison *comparison)
{
	struct profile_diff diff = {
		.old = {.runs = &comparison->old, .types = comparison->old_types},
		.new = {.runs = &comparison->new, .types = comparison->new_types},
		.type = comparison->type->type,
		.unit = comparison->type->unit,
		.is_normalised = is_yes(comparison->options, "normalize")};
	uint64_t rows = 0;

	options_value(comparison->options, "number", &rows);
	profile_diff_make(&diff, comparison->kind, options_chance(comparison->options, "alpha"));
	profile_diff_print(stdout, &diff, rows);
	profile_diff_free(&diff);
	return TOOL_OK;
}

static uint64_t repeats_of(const struct profile_runs *runs)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < runs->count; i++) {
		uint64_t repeats = profile_repeats(runs->profiles[i]);

		if (repeats == 0)
			return 0;
		sum += repeats;
	}
	return sum;
}

/* What makes the base's values comparable: pprof subtracts them as they are. */
static double factor_of(const struct comparison *comparison, const struct profile *old,
			const struct profile *new)
{
	double old_total = (double)top_total(old, comparison->old_types[0]);
	double new_total = (double)top_total(new, comparison->new_types[0]);
	uint64_t old_repeats = repeats_of(&comparison->old);
	uint64_t new_repeats = repeats_of(&comparison->new);

	if (is_yes(comparison->options, "normalize"))
		return old_total > 0 && new_total > 0 ? new_total / old_total : 1;
	return old_repeats > 0 && new_repeats > 0 ? (double)new_repeats / (double)old_repeats : 1;
}

static int serve(const struct comparison *comparison, struct profile *new, struct profile *old)
{
	struct profile_file file = {.func = comparison->func,
				    .kind = comparison->kind,
				    .path = comparison->new.paths[0],
				    .profile = new,
				    .type = comparison->new_types[0]};
	int fd = -1, status = TOOL_FAILED;

	if (comparison->new.count > 1)
		file.path = web_profile_write(new, &fd);
	if (file.path)
		status = web_serve(&file, old, comparison->options);
	else
		tool_error("no memory for a profile");
	if (comparison->new.count > 1)
		free(file.path);
	if (fd >= 0)
		close(fd);
	return status;
}

static int show(const struct comparison *comparison)
{
	struct profile *old = profile_runs_merged(&comparison->old);
	struct profile *new = old ? profile_runs_merged(&comparison->new) : NULL;
	int status = TOOL_FAILED;

	if (new) {
		profile_scale(old, factor_of(comparison, old, new));
		status = serve(comparison, new, old);
	}
	profile_free(old);
	profile_free(new);
	return status;
}

int comparison_show(struct comparison *comparison)
{
	int status = choose_type(comparison);

	if (status == TOOL_OK)
		status = strcmp(options_text(comparison->options, "format"), "text") == 0
				 ? print(comparison)
				 : show(comparison);
	free(comparison->old_types);
	free(comparison->new_types);
	return status;
}
