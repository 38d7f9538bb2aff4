/* SPDX-License-Identifier: MIT */
/* A program that is looked at while it runs: what libpprofmk-live.so offers to libpprofmk-http.so.
 *
 * One recording (REC_KIND_LIVE, format/recording.h) is filled from live_begin() on: waits and a sampled heap always, samples
 * of cpu, stacks and events only when they are asked for. Whoever asks gets a memfd: a recording that nobody writes to any more,
 * which pprofmk makes a profile or a trace of. Nothing here names an address.
 *
 * Descriptors are made in the calling thread's table, which is not the program's (see the endpoint's thread); the caller
 * closes them. Context of all: a thread of ours with all signals blocked, not a signal handler. Errors: -errno. */
#ifndef PPROFMK_RUNTIME_LIVE_H
#define PPROFMK_RUNTIME_LIVE_H

#include <stdint.h>

/* Entries are only ever added at the end; one that this runtime has not is NULL. */
struct live_api {
	uint64_t size_bytes; /* of this struct */
	/* What has been counted since the beginning: THREADS, MAPPINGS, NODES, SITES, WAITS. */
	int (*snapshot)(void);
	/* A cpu profile of all threads, those that begin later too: hz samples a second of CPU time, 1..10000. -EBUSY: there is
	 * one already. cpu_stop() gives its recording: the same with SAMPLES. */
	int (*cpu_start)(unsigned hz);
	int (*cpu_stop)(void);
	/* The stack of every thread, now: a recording with one item of SAMPLES for each that answered within that time. */
	int (*stacks)(unsigned patience_ms);
	/* A trace; -EBUSY: there is one. trace_stop() gives what `pprofmk trace-finish` takes. */
	int (*trace_start)(void);
	int (*trace_stop)(void);
	/* The flight recorder's, as far as it goes back; -ENOENT: it is off. */
	int (*flight)(void);
};

/* One of libpprofmk-http.so's two symbols. Serves `address` ("127.0.0.1:6060", "[::1]:6060", ":6060" is loopback) until the process ends
 * or stop. token: NULL where none is demanded. Returns 0 when it listens, -errno, -EINVAL for the address, -EACCES where it
 * is not loopback and there is no token. */
#define LIVE_HTTP_SYMBOL "pprofmk_http_serve_1"
typedef int live_http_serve(const struct live_api *api, const char *address, const char *token);

/* Its other one: ends what is being answered, and returns when the library's threads are gone. Nothing where it does not serve;
 * it may serve again afterwards. Both are called one at a time, by a thread of the program, with the guard held and (serve)
 * all signals blocked: threads that it starts then are ours to the runtime, and so are those that they start. */
#define LIVE_HTTP_STOP_SYMBOL "pprofmk_http_stop_1"
typedef void live_http_stop(void);

#endif
