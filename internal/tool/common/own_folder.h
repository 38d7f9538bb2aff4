/* SPDX-License-Identifier: MIT */
/* Where this tool is: what belongs to it is found from there, installed or in the repository. */
#ifndef PPROFMK_TOOL_OWN_FOLDER_H
#define PPROFMK_TOOL_OWN_FOLDER_H

/* The folder of the program that runs, absolute. The caller frees it; NULL where /proc is not mounted. */
char *own_folder(void);

#endif
