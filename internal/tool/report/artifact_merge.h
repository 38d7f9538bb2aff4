/* SPDX-License-Identifier: MIT */
/* The folders of several jobs as one. */
#ifndef PPROFMK_TOOL_ARTIFACT_MERGE_H
#define PPROFMK_TOOL_ARTIFACT_MERGE_H

#include "tool/report/artifact.h"

/* Copy what is sound in `from` to the folder of `into`, which is there, and add its tests to the list. A test that both have: the
 * one that is bad is kept, of two alike the later one. One of another package or program that has the name of one of `into` is
 * called PACKAGE.NAME, or PROGRAM.NAME. The profiles of a package, from several jobs, are added up. What is left out is in
 * the problems of `into`.
 *
 * into  an empty folder at first, as artifact_read() returns it.
 *
 * Returns whether all could be written, after messages otherwise. */
bool artifact_merge(struct artifact *into, struct artifact *from);

#endif
