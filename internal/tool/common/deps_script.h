/* SPDX-License-Identifier: MIT */
/* The script that installs what is missing. */
#ifndef PPROFMK_TOOL_DEPS_SCRIPT_H
#define PPROFMK_TOOL_DEPS_SCRIPT_H

/* Where it is, of the installation or of the repository that this tool is part of; "scripts/deps.sh" where
 * it is not found. Valid for ever. */
const char *deps_script(void);

#endif
