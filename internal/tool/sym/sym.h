/* SPDX-License-Identifier: MIT */
/* Names of addresses: functions, the calls inlined into them, file and line, from elfutils' libdw. */
#ifndef PPROFMK_TOOL_SYM_H
#define PPROFMK_TOOL_SYM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sym_frame {
	const char *function; /* as a person writes it (C++ demangled); never NULL */
	const char *linkage;  /* as the linker knows it; never NULL */
	const char *file;     /* absolute where the debug information says so; "" when not known */
	int64_t line;	      /* 0 when not known */
	int64_t start_line;   /* of the function's definition, 0 when not known */
};

/* One source of names; caches what it opened. Strings it returned live as long as it does. */
struct sym *sym_open(void);
void sym_close(struct sym *sym);

#define SYM_DEBUG_ROOT "/usr/lib/debug"

/* Look for separate debug files below another folder than that. Copied. Before the first sym_lookup() or
 * sym_level(). */
void sym_set_debug_root(struct sym *sym, const char *folder);

/* The modules are this process's, which runs: those whose file was deleted or replaced are looked for there. 0: of none. Before the
 * first sym_lookup() or sym_level(). */
void sym_set_process(struct sym *sym, pid_t process);
pid_t sym_process(const struct sym *sym);

/* Where names of one loaded file come from.
 *
 * path      the file that was mapped.
 * build_id  of the image in memory, build_id_len bytes (0: not known). A file at `path` with another one is not
 *           used: it was rebuilt meanwhile.
 *
 * Separate debug files are found by build id below /usr/lib/debug/.build-id and by .gnu_debuglink. Returns a
 * module's number, the same one for the same arguments; never fails (a module without names names nothing). */
size_t sym_module(struct sym *sym, const char *path, const uint8_t *build_id, size_t build_id_len);

/* What the module's names are based on. Shown by the doctor and noted in the profile's mapping. */
enum sym_level { SYM_NONE, SYM_SYMBOLS, SYM_LINES, SYM_INLINES };
enum sym_level sym_level(const struct sym *sym, size_t module);

/* Is there a file of it? False: it has gone since it was mapped, or another one is in its place. */
bool sym_has_file(const struct sym *sym, size_t module);

/* The frames at one address, the innermost inlined call first, the function that holds them last.
 *
 * file_offset  offset of the address in the module's file (mapping.offset + ip - mapping.start). It is looked up
 *              as it is: a return address has to be moved onto its call (-1) by the caller.
 * frames, cap  filled in; deeper inlining than cap keeps the outermost ones.
 *
 * Returns the number of frames, 0 when nothing is known. */
size_t sym_lookup(struct sym *sym, size_t module, uint64_t file_offset, struct sym_frame *frames,
		  size_t cap);

#endif
