/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/sync/sync_*.c */
/* Waits made of known holds, and what the two profiles get of them.
 *
 * On a busy machine a sleep of 50 ms is any time above, and a thread may be off its CPU between any two lines. So nothing is compared
 * with a time that was meant, and no slack is allowed: what is recorded lies between two times that the test takes itself. A wait is at
 * least as long as somebody saw it last: from when the kernel said that the thread sleeps until the call that ends it. It is at most
 * what lies between the clock's readings around the call. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "runtime/recorder.h"
#include "asleep.h"
#include "sanitized.h"
#include "sync_double.h"

#define HOLD_NS (50 * MS)
/* For waits that end by it; and for those that must not. */
#define TIMEOUT_NS (4 * HOLD_NS)
#define NEVER_NS   (100000 * MS)
#define WAITERS	   5

/* gcc 12's ThreadSanitizer has never heard of what is new in libc. */
#if UNDER_TSAN
#define SKIP_UNDER_TSAN(what)                                                       \
	do {                                                                        \
		print_message("skipped: ThreadSanitizer does not know %s\n", what); \
		skip();                                                             \
	} while (0)
#else
#define SKIP_UNDER_TSAN(what) \
	do {                  \
	} while (0)
#endif

enum { HOLDER = 100, WAITER = 200, OTHER = 300 };

static int setup(void **state)
{
	(void)state;
	double_open(0);
	rt_rec->config.kind = REC_KIND_BLOCK;
	return 0;
}

/* The recorder knows no second recording: its items are emptied and stay. */
static int begin(void **state)
{
	struct rec_wait *items = rt_table(WAITS, struct rec_wait);

	(void)state;
	for (uint32_t i = 0; i < rt_rec->table[REC_WAITS].len; i++)
		items[i].count = items[i].delay_ns = 0;
	site = 1;
	window_open();
	return 0;
}

static int end(void **state)
{
	(void)state;
	window_close();
	return 0;
}

static void assert_delay(struct rec_wait sum, uint64_t count, uint64_t least_ns, uint64_t most_ns)
{
	assert_int_equal(sum.count, count);
	assert_in_range(sum.delay_ns, least_ns, most_ns);
}

/* Threads that each wait once, by `wait`; `waited_ns` adds up what they measured themselves. */
struct crew {
	void (*wait)(void);
	pthread_t threads[WAITERS];
	pthread_barrier_t ready;
	_Atomic uint64_t waited_ns;
	_Atomic pid_t tids[WAITERS]; /* those about to wait; 0 before */
	_Atomic int count, done;
};

static void *crew_member(void *argument)
{
	struct crew *crew = argument;
	uint64_t start_ns;

	site = WAITER;
	sync_real.pthread_barrier_wait(&crew->ready);
	start_ns = rt_now_ns();
	crew->tids[crew->count++] = gettid();
	crew->wait();
	crew->waited_ns += rt_now_ns() - start_ns;
	crew->done++;
	return NULL;
}

static void crew_start(struct crew *crew, void (*wait)(void))
{
	*crew = (struct crew){.wait = wait};
	pthread_barrier_init(&crew->ready, NULL, WAITERS + 1);
	for (int i = 0; i < WAITERS; i++)
		assert_int_equal(pthread_create(&crew->threads[i], NULL, crew_member, crew), 0);
	sync_real.pthread_barrier_wait(&crew->ready);
}

/* Until `count` of the crew wait: they sleep, or have done so. */
static void crew_await(const struct crew *crew, int count)
{
	int waiting;

	for (int tries = 0; tries < ASLEEP_TRIES; tries++) {
		waiting = crew->done;
		for (int i = 0; i < WAITERS; i++)
			waiting += crew->tids[i] != 0 && is_asleep(crew->tids[i]);
		if (waiting >= count)
			return;
		pass(MS);
	}
	fail_msg("%d of %d wait", waiting, count);
}

/* A hold, for all of which `count` of the crew sleep. It is as long as is returned, at least. */
static uint64_t crew_hold(const struct crew *crew, int count)
{
	uint64_t start_ns;

	crew_await(crew, count);
	start_ns = rt_now_ns();
	pass(HOLD_NS);
	return rt_now_ns() - start_ns;
}

/* As crew_hold(), when they wait by spinning: who was about to, and has used 10 ms of a processor since, spins. */
static uint64_t crew_hold_spinning(const struct crew *crew)
{
	uint64_t start_ns;
	clockid_t clock;

	while (crew->count < WAITERS)
		pass(MS);
	for (int i = 0; i < WAITERS; i++) {
		assert_int_equal(pthread_getcpuclockid(crew->threads[i], &clock), 0);
		start_ns = rt_clock_ns(clock);
		while (rt_clock_ns(clock) < start_ns + 10 * MS)
			pass(MS);
	}
	start_ns = rt_now_ns();
	pass(HOLD_NS);
	return rt_now_ns() - start_ns;
}

static void crew_join(struct crew *crew)
{
	for (int i = 0; i < WAITERS; i++)
		sync_real.pthread_join(crew->threads[i], NULL);
	pthread_barrier_destroy(&crew->ready);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_spinlock_t spin;
static mtx_t c11_mutex;
static cnd_t c11_cond;
static sem_t semaphore;

static void lock_and_unlock(void)
{
	assert_int_equal(pthread_mutex_lock(&mutex), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

/* One holder, five waiters: five times the hold for the holder, and as much for the waiters. */
static void hold_before(struct crew *crew, int (*lock)(void), int (*unlock)(void),
			void (*wait)(void), enum rec_wait_kind kind)
{
	uint64_t start_ns, slept_ns, hold_ns;

	site = HOLDER;
	assert_int_equal(lock(), 0);
	start_ns = rt_now_ns();
	crew_start(crew, wait);
	slept_ns = kind == REC_WAIT_SPIN ? crew_hold_spinning(crew) : crew_hold(crew, WAITERS);
	assert_int_equal(unlock(), 0);
	hold_ns = rt_now_ns() - start_ns;
	crew_join(crew);
	assert_delay(recorded(HOLDER, kind, REC_SIDE_HOLDER), WAITERS, WAITERS * slept_ns,
		     WAITERS * hold_ns);
	assert_delay(recorded(WAITER, kind, REC_SIDE_WAITER), WAITERS, WAITERS * slept_ns,
		     crew->waited_ns);
	assert_int_equal(recorded(HOLDER, kind, REC_SIDE_WAITER).count, 0);
	/* Sums of both sides differ by what it takes to wake up. */
	assert_in_range(recorded(HOLDER, kind, REC_SIDE_HOLDER).delay_ns +
				recorded(WAITER, kind, REC_SIDE_HOLDER).delay_ns,
			WAITERS * slept_ns, recorded(WAITER, kind, REC_SIDE_WAITER).delay_ns);
}

/* Each of the crew waits until its time, TIMEOUT_NS from when it began, is over. Real time, which their deadlines are of, may be set a
 * little faster than the clock. */
static void time_out(struct crew *crew, void (*wait)(void), enum rec_wait_kind kind)
{
	const uint64_t sure_ns = TIMEOUT_NS - TIMEOUT_NS / 100;
	uint64_t asleep_ns = rt_now_ns();

	crew_start(crew, wait);
	crew_await(crew, WAITERS);
	asleep_ns = rt_now_ns() - asleep_ns;
	crew_join(crew);
	assert_delay(recorded(WAITER, kind, REC_SIDE_WAITER), WAITERS,
		     asleep_ns < sure_ns ? WAITERS * (sure_ns - asleep_ns) : 0, crew->waited_ns);
}

static int lock_mutex(void)
{
	return pthread_mutex_lock(&mutex);
}

static int unlock_mutex(void)
{
	return pthread_mutex_unlock(&mutex);
}

static void test_sync_wait_mutex_holder_gets_hold_times_waiters(void **state)
{
	struct crew crew;

	(void)state;
	hold_before(&crew, lock_mutex, unlock_mutex, lock_and_unlock, REC_WAIT_MUTEX);
}

static void timedlock_and_unlock(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, NEVER_NS);

	assert_int_equal(pthread_mutex_timedlock(&mutex, &deadline), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

static void clocklock_and_unlock(void)
{
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, NEVER_NS);

	assert_int_equal(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

static void test_sync_wait_timed_locks_count_like_others(void **state)
{
	struct crew crew;

	(void)state;
	SKIP_UNDER_TSAN("pthread_mutex_clocklock");
	hold_before(&crew, lock_mutex, unlock_mutex, timedlock_and_unlock, REC_WAIT_MUTEX);
	begin(NULL);
	hold_before(&crew, lock_mutex, unlock_mutex, clocklock_and_unlock, REC_WAIT_MUTEX);
}

static void give_up(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, TIMEOUT_NS);

	assert_int_equal(pthread_mutex_timedlock(&mutex, &deadline), ETIMEDOUT);
}

static void test_sync_wait_holder_is_charged_with_those_who_gave_up(void **state)
{
	/* Of each, in what holders are charged with. */
	const uint64_t rounding_ns = WAITERS * 16;
	struct crew crew;
	uint64_t waited_ns;

	(void)state;
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	time_out(&crew, give_up, REC_WAIT_MUTEX);
	pthread_mutex_unlock(&mutex);
	waited_ns = recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).delay_ns;
	assert_delay(recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER), WAITERS,
		     waited_ns - rounding_ns, waited_ns + rounding_ns);
}

static void test_sync_wait_nothing_is_recorded_where_nobody_waits(void **state)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, NEVER_NS);
	struct pollfd none = {.fd = -1};
	struct timeval zero = {0, 0};
	struct timespec zero_time = {0, 0};
	pthread_t thread;

	(void)state;
	lock_and_unlock();
	timedlock_and_unlock();
	assert_int_equal(pthread_rwlock_rdlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_timedrdlock(&rwlock, &deadline), 0);
	assert_int_equal(pthread_rwlock_trywrlock(&rwlock), EBUSY);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_wrlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
	sem_init(&semaphore, 0, 2);
	assert_int_equal(sem_wait(&semaphore), 0);
	assert_int_equal(sem_timedwait(&semaphore, &deadline), 0);
	assert_int_equal(sem_trywait(&semaphore), -1);
	assert_int_equal(pthread_spin_lock(&spin), 0);
	assert_int_equal(pthread_spin_unlock(&spin), 0);
	assert_int_equal(poll(&none, 1, 0), 0);
	assert_int_equal(select(0, NULL, NULL, NULL, &zero), 0);
	assert_int_equal(ppoll(&none, 1, &zero_time, NULL), 0);
	assert_int_equal(sleep(0), 0);
	assert_int_equal(pthread_create(&thread, NULL, (void *(*)(void *))(void *)getpid, NULL), 0);
	while (pthread_tryjoin_np(thread, NULL) == EBUSY)
		pass(MS);
	assert_int_equal(recorded_count(), 0);
}

static int lock_recursive(void)
{
	static pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex, &attributes);
	assert_int_equal(pthread_mutex_lock(&mutex), 0);
	return pthread_mutex_lock(&mutex);
}

/* The inner unlock frees nothing and is charged with nothing. */
static int unlock_recursive(void)
{
	site = OTHER;
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	assert_int_equal(recorded(OTHER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).count, 0);
	site = HOLDER;
	return pthread_mutex_unlock(&mutex);
}

static void test_sync_wait_recursive_mutex_is_released_by_its_last_unlock(void **state)
{
	struct crew crew;

	(void)state;
	hold_before(&crew, lock_recursive, unlock_recursive, lock_and_unlock, REC_WAIT_MUTEX);
	pthread_mutex_init(&mutex, NULL);
}

static void rdlock_and_unlock(void)
{
	assert_int_equal(pthread_rwlock_rdlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
}

static void clockwrlock_and_unlock(void)
{
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, NEVER_NS);

	assert_int_equal(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &deadline), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
}

static int lock_read(void)
{
	return pthread_rwlock_rdlock(&rwlock);
}

static int lock_write(void)
{
	return pthread_rwlock_wrlock(&rwlock);
}

static int unlock_rwlock(void)
{
	return pthread_rwlock_unlock(&rwlock);
}

static void test_sync_wait_readers_wait_for_a_writer(void **state)
{
	struct crew crew;

	(void)state;
	hold_before(&crew, lock_write, unlock_rwlock, rdlock_and_unlock, REC_WAIT_RWLOCK);
}

static void test_sync_wait_writers_wait_for_a_reader(void **state)
{
	struct crew crew;

	(void)state;
	SKIP_UNDER_TSAN("pthread_rwlock_clockwrlock");
	hold_before(&crew, lock_read, unlock_rwlock, clockwrlock_and_unlock, REC_WAIT_RWLOCK);
}

static int lock_spin(void)
{
	return pthread_spin_lock(&spin);
}

static int unlock_spin(void)
{
	return pthread_spin_unlock(&spin);
}

static void spin_and_unlock(void)
{
	assert_int_equal(pthread_spin_lock(&spin), 0);
	assert_int_equal(pthread_spin_unlock(&spin), 0);
}

static void test_sync_wait_spinning_is_waiting(void **state)
{
	struct crew crew;

	(void)state;
	hold_before(&crew, lock_spin, unlock_spin, spin_and_unlock, REC_WAIT_SPIN);
}

static int lock_c11(void)
{
	return mtx_lock(&c11_mutex);
}

static int unlock_c11(void)
{
	return mtx_unlock(&c11_mutex);
}

static void c11_lock_and_unlock(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, NEVER_NS);

	assert_int_equal(mtx_timedlock(&c11_mutex, &deadline), thrd_success);
	assert_int_equal(mtx_unlock(&c11_mutex), thrd_success);
}

static void test_sync_wait_c11_mutexes_count_like_others(void **state)
{
	struct crew crew;

	(void)state;
	hold_before(&crew, lock_c11, unlock_c11, c11_lock_and_unlock, REC_WAIT_MUTEX);
}

static bool is_go;

static void await_go(void)
{
	pthread_mutex_lock(&mutex);
	while (!is_go)
		assert_int_equal(pthread_cond_wait(&cond, &mutex), 0);
	pthread_mutex_unlock(&mutex);
}

static void test_sync_wait_condition_counts_for_its_waiters(void **state)
{
	struct crew crew;
	struct rec_wait sum;
	uint64_t slept_ns;

	(void)state;
	is_go = false;
	crew_start(&crew, await_go);
	slept_ns = crew_hold(&crew, WAITERS);
	sync_real.pthread_mutex_lock(&mutex);
	is_go = true;
	sync_real.pthread_mutex_unlock(&mutex);
	pthread_cond_broadcast(&cond);
	crew_join(&crew);
	sum = recorded(WAITER, REC_WAIT_COND, REC_SIDE_WAITER);
	assert_true(sum.count >= WAITERS);
	assert_in_range(sum.delay_ns, WAITERS * slept_ns, crew.waited_ns);
}

static int passed_through;

static void lock_and_signal(void)
{
	assert_int_equal(pthread_mutex_lock(&mutex), 0);
	if (++passed_through == WAITERS) {
		pass(HOLD_NS);
		pthread_cond_signal(&cond);
	}
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

/* Who waits for a condition releases its mutex: waiters for that are charged to the wait. It lasts until all of the crew have had the
 * mutex, so that none is left to wait for the next unlock. */
static void test_sync_wait_condition_wait_is_charged_as_an_unlock(void **state)
{
	struct crew crew;
	struct timespec deadline = deadline_in(CLOCK_REALTIME, NEVER_NS);
	uint64_t start_ns, slept_ns, hold_ns, wait_ns;

	(void)state;
	passed_through = 0;
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	start_ns = rt_now_ns();
	crew_start(&crew, lock_and_signal);
	slept_ns = crew_hold(&crew, WAITERS);
	wait_ns = rt_now_ns();
	assert_int_equal(pthread_cond_timedwait(&cond, &mutex, &deadline), 0);
	wait_ns = rt_now_ns() - wait_ns;
	hold_ns = rt_now_ns() - start_ns;
	site = OTHER;
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	assert_delay(recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER), WAITERS, WAITERS * slept_ns,
		     WAITERS * hold_ns);
	assert_int_equal(recorded(OTHER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).count, 0);
	assert_delay(recorded(HOLDER, REC_WAIT_COND, REC_SIDE_WAITER), 1, HOLD_NS, wait_ns);
}

static void c11_wait(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, TIMEOUT_NS);

	mtx_lock(&c11_mutex);
	assert_int_equal(cnd_timedwait(&c11_cond, &c11_mutex, &deadline), thrd_timedout);
	mtx_unlock(&c11_mutex);
}

static void test_sync_wait_c11_conditions_count_like_others(void **state)
{
	struct crew crew;

	(void)state;
	time_out(&crew, c11_wait, REC_WAIT_COND);
}

static void take_one(void)
{
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, NEVER_NS);

	assert_int_equal(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline), 0);
}

static void take_none(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, TIMEOUT_NS);

	assert_int_equal(sem_timedwait(&semaphore, &deadline), -1);
	assert_int_equal(errno, ETIMEDOUT);
}

static void test_sync_wait_semaphore_counts_for_its_waiters(void **state)
{
	struct crew crew;
	uint64_t slept_ns;

	(void)state;
	sem_init(&semaphore, 0, 0);
	crew_start(&crew, take_one);
	slept_ns = crew_hold(&crew, WAITERS);
	for (int i = 0; i < WAITERS; i++)
		sem_post(&semaphore);
	crew_join(&crew);
	assert_delay(recorded(WAITER, REC_WAIT_SEM, REC_SIDE_WAITER), WAITERS, WAITERS * slept_ns,
		     crew.waited_ns);
	begin(NULL);
	time_out(&crew, take_none, REC_WAIT_SEM);
}

static pthread_barrier_t barrier;

static void meet(void)
{
	pthread_barrier_wait(&barrier);
}

static void test_sync_wait_barrier_counts_for_all_but_the_last(void **state)
{
	struct crew crew;
	uint64_t slept_ns;

	(void)state;
	pthread_barrier_init(&barrier, NULL, WAITERS + 1);
	crew_start(&crew, meet);
	slept_ns = crew_hold(&crew, WAITERS);
	site = OTHER;
	pthread_barrier_wait(&barrier);
	crew_join(&crew);
	pthread_barrier_destroy(&barrier);
	assert_delay(recorded(WAITER, REC_WAIT_BARRIER, REC_SIDE_WAITER), WAITERS,
		     WAITERS * slept_ns, crew.waited_ns);
	assert_int_equal(recorded(OTHER, REC_WAIT_BARRIER, REC_SIDE_WAITER).count, 0);
}

/* Of who joins; and that it is about to. */
static pid_t joiner;
static _Atomic bool is_joined;

static void pass_hold_of_join(void)
{
	while (!is_joined)
		pass(MS);
	await_asleep(joiner);
	pass(HOLD_NS);
}

static void *pass_hold(void *argument)
{
	pass_hold_of_join();
	return argument;
}

static int pass_hold_c11(void *argument)
{
	(void)argument;
	pass_hold_of_join();
	return 42;
}

static void test_sync_wait_join_counts(void **state)
{
	struct timespec deadline;
	pthread_t thread;
	thrd_t c11_thread;
	uint64_t start_ns;
	void *value;
	int result;

	(void)state;
	SKIP_UNDER_TSAN("thrd_create");
	joiner = gettid();
	is_joined = false;
	site = WAITER;
	start_ns = rt_now_ns();
	pthread_create(&thread, NULL, pass_hold, &start_ns);
	assert_int_equal(pthread_tryjoin_np(thread, &value), EBUSY);
	deadline = deadline_in(CLOCK_REALTIME, MS);
	assert_int_equal(pthread_timedjoin_np(thread, &value, &deadline), ETIMEDOUT);
	is_joined = true;
	assert_int_equal(pthread_join(thread, &value), 0);
	assert_ptr_equal(value, &start_ns);
	assert_delay(recorded(WAITER, REC_WAIT_JOIN, REC_SIDE_WAITER), 2, HOLD_NS,
		     rt_now_ns() - start_ns);
	is_joined = false;
	site = OTHER;
	start_ns = rt_now_ns();
	thrd_create(&c11_thread, pass_hold_c11, NULL);
	is_joined = true;
	assert_int_equal(thrd_join(c11_thread, &result), thrd_success);
	assert_int_equal(result, 42);
	assert_delay(recorded(OTHER, REC_WAIT_JOIN, REC_SIDE_WAITER), 1, HOLD_NS,
		     rt_now_ns() - start_ns);
}

static void test_sync_wait_sleep_counts(void **state)
{
	struct timespec time = {0, 20 * MS};
	uint64_t start_ns = rt_now_ns();

	(void)state;
	site = WAITER;
	assert_int_equal(usleep(20000), 0);
	assert_int_equal(nanosleep(&time, NULL), 0);
	assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL), 0);
	assert_int_equal(thrd_sleep(&time, NULL), 0);
	assert_int_equal(sleep(1), 0);
	assert_delay(recorded(WAITER, REC_WAIT_SLEEP, REC_SIDE_WAITER), 5, (4 * 20 + 1000) * MS,
		     rt_now_ns() - start_ns);
}

static void test_sync_wait_poll_counts(void **state)
{
	struct timespec time = {0, 20 * MS};
	struct timeval short_time = {0, 20000};
	struct epoll_event event;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct pollfd fd = {.fd = epoll, .events = POLLIN};
	uint64_t start_ns = rt_now_ns();

	(void)state;
	site = WAITER;
	assert_int_equal(poll(&fd, 1, 20), 0);
	assert_int_equal(ppoll(&fd, 1, &time, NULL), 0);
	assert_int_equal(select(0, NULL, NULL, NULL, &short_time), 0);
	assert_int_equal(pselect(0, NULL, NULL, NULL, &time, NULL), 0);
	assert_int_equal(epoll_wait(epoll, &event, 1, 20), 0);
	assert_int_equal(epoll_pwait(epoll, &event, 1, 20, NULL), 0);
	assert_int_equal(sync_real.epoll_pwait2(epoll, &event, 1, &time, NULL), 0);
	assert_int_equal(epoll_pwait2(epoll, &event, 1, &time, NULL), 0);
	/* Less the one that is not recorded. */
	assert_delay(recorded(WAITER, REC_WAIT_POLL, REC_SIDE_WAITER), 7, 7 * 20 * MS,
		     rt_now_ns() - start_ns - 20 * MS);
	close(epoll);
}

static void test_sync_wait_a_wait_counts_in_the_window_it_began_and_ended_in(void **state)
{
	struct crew crew;

	(void)state;
	window_close();
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	crew_start(&crew, lock_and_unlock);
	crew_await(&crew, WAITERS);
	window_open(); /* they began before it */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	pthread_mutex_lock(&mutex);
	crew_start(&crew, lock_and_unlock);
	crew_await(&crew, WAITERS);
	window_close(); /* they end after it */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	pthread_mutex_lock(&mutex);
	window_open();
	crew_start(&crew, lock_and_unlock);
	crew_await(&crew, WAITERS);
	window_close();
	window_open(); /* they end in the next */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	assert_int_equal(recorded_count(), 0);
}

static pthread_once_t once;
static once_flag c11_once;
static struct crew once_crew;
static uint64_t once_ns, once_slept_ns;

/* The others sleep in the meantime. */
static void take_a_while(void)
{
	uint64_t start_ns = rt_now_ns();

	once_slept_ns = crew_hold(&once_crew, WAITERS - 1);
	once_ns = rt_now_ns() - start_ns;
}

static void prepare_once(void)
{
	assert_int_equal(pthread_once(&once, take_a_while), 0);
}

static void prepare_once_c11(void)
{
	call_once(&c11_once, take_a_while);
}

/* One of the crew runs the routine, the others wait for it; its site is theirs. */
static void once_is_waited_for(void (*prepare)(void))
{
	struct rec_wait waiters, holder;

	crew_start(&once_crew, prepare);
	crew_join(&once_crew);
	waiters = recorded(WAITER, REC_WAIT_ONCE, REC_SIDE_WAITER);
	holder = recorded(WAITER, REC_WAIT_ONCE, REC_SIDE_HOLDER);
	assert_delay(waiters, WAITERS - 1, (WAITERS - 1) * once_slept_ns,
		     once_crew.waited_ns - once_ns);
	assert_delay(holder, WAITERS - 1, (WAITERS - 1) * once_slept_ns, waiters.delay_ns);
	/* It has run: nobody waits. ThreadSanitizer's pthread_once marks that otherwise than glibc's. */
#if !UNDER_TSAN
	site = OTHER;
	prepare();
	assert_int_equal(recorded(OTHER, REC_WAIT_ONCE, REC_SIDE_WAITER).count, 0);
#endif
}

static void test_sync_wait_once_is_waited_for(void **state)
{
	(void)state;
	once = (pthread_once_t)PTHREAD_ONCE_INIT;
	once_is_waited_for(prepare_once);
}

static void test_sync_wait_c11_once_counts_like_others(void **state)
{
	(void)state;
	SKIP_UNDER_TSAN("call_once");
	c11_once = (once_flag)ONCE_FLAG_INIT;
	once_is_waited_for(prepare_once_c11);
}

/* In place of the runtime's, which the ends of threads call. */
static void thread_ends(void)
{
	rt_thread.guard++;
	rt_recorder_block.thread_end(&rt_thread);
	rt_thread.guard--;
}

static _Atomic uint64_t cancelled_ns;

static void note_cancelled(void *start_ns)
{
	thread_ends();
	cancelled_ns += rt_now_ns() - *(uint64_t *)start_ns;
}

static void wait_until_cancelled(void)
{
	uint64_t start_ns = rt_now_ns();

	pthread_cleanup_push(note_cancelled, &start_ns);
	sem_wait(&semaphore);
	pthread_cleanup_pop(0);
}

static void test_sync_wait_cancelled_waits_end_with_their_thread(void **state)
{
	struct crew crew;
	uint64_t slept_ns;

	(void)state;
	if (UNDER_ASAN) {
		print_message(
			"skipped: at the end of a cancelled thread AddressSanitizer may look for a "
			"stack that is gone\n");
		skip();
	}
	sem_init(&semaphore, 0, 0);
	cancelled_ns = 0;
	crew_start(&crew, wait_until_cancelled);
	slept_ns = crew_hold(&crew, WAITERS);
	for (int i = 0; i < WAITERS; i++)
		pthread_cancel(crew.threads[i]);
	crew_join(&crew);
	assert_delay(recorded(WAITER, REC_WAIT_SEM, REC_SIDE_WAITER), WAITERS, WAITERS * slept_ns,
		     cancelled_ns);
}

static sigjmp_buf before;

static void jump(int number)
{
	(void)number;
	siglongjmp(before, 1);
}

/* Not as one of the thread's when it ends, either: it has waited since. */
static void test_sync_wait_one_left_by_a_jump_is_not_recorded(void **state)
{
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};

	(void)state;
	site = OTHER;
	signal(SIGALRM, jump);
	if (sigsetjmp(before, 1) == 0) {
		setitimer(ITIMER_REAL, &soon, NULL);
		sleep(100);
	}
	signal(SIGALRM, SIG_DFL);
	assert_int_equal(recorded_count(), 0);
	site = WAITER;
	usleep(1000);
	thread_ends();
	assert_int_equal(recorded(WAITER, REC_WAIT_SLEEP, REC_SIDE_WAITER).count, 1);
	assert_int_equal(recorded_count(), 1);
}

static volatile sig_atomic_t handled;

static void wait_in_handler(int number)
{
	(void)number;
	handled++;
	site = OTHER;
	poll(NULL, 0, 1);
	site = WAITER;
}

/* The first signals may come before the sleep has begun. */
static void test_sync_wait_signal_handlers_wait_too(void **state)
{
	const struct itimerval often = {{.tv_usec = 20000}, {.tv_usec = 1000}}, never = {{0}, {0}};

	(void)state;
	site = WAITER;
	handled = 0;
	signal(SIGALRM, wait_in_handler);
	setitimer(ITIMER_REAL, &often, NULL);
	sleep(100);
	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_DFL);
	assert_int_equal(recorded(OTHER, REC_WAIT_POLL, REC_SIDE_WAITER).count, handled);
	assert_int_equal(recorded(WAITER, REC_WAIT_SLEEP, REC_SIDE_WAITER).count, 1);
	assert_int_equal(rt_thread.wait.start_ns, 0);
}

static void test_sync_wait_our_own_waits_are_not_recorded(void **state)
{
	(void)state;
	rt_thread.guard++;
	usleep(1000);
	rt_thread.guard--;
	assert_int_equal(recorded_count(), 0);
}

static void test_sync_wait_what_has_no_room_is_counted(void **state)
{
	uint32_t cap = rt_rec->table[REC_WAITS].cap;
	uint32_t lost = rt_rec->table[REC_WAITS].lost;

	(void)state;
	rt_rec->table[REC_WAITS].cap = rt_rec->table[REC_WAITS].len;
	site = 12345;
	usleep(1000);
	rt_rec->table[REC_WAITS].cap = cap;
	rt_rec->table[REC_WAITS].len = rt_rec->table[REC_WAITS].len - 1;
	assert_int_equal(rt_rec->table[REC_WAITS].lost, lost + 1);
	site = 0;
	usleep(1000);
	assert_int_equal(rt_rec->table[REC_WAITS].lost, lost + 2);
	assert_int_equal(recorded_count(), 0);
}

static void test_sync_wait_a_forked_child_records_nothing(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct rec_header *parents = rt_rec;

		/* As the runtime's handler does it. */
		atomic_store(&rt_waits, true);
		rt_rec = NULL;
		usleep(1000);
		lock_and_unlock();
		rt_rec = parents;
		_exit(recorded_count() == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

enum { MANY = 1000 };

static _Atomic int many_count;
static _Atomic pid_t many[MANY];

static void *lock_once(void *argument)
{
	site = WAITER;
	many[many_count++] = gettid();
	lock_and_unlock();
	return argument;
}

static void test_sync_wait_a_thousand_threads(void **state)
{
	static pthread_t threads[MANY];
	pthread_attr_t attributes;
	uint64_t holders, waiters;

	(void)state;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 << 10);
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pthread_create(&threads[i], &attributes, lock_once, NULL), 0);
	for (int i = 0; i < MANY; i++) {
		while (many[i] == 0)
			pass(MS);
		await_asleep(many[i]);
	}
	pass(HOLD_NS);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < MANY; i++)
		sync_real.pthread_join(threads[i], NULL);
	pthread_attr_destroy(&attributes);
	waiters = recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).delay_ns;
	assert_int_equal(recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).count, MANY);
	holders = recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).delay_ns +
		  recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).delay_ns;
	assert_in_range(holders, waiters / 2, waiters);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(test_sync_wait_##name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(mutex_holder_gets_hold_times_waiters),
		CASE(timed_locks_count_like_others),
		CASE(holder_is_charged_with_those_who_gave_up),
		CASE(nothing_is_recorded_where_nobody_waits),
		CASE(recursive_mutex_is_released_by_its_last_unlock),
		CASE(readers_wait_for_a_writer),
		CASE(writers_wait_for_a_reader),
		CASE(spinning_is_waiting),
		CASE(c11_mutexes_count_like_others),
		CASE(condition_counts_for_its_waiters),
		CASE(condition_wait_is_charged_as_an_unlock),
		CASE(c11_conditions_count_like_others),
		CASE(semaphore_counts_for_its_waiters),
		CASE(barrier_counts_for_all_but_the_last),
		CASE(join_counts),
		CASE(sleep_counts),
		CASE(poll_counts),
		CASE(a_wait_counts_in_the_window_it_began_and_ended_in),
		CASE(once_is_waited_for),
		CASE(c11_once_counts_like_others),
		CASE(cancelled_waits_end_with_their_thread),
		CASE(one_left_by_a_jump_is_not_recorded),
		CASE(signal_handlers_wait_too),
		CASE(our_own_waits_are_not_recorded),
		CASE(what_has_no_room_is_counted),
		CASE(a_forked_child_records_nothing),
		CASE(a_thousand_threads),
	};

	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	mtx_init(&c11_mutex, mtx_timed);
	cnd_init(&c11_cond);
	return cmocka_run_group_tests(tests, setup, NULL);
}
