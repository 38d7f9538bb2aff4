/* SPDX-License-Identifier: MIT */
/* The files that subcommands draw a profile into. */
#ifndef PPROFMK_TOOL_SVG_FILE_H
#define PPROFMK_TOOL_SVG_FILE_H

#include <stdio.h>

#include "tool/asked/profile_file.h"
#include "tool/options.h"
#include "tool/picture/svg_page.h"

/* Draw a picture: 0 or -errno. `with` is the caller's. */
typedef int (*svg_file_draw)(FILE *stream, const struct profile_file *file,
			     const struct svg_profile *picture, void *with);

/* Draw into F.K.<name>.svg in --out, as wide as --width says, and print the file's path. 0; or -errno, after saying why,
 * and an earlier file is as it was. */
int svg_file_write(const struct profile_file *file, const struct options *options, const char *name,
		   svg_file_draw draw, void *with);

#endif
