/* SPDX-License-Identifier: MIT */
/* pprofmk web: pprof's pages for a profile, the flame graph first. */
#include <stdio.h>

#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/tool.h"
#include "tool/web/web_serve.h"

static int show(struct profile_file *file, const struct options *options)
{
	/* The pages are empty, and do not say why. */
	if (file->profile->sample_count == 0)
		printf("%s has no samples: there is nothing to see\n", file->path);
	return web_serve(file, NULL, options);
}

int cmd_web(const struct options *options)
{
	return profile_file_show(options, show);
}
