/* SPDX-License-Identifier: MIT */
/* The kinds of profile: one table, from which files, views, checks and help are made. */
#ifndef PPROFMK_TOOL_KINDS_H
#define PPROFMK_TOOL_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "format/profile.h"

/* Kinds of file, with their sample types in order: type, unit. */
#define KIND_TYPES_CPU(T)  T("samples", "count") T("cpu", "nanoseconds")
#define KIND_TYPES_WAIT(T) T("contentions", "count") T("delay", "nanoseconds")
#define KIND_TYPES_MEM(T)           \
	T("alloc_objects", "count") \
	T("alloc_space", "bytes")   \
	T("inuse_objects", "count") \
	T("inuse_space", "bytes")   \
	T("peak_objects", "count")  \
	T("peak_space", "bytes")

#define KIND_TYPES_RUNNING(T) T("stretches", "count") T("running", "nanoseconds")
#define KIND_TYPES_THREADS(T) T("goroutine", "count")

/* name, file (F.<file>.pb.gz), sample type shown first, sample types of the file, what it shows.
 * A kind whose name is its file's name is what a file says of itself; the others are views of it. */
#define KINDS(X)                                                                               \
	X("cpu", "cpu", "cpu", KIND_TYPES_CPU, "where CPU time went")                          \
	X("mem", "mem", "alloc_space", KIND_TYPES_MEM, "what was allocated, in bytes")         \
	X("heap", "mem", "inuse_space", KIND_TYPES_MEM, "what was still allocated at the end") \
	X("allocs", "mem", "alloc_space", KIND_TYPES_MEM, "the same as mem")                   \
	X("block", "block", "delay", KIND_TYPES_WAIT, "where threads waited")                  \
	X("mutex", "mutex", "delay", KIND_TYPES_WAIT, "who made others wait for a lock")       \
	X("threads", "threads", "goroutine", KIND_TYPES_THREADS, "where each thread is")       \
	TRACE_KINDS(X)

/* Those that are made from F.trace. */
#define TRACE_KINDS(X)                                                                     \
	X("net", "net", "delay", KIND_TYPES_WAIT, "where threads waited for the network")  \
	X("sync", "sync", "delay", KIND_TYPES_WAIT, "where threads waited for each other") \
	X("syscall", "syscall", "delay", KIND_TYPES_WAIT,                                  \
	  "where threads were in other system calls")                                      \
	X("sched", "sched", "delay", KIND_TYPES_WAIT, "where threads waited for a CPU")    \
	X("running", "running", "running", KIND_TYPES_RUNNING, "where threads ran, between events")

/* "cpu|mem|...", for the help and for checking an argument. */
#define KINDS_NAME(name, file, shown, types, what) "|" name
#define KINDS_NAMES				   (&("" KINDS(KINDS_NAME))[1])

/* "samples|cpu|...": what files may have. */
#define KINDS_TYPE_NAME(type, unit) "|" type
#define KINDS_TYPES_NAMES                                                               \
	(&("" KIND_TYPES_CPU(KINDS_TYPE_NAME) KIND_TYPES_MEM(KINDS_TYPE_NAME)           \
		   KIND_TYPES_WAIT(KINDS_TYPE_NAME) KIND_TYPES_RUNNING(KINDS_TYPE_NAME) \
			   KIND_TYPES_THREADS(KINDS_TYPE_NAME))[1])

struct kind {
	const char *name;
	const char *file;
	const char *shown; /* the sample type that views open with */
	const char *what;
	const struct profile_value_type *types;
	size_t type_count;
};

extern const struct kind kinds[];
extern const size_t kinds_count;

/* NULL when there is no such kind. */
const struct kind *kind_find(const char *name);

/* Is it made from a trace? */
bool kind_is_of_trace(const struct kind *kind);

/* Give a fresh profile the kind's sample types, and its default one. */
void kind_set_types(const struct kind *kind, struct profile *profile);

/* Number of a sample type in a profile, by its name. -ENOENT when the profile has none of that name. */
int kind_type_index(const struct profile *profile, const char *type);

/* DIR/STEM.FILE.pb.gz for a test's name (see names.h). The caller frees it. */
char *kind_path(const struct kind *kind, const char *dir, const char *test);

#endif
