/* SPDX-License-Identifier: MIT */
/* File names made of test names, and the test names nearest to a wrong one. */
#ifndef PPROFMK_TOOL_NAMES_H
#define PPROFMK_TOOL_NAMES_H

#include <stddef.h>

/* A stem longer than this is cut and gets a hash of the whole name: NAME_MAX is 255, and ".block.pb.gz" and
 * the suffix of a temporary file have to fit behind it. */
#define NAMES_STEM_MAX 200

/* The stem of a test's files: bytes other than A-Za-z0-9._+=,@#- as %XX (upper case), a leading dot too, so that
 * no name leaves the folder or hides in it. "" becomes "%", "index" "%69ndex": index.json is the folder's own. A long one is cut (never inside a %XX) and ends in "%~"
 * and 16 hexadecimal digits of the whole name's FNV-1a hash. Different names have different stems (for cut ones:
 * but for a collision of 64 bits). The caller frees it. */
char *names_stem(const char *test);

/* The test's name of a stem: the inverse of names_stem(). NULL for what is no stem of ours, and for a cut one, whose
 * whole name is not known. The caller frees it. */
char *names_test(const char *stem);

/* The name as a terminal may show it, on one line: control characters as \xXX (lower case). The caller frees it. */
char *names_printable(const char *name);

/* The name as JSON may hold it: bytes of names that are no UTF-8 as \xNN (lower case), and then all beyond ASCII. The caller
 * frees it. */
char *names_utf8(const char *name);

/* The names most like a wrong one, best first: those that contain it or that it contains, then by number of edits
 * (insert, delete, replace, swap), at most about a quarter of the name's length. Upper and lower case count as equal.
 *
 * names, count  the candidates; NULL and repeated ones are passed over.
 * nearest, cap  filled in with pointers of `names`.
 *
 * Returns how many. */
size_t names_nearest(const char *wrong, const char *const *names, size_t count,
		     const char **nearest, size_t cap);

#endif
