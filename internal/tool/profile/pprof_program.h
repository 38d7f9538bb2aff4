/* SPDX-License-Identifier: MIT */
/* The pprof program of this machine: google/pprof alone, or the one that comes with Go. */
#ifndef PPROFMK_TOOL_PPROF_PROGRAM_H
#define PPROFMK_TOOL_PPROF_PROGRAM_H

/* Go's older than this show C badly: no inlined calls, no names in shared libraries. */
#define PPROF_GO_MAJOR 1
#define PPROF_GO_MINOR 22

struct pprof_program {
	char *words
		[4]; /* what starts it: {"/path/pprof"} or {"/path/go", "tool", "pprof"}, then NULL */
	char *description; /* "/path/pprof (go1.23.5)" */
};

/* Find it: $PPROF, then `pprof` in PATH, then that of the first Go of at least 1.22 among `go` in PATH, the newest
 * /usr/lib/go-N/bin/go, and /usr/local/go/bin/go. gperftools' Perl script of the same name is passed over.
 *
 * Returns 0 with *program filled in, or -ENOENT with what was seen in *problem as the end of a sentence ("/usr/bin/go
 * is go1.19.8, too old"), "" when nothing was. The caller frees *problem. Runs `go version` and `go tool -n pprof`; puts
 * into the own environment what keeps Go's tools from the network. Context: before there are threads. */
int pprof_program_find(struct pprof_program *program, char **problem);
void pprof_program_free(struct pprof_program *program);

/* The description of what is found, NULL when nothing is. The caller frees it. */
char *pprof_program_describe(void);

/* The file that a program's name stands for: the name itself when it has a slash, else the first executable file of
 * that name in PATH. NULL when there is none. The caller frees it. */
char *pprof_program_path(const char *name);

#endif
