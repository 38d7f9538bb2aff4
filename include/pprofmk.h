/* SPDX-License-Identifier: MIT */
/* pprof.mk's public header: benchmarks, and what a program tells of itself in a trace (at the end).
 *
 * A benchmark is a cmocka test with a loop of ours in it:
 *
 *     static void bench_encode(void **state)
 *     {
 *             struct message m = make_message();
 *
 *             PPROF_BENCH_LOOP() {
 *                     encode(&m, buffer, sizeof buffer);
 *             }
 *     }
 *
 * `make pprof.bench Func=bench_encode` runs the loop as often as it takes to fill `Benchtime` and prints its figures.
 * What stands before and after the loop is not measured. In any other run, without pprof.mk too, each loop runs once: the
 * project's ordinary tests check that its benchmarks still work.
 *
 * The header alone is enough: there is nothing to link. C11 or C++11, with gcc or clang. */
#ifndef PPROFMK_H
#define PPROFMK_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What stands behind the functions below: the runtime's table, where there is a runtime. Not for callers. */

/* Entries are only ever added at the end. */
struct pprof_api_ {
	uint64_t size_bytes; /* of this struct, as the runtime knows it */
	uint64_t (*loop_begin)(void);
	uint64_t (*loop_next)(void);
	void (*loop_end)(void);
	void (*sub_begin)(const char *name);
	void (*sub_end)(void);
	void (*timer_start)(void);
	void (*timer_stop)(void);
	void (*timer_reset)(void);
	void (*bytes)(uint64_t op_bytes);
	void (*metric)(const char *unit, double value);
	void (*parallel)(unsigned threads, void (*body)(void *argument), void *argument);
	unsigned (*threads)(void);
	uint64_t (*count)(void);
	const struct pprof_trace_api_ *trace; /* NULL: this runtime has none */
	const struct pprof_live_api_ *live;   /* likewise */
};

/* Likewise. */
struct pprof_task;
struct pprof_trace_api_ {
	uint64_t size_bytes;
	const unsigned char *is_on;
	int (*start)(const char *path);
	int (*stop)(void);
	uint32_t (*region_begin)(const char *name);
	void (*region_end)(const char *name, uint32_t trace);
	struct pprof_task *(*task_begin)(const char *name);
	void (*task_end)(struct pprof_task *task);
	struct pprof_task *(*task_use)(struct pprof_task *task);
	void (*log)(const char *category, const char *message);
	int (*fly)(const char *keep);
	int (*write)(const char *path);
};

/* Likewise. */
struct pprof_live_api_ {
	uint64_t size_bytes;
	int (*serve)(const char *address);
	int (*stop)(void);
	int (*heap_rate)(uint64_t rate_bytes);
};

/* Looked up, not linked: a weak symbol that no library defines at link time stays NULL for ever in a program that is not
 * position independent. A static program has no dlsym, and no runtime. */
static void *pprof_dlsym_(void *handle, const char *symbol) __attribute__((weakref("dlsym")));

static inline const struct pprof_api_ *pprof_found_api_(void)
{
	static const struct pprof_api_ *found;
	static int is_known;

	if (!__atomic_load_n(&is_known, __ATOMIC_ACQUIRE)) {
		const struct pprof_api_ *api = NULL;

		if (pprof_dlsym_ != NULL)
			api = (const struct pprof_api_ *)pprof_dlsym_(NULL, "pprof_api_1");
		__atomic_store_n(&found, api, __ATOMIC_RELAXED);
		__atomic_store_n(&is_known, 1, __ATOMIC_RELEASE);
	}
	return __atomic_load_n(&found, __ATOMIC_RELAXED);
}

static inline uint64_t pprof_loop_begin_(void)
{
	return pprof_found_api_() != NULL ? pprof_found_api_()->loop_begin() : 1;
}

static inline uint64_t pprof_loop_next_(void)
{
	return pprof_found_api_() != NULL ? pprof_found_api_()->loop_next() : 0;
}

static inline void pprof_loop_end_(const int *once)
{
	(void)once;
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->loop_end();
}

static inline int pprof_sub_begin_(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline int pprof_sub_begin_(const char *format, ...)
{
	char name[256];
	va_list arguments;

	if (pprof_found_api_() == NULL)
		return 1;
	va_start(arguments, format);
	vsnprintf(name, sizeof name, format, arguments);
	va_end(arguments);
	pprof_found_api_()->sub_begin(name);
	return 1;
}

static inline void pprof_sub_end_(const int *once)
{
	(void)once;
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->sub_end();
}

/* Opaque to the compiler: it takes no iteration away. The other way round, gcc copies the counter from one register to another
 * and back in each iteration. */
static inline uint64_t pprof_count_down_(uint64_t left)
{
	left--;
	__asm__ volatile("" : "+r"(left) : : "memory");
	return left;
}

#define PPROF_JOIN2_(a, b) a##b
#define PPROF_JOIN_(a, b)  PPROF_JOIN2_(a, b)
/* A name of its own for each use, so that nothing is shadowed. */
#define PPROF_FRESH_(name) PPROF_JOIN_(name, __COUNTER__)

/* The outer loop, which goes round once, is for its variable's clean-up: it notices any way out. What the next batch takes is
 * rare: said to the compiler, an iteration is the operation, a subtraction, a test and one jump back. */
#define PPROF_LOOP_(once, left)                                                          \
	for (int once __attribute__((cleanup(pprof_loop_end_))) = 1; once; once = 0)     \
		for (uint64_t left = pprof_loop_begin_();                                \
		     __builtin_expect(left != 0, 1) || (left = pprof_loop_next_()) != 0; \
		     left = pprof_count_down_(left))

#define PPROF_SUB_(once, ...)                                                                   \
	for (int once __attribute__((cleanup(pprof_sub_end_))) = pprof_sub_begin_(__VA_ARGS__); \
	     once; once = 0)

/* ---- Benchmarks */

/* The statement that follows is the operation, repeated as often as is needed. Its iterations are counted down in a
 * register; the compiler takes none of them away, and keeps what they store to memory. `continue` begins the next
 * iteration. Leaving it by break, return, goto or a failed assertion spoils the measurement, and is reported.
 *
 * Several loops in a test: each needs a PPROF_BENCH_SUB of its own around it. Context: the test's own thread, or one of
 * pprof_bench_parallel's; elsewhere the loop runs once and is not measured. */
#define PPROF_BENCH_LOOP() PPROF_LOOP_(PPROF_FRESH_(pprof_once_), PPROF_FRESH_(pprof_left_))

/* The statement that follows is a sub-benchmark: set-up, and one loop. Its name, given as for printf, is appended to the
 * test's after a slash: PPROF_BENCH_SUB("size=%d", 64) { ... } of bench_encode is BenchmarkEncode/size=64. At most 255
 * bytes; what is no graphic character becomes "_", and an empty name "#00". They may be nested. In a loop it is a part of the
 * operation, and nothing of its own. */
#define PPROF_BENCH_SUB(...) PPROF_SUB_(PPROF_FRESH_(pprof_sub_), __VA_ARGS__)

/* Keep a value: the compiler must have it ready here, and so can't leave out how it is made. Costs nothing, or one
 * store. `value` is a scalar, a pointer (then what it points to is kept as well), or a structure that is an lvalue. */
#define PPROF_KEEP(value) __asm__ volatile("" : : "r,m"(value) : "memory")

/* Stop the clock within a loop, for what is not to be measured, and start it again; the profiles leave it out too. Each
 * costs two readings of the clock, some 50 ns, of which half is measured. Without effect outside a loop, and in
 * parallel ones. */
static inline void pprof_bench_stop_timer(void)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->timer_stop();
}

static inline void pprof_bench_start_timer(void)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->timer_start();
}

/* Forget the time and the allocations of this loop so far. Its iterations stay counted, and profiles keep what they
 * have, as in Go. */
static inline void pprof_bench_reset_timer(void)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->timer_reset();
}

/* One operation handles so many bytes: adds MB/s (10^6 bytes). Context: the test's thread, before or after the loop, inside
 * the PPROF_BENCH_SUB it belongs to. */
static inline void pprof_bench_bytes(uint64_t op_bytes)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->bytes(op_bytes);
}

/* A figure of the benchmark's own, shown with its unit: "frames/s". One whose unit is "ns/op", "B/op", "allocs/op" or
 * "MB/s" takes the place of ours. `unit` has no spaces; what has is refused, and so is a value that is infinite or no
 * number. Context: as pprof_bench_bytes. */
static inline void pprof_bench_metric(const char *unit, double value)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->metric(unit, value);
}

/* Iterations of the loop when it has ended, for metrics per operation: the measured ones, without the warm-up. 1
 * without the runtime. */
static inline uint64_t pprof_bench_count(void)
{
	return pprof_found_api_() != NULL ? pprof_found_api_()->count() : 1;
}

/* How many threads a parallel loop has by default: the value of `Cpu`, else the processors that the process may use. 1
 * without the runtime. */
static inline unsigned pprof_bench_threads(void)
{
	return pprof_found_api_() != NULL ? pprof_found_api_()->threads() : 1;
}

/* Run an operation in several threads at once. Each calls `body` with `argument`; a PPROF_BENCH_LOOP in it shares the
 * iterations with the others. It is called several times in each: for the warm-up and for the measurement, which
 * begins when all threads have reached the loop. ns/op is wall time by operations of all threads. cmocka's assertions
 * work in the test's own thread only.
 *
 * threads  how many, 0: pprof_bench_threads().
 *
 * Without the runtime: calls `body` once. */
static inline void pprof_bench_parallel(unsigned threads, void (*body)(void *argument),
					void *argument)
{
	if (pprof_found_api_() != NULL)
		pprof_found_api_()->parallel(threads, body, argument);
	else
		body(argument);
}

/* ---- Traces: what a program tells of itself. Where no trace is recorded each of these costs a load and a branch. All may be
 * called in any thread. */

/* NULL: this runtime has no traces, or there is none. */
static inline const struct pprof_trace_api_ *pprof_found_trace_api_(void)
{
	const struct pprof_api_ *api = pprof_found_api_();

	return api != NULL && api->size_bytes > offsetof(struct pprof_api_, trace) ? api->trace
										   : NULL;
}

static inline int pprof_trace_is_on_(void)
{
	const struct pprof_trace_api_ *api = pprof_found_trace_api_();

	return api != NULL && __atomic_load_n(api->is_on, __ATOMIC_RELAXED);
}

/* Begin a trace of this process: what every thread does from now on. In any program that is linked with libpprofmk-trace.so
 * (`-lpprofmk-trace`), or has it preloaded.
 *
 * path  file to make. It takes 40 MB on the disk at once, and up to 1 GiB more; `pprofmk trace-...` reads it, however the
 *       program ends.
 *
 * Returns 0; -EBUSY while one is recorded, -ENOSYS where this runtime has none; otherwise -errno, e.g. -ENOSPC. Then there
 * is no file. A child of a fork records nothing, until it calls this itself. Not in a signal handler. */
static inline int pprof_trace_start(const char *path)
{
	return pprof_found_trace_api_() != NULL ? pprof_found_trace_api_()->start(path) : -ENOSYS;
}

/* End it. The file is complete. Returns 0, -EINVAL when none is recorded by pprof_trace_start(), -ENOSYS. Waits until other
 * threads have finished the event that they are at: 0.1 s at most. Not in a signal handler. */
static inline int pprof_trace_stop(void)
{
	return pprof_found_trace_api_() != NULL ? pprof_found_trace_api_()->stop() : -ENOSYS;
}

static inline int pprof_knows_flights_(void)
{
	const struct pprof_trace_api_ *api = pprof_found_trace_api_();

	return api != NULL && api->size_bytes > offsetof(struct pprof_trace_api_, write);
}

/* Begin a flight recorder: a trace of which only the end is kept, in memory, until pprof_trace_stop(). For programs that run for
 * long; `PPROF_FLIGHT=5s` in the environment does the same for one whose source is not touched, and then SIGUSR2 writes a
 * trace, too.
 *
 * keep  "5s" or "64MB": whole numbers with ms, s, m, h, kB, MB or GB; 10ms to 24h, 1MB to 1TB. Of a time what fits into 256 MB.
 *
 * Returns 0; -EINVAL for keep; -EBUSY while a trace is recorded; -ENOSYS where this runtime has none; otherwise -errno. A child
 * of a fork records nothing, until it calls this itself. Not in a signal handler. */
static inline int pprof_flight_start(const char *keep)
{
	return pprof_knows_flights_() ? pprof_found_trace_api_()->fly(keep) : -ENOSYS;
}

/* Write what it has up to now, as a file that `pprofmk trace-...` reads. It goes on recording, and may be asked any number of
 * times, by any number of threads: one waits for the other.
 *
 * path  file to make, by rename.
 *
 * Returns 0; -ENOENT where no flight is recorded; otherwise -errno, e.g. -ENOSPC, and there is no file. Takes milliseconds. Not
 * in a signal handler. */
static inline int pprof_flight_dump(const char *path)
{
	return pprof_knows_flights_() ? pprof_found_trace_api_()->write(path) : -ENOSYS;
}

struct pprof_region_ {
	const char *name;
	uint32_t trace; /* 0: none was on */
	int once;
};

static inline struct pprof_region_ pprof_region_begin_(const char *name)
{
	struct pprof_region_ region = {name, 0, 1};

	if (pprof_trace_is_on_())
		region.trace = pprof_found_trace_api_()->region_begin(name);
	return region;
}

static inline void pprof_region_end_(const struct pprof_region_ *region)
{
	if (region->trace != 0)
		pprof_found_trace_api_()->region_end(region->name, region->trace);
}

#define PPROF_REGION_(region, name)                                                   \
	for (struct pprof_region_ region                                              \
	     __attribute__((cleanup(pprof_region_end_))) = pprof_region_begin_(name); \
	     region.once; region.once = 0)

/* The statement that follows is a region: PPROF_REGION("parse") { ... }. It ends however it is left, but for longjmp. Regions
 * of a thread nest. `name` is a string; one that is made of changing parts costs room in the trace for each. */
#define PPROF_REGION(name) PPROF_REGION_(PPROF_FRESH_(pprof_region_), name)

/* A task begins: something that the program does, a request for example. It may cross threads, and have parts. It is part of the calling thread's task, and that thread's from now on: its regions, log lines and new
 * tasks belong to it, until it ends. NULL where no trace is recorded, or 4,096 tasks are going on; that may be given
 * to all functions here. */
static inline struct pprof_task *pprof_task_begin(const char *name)
{
	return pprof_trace_is_on_() ? pprof_found_trace_api_()->task_begin(name) : NULL;
}

/* It ends, in whatever thread, and is not used any more. The thread that began it, if it is this one, goes on with the task
 * around it. */
static inline void pprof_task_end(struct pprof_task *task)
{
	if (task != NULL)
		pprof_found_trace_api_()->task_end(task);
}

/* What the calling thread does from now on belongs to the task; NULL: to none. Who hands a task over to another thread calls
 * pprof_task_use(NULL), and the other pprof_task_use(task). Returns the one that it was. */
static inline struct pprof_task *pprof_task_use(struct pprof_task *task)
{
	return pprof_trace_is_on_() ? pprof_found_trace_api_()->task_use(task) : NULL;
}

/* A line in the trace, as for printf; at most 1,023 bytes. `category` groups lines. */
static inline void pprof_log(const char *category, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static inline void pprof_log(const char *category, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	if (!pprof_trace_is_on_())
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	pprof_found_trace_api_()->log(category, message);
}

/* ---- Running programs: what go tool pprof, Parca or Pyroscope ask of one over HTTP. */

/* NULL: this runtime has no endpoint, or there is none. */
static inline const struct pprof_live_api_ *pprof_found_live_api_(void)
{
	const struct pprof_api_ *api = pprof_found_api_();

	return api != NULL && api->size_bytes > offsetof(struct pprof_api_, live) ? api->live
										  : NULL;
}

/* Answer on HTTP as Go's net/http/pprof does, below /debug/pprof/, until the process ends or pprof_http_stop(). In any program
 * that is linked with libpprofmk-live.so, or has it preloaded; setting PPROF_HTTP=address when the program is started does the same.
 *
 * address  "127.0.0.1:6060", "[::1]:6060"; ":6060" is loopback, too. For any other, requests have to bring the token that
 *          PPROF_HTTP_TOKEN had when the program was started.
 *
 * Waits and a sample of the heap are counted from the first call on: before threads are started is a good place.
 *
 * Returns 0 when it listens; -EINVAL for the address, -EACCES where a token is missing, -EBUSY while it answers already or a
 * trace or test is recorded, -ENOTSUP in the child of a process that has called this, -ENOENT without libpprofmk-http.so, -ENOSYS
 * where this runtime has none; otherwise -errno, e.g. -EADDRINUSE. Not in a signal handler. */
static inline int pprof_http_serve(const char *address)
{
	return pprof_found_live_api_() != NULL ? pprof_found_live_api_()->serve(address) : -ENOSYS;
}

/* Answer no more. Requests that are being answered end. Returns 0, -EINVAL where it does not serve, -ENOSYS. Not in a signal
 * handler. */
static inline int pprof_http_stop(void)
{
	return pprof_found_live_api_() != NULL ? pprof_found_live_api_()->stop() : -ENOSYS;
}

/* How often allocations are sampled from now on: once in so many bytes on average, 512 KiB when nobody says otherwise. Before
 * pprof_http_serve() it is what that begins with, unless PPROF_HEAP_RATE is set. The profile is an estimate of everything either way.
 *
 * rate_bytes  1: every allocation is counted, exactly, and costs some 40 ns more; 0: none from now on, and those that are known stay
 *             known until they are freed. Each thread samples once more at the old rate.
 *
 * Returns 0; -EINVAL above 1 GiB, -ENODEV where the program's malloc is not seen, -ENOMEM, -ENOSYS. Not in a signal handler. */
static inline int pprof_heap_rate(uint64_t rate_bytes)
{
	const struct pprof_live_api_ *api = pprof_found_live_api_();

	return api != NULL && api->size_bytes >= sizeof *api ? api->heap_rate(rate_bytes) : -ENOSYS;
}

#ifdef __cplusplus
}
#endif

#endif
