/* SPDX-License-Identifier: MIT */
/* The flight recorder that the environment, or the program itself, asks for.
 *
 *     PPROF_FLIGHT         "5s" or "64MB": how much of the end is kept
 *     PPROF_FLIGHT_FILE    where it is recorded: it can be read whatever ends the program; in memory when not set
 *     PPROF_FLIGHT_SIGNAL  the signal's number that has a trace written, 0: none; SIGUSR2 when not set
 *     PPROF_FLIGHT_DIR     the folder of these: pprof.PID.N.trace; the current one at the start when not set
 *
 * The signal is only taken where the program has no handler, and does not ignore it, when it starts; a handler that it sets
 * later takes the place of ours. */
#ifndef PPROFMK_RUNTIME_TRACE_ASKED_H
#define PPROFMK_RUNTIME_TRACE_ASKED_H

#define TRACE_ASKED_ENV "PPROF_FLIGHT"

/* Begin one; keep: as of the public header. 0 or -errno. Context: any thread, not a signal handler. */
int trace_asked_fly(const char *keep);

#endif
