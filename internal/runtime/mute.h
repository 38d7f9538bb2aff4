/* SPDX-License-Identifier: MIT */
/* A test's output sent nowhere for a while: a repeated test prints once. */
#ifndef PPROFMK_RUNTIME_MUTE_H
#define PPROFMK_RUNTIME_MUTE_H

struct mute {
	/* Copies of descriptors 1 and 2, high up where no test expects one; -1: none. */
	int saved[2];
	/* The value of CMOCKA_XML_FILE, NULL: not set; and how it began. */
	char *xml_file;
	char xml_start[2];
};

#define MUTE_NONE                   \
	(struct mute)               \
	{                           \
		.saved = { -1, -1 } \
	}

/* Flush stdio and turn both descriptors to `path`, for appending: /dev/null, or a file that can be cut. On failure they stay as they are. cmocka appends a report for each
 * run to the file of that variable: meanwhile it finds none that it can write to, and so takes standard error. */
void mute_begin(struct mute *mute, const char *path);

/* Between two runs: what the last one printed there is no longer wanted. */
void mute_clear(const char *path);

/* Undo it; what stdio still holds is lost, as the rest of the repeated runs' output. */
void mute_end(struct mute *mute);

#endif
