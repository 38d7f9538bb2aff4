/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/sync/sync_*.c */
/* Waits made of known holds, and what the two profiles get of them.
 *
 * How long a hold really was is measured by the test, next to the calls: on a busy machine a sleep of 50 ms is any time
 * above. What is recorded must agree with that within slack_ns(), the time that a thread may be off its CPU
 * between the test's clock and the recorder's: 25 ms, and what the kernel says that the threads waited for a CPU. */
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
#include "sync_double.h"

#define HOLD_NS (50 * MS)
#define WAITERS 5

/* gcc 12's ThreadSanitizer has never heard of what is new in libc. */
#ifdef __SANITIZE_THREAD__
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

/* Of the main thread when the test began, and of the threads of the test that have ended. */
static uint64_t cpu_wait_before_ns;
static _Atomic uint64_t cpu_wait_ended_ns;

/* How long this thread has been ready and without a CPU; 0 where the kernel does not tell. */
static uint64_t cpu_wait_ns(void)
{
	FILE *file = fopen("/proc/thread-self/schedstat", "re");
	uint64_t wait_ns = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*u %" SCNu64, &wait_ns) != 1)
		wait_ns = 0;
	fclose(file);
	return wait_ns;
}

/* The recorder knows no second recording: its items are emptied and stay. */
static int begin(void **state)
{
	struct rec_wait *items = rt_table(WAITS, struct rec_wait);

	(void)state;
	for (uint32_t i = 0; i < rt_rec->table[REC_WAITS].len; i++)
		items[i].count = items[i].delay_ns = 0;
	site = 1;
	cpu_wait_before_ns = cpu_wait_ns();
	cpu_wait_ended_ns = 0;
	window_open();
	return 0;
}

static int end(void **state)
{
	(void)state;
	window_close();
	return 0;
}

/* SLACK_MS in the environment takes the place of the 25 ms, where emulated threads share a busy machine. */
static uint64_t slack_ns(void)
{
	const char *slack_ms = getenv("SLACK_MS");
	uint64_t least_ns = slack_ms != NULL ? strtoull(slack_ms, NULL, 10) * MS : 25 * MS;

	return least_ns + cpu_wait_ns() - cpu_wait_before_ns + cpu_wait_ended_ns;
}

/* The least that may be recorded of so many waits. */
static uint64_t least(uint64_t count, uint64_t delay_ns)
{
	uint64_t slack = count * slack_ns();

	return delay_ns > slack ? delay_ns - slack : 0;
}

static void assert_delay(struct rec_wait sum, uint64_t count, uint64_t delay_ns)
{
	assert_int_equal(sum.count, count);
	assert_in_range(sum.delay_ns, least(count, delay_ns), delay_ns + count * slack_ns());
}

/* Threads that each wait once, by `wait`; `waited_ns` adds up what they measured themselves. */
struct crew {
	void (*wait)(void);
	pthread_t threads[WAITERS];
	pthread_barrier_t ready;
	_Atomic uint64_t waited_ns;
	_Atomic pid_t tids[WAITERS]; /* those about to wait; 0 before */
	_Atomic int count;
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
	cpu_wait_ended_ns += cpu_wait_ns();
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

static bool is_asleep(pid_t tid)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S';
}

/* A hold's time from when all have begun, and until `count` of the crew sleep: on a busy machine some come to their wait later. Ten
 * seconds at most. */
static void pass_until_asleep(const struct crew *crew, int count)
{
	int asleep;

	for (int tries = 0; tries < 1000 && crew->count < WAITERS; tries++)
		pass(MS);
	pass(HOLD_NS);
	for (int tries = 0; tries < 900; tries++) {
		asleep = 0;
		for (int i = 0; i < WAITERS; i++)
			asleep += crew->tids[i] != 0 && is_asleep(crew->tids[i]);
		if (asleep >= count)
			return;
		pass(10 * MS);
	}
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
	uint64_t start_ns, hold_ns;

	site = HOLDER;
	assert_int_equal(lock(), 0);
	start_ns = rt_now_ns();
	crew_start(crew, wait);
	pass_until_asleep(crew, kind == REC_WAIT_SPIN ? 0 : WAITERS);
	hold_ns = rt_now_ns() - start_ns;
	assert_int_equal(unlock(), 0);
	crew_join(crew);
	assert_delay(recorded(HOLDER, kind, REC_SIDE_HOLDER), WAITERS, WAITERS * hold_ns);
	assert_delay(recorded(WAITER, kind, REC_SIDE_WAITER), WAITERS, crew->waited_ns);
	assert_int_equal(recorded(HOLDER, kind, REC_SIDE_WAITER).count, 0);
	/* Sums of both sides differ by what it takes to wake up. */
	assert_in_range(recorded(HOLDER, kind, REC_SIDE_HOLDER).delay_ns +
				recorded(WAITER, kind, REC_SIDE_HOLDER).delay_ns,
			least(WAITERS, WAITERS * hold_ns),
			recorded(WAITER, kind, REC_SIDE_WAITER).delay_ns);
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
	struct timespec deadline = deadline_in(CLOCK_REALTIME, 10000 * MS);

	assert_int_equal(pthread_mutex_timedlock(&mutex, &deadline), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

static void clocklock_and_unlock(void)
{
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, 10000 * MS);

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
	struct timespec deadline = deadline_in(CLOCK_REALTIME, HOLD_NS / 2);

	assert_int_equal(pthread_mutex_timedlock(&mutex, &deadline), ETIMEDOUT);
}

static void test_sync_wait_holder_is_charged_with_those_who_gave_up(void **state)
{
	struct crew crew;

	(void)state;
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	crew_start(&crew, give_up);
	crew_join(&crew);
	pthread_mutex_unlock(&mutex);
	assert_delay(recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER), WAITERS, crew.waited_ns);
	assert_delay(recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER), WAITERS, crew.waited_ns);
}

static void test_sync_wait_nothing_is_recorded_where_nobody_waits(void **state)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, HOLD_NS);
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
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, 10000 * MS);

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
	struct timespec deadline = deadline_in(CLOCK_REALTIME, 10000 * MS);

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

	(void)state;
	is_go = false;
	crew_start(&crew, await_go);
	pass_until_asleep(&crew, WAITERS);
	sync_real.pthread_mutex_lock(&mutex);
	is_go = true;
	sync_real.pthread_mutex_unlock(&mutex);
	pthread_cond_broadcast(&cond);
	crew_join(&crew);
	sum = recorded(WAITER, REC_WAIT_COND, REC_SIDE_WAITER);
	assert_true(sum.count >= WAITERS);
	assert_in_range(sum.delay_ns, least(WAITERS, WAITERS * HOLD_NS), crew.waited_ns);
}

/* Who waits for a condition releases its mutex: waiters for that are charged to the wait. */
static void test_sync_wait_condition_wait_is_charged_as_an_unlock(void **state)
{
	struct crew crew;
	struct timespec deadline;
	uint64_t start_ns, hold_ns, wait_ns;

	(void)state;
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	start_ns = rt_now_ns();
	crew_start(&crew, lock_and_unlock);
	pass_until_asleep(&crew, WAITERS);
	hold_ns = rt_now_ns() - start_ns;
	/* Time for all of the crew, so that none is left to wait for the next unlock. */
	deadline = deadline_in(CLOCK_REALTIME, 10 * HOLD_NS);
	start_ns = rt_now_ns();
	assert_int_equal(pthread_cond_timedwait(&cond, &mutex, &deadline), ETIMEDOUT);
	wait_ns = rt_now_ns() - start_ns;
	site = OTHER;
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	assert_delay(recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER), WAITERS, WAITERS * hold_ns);
	assert_int_equal(recorded(OTHER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).count, 0);
	assert_delay(recorded(HOLDER, REC_WAIT_COND, REC_SIDE_WAITER), 1, wait_ns);
}

static void c11_wait(void)
{
	struct timespec deadline = deadline_in(CLOCK_REALTIME, HOLD_NS);

	mtx_lock(&c11_mutex);
	assert_int_equal(cnd_timedwait(&c11_cond, &c11_mutex, &deadline), thrd_timedout);
	mtx_unlock(&c11_mutex);
}

static void test_sync_wait_c11_conditions_count_like_others(void **state)
{
	struct crew crew;

	(void)state;
	crew_start(&crew, c11_wait);
	crew_join(&crew);
	assert_delay(recorded(WAITER, REC_WAIT_COND, REC_SIDE_WAITER), WAITERS, crew.waited_ns);
}

static void take_one(void)
{
	struct timespec deadline = deadline_in(CLOCK_MONOTONIC, 10000 * MS);

	assert_int_equal(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline), 0);
}

static void test_sync_wait_semaphore_counts_for_its_waiters(void **state)
{
	struct crew crew;
	struct timespec deadline;
	uint64_t start_ns;

	(void)state;
	sem_init(&semaphore, 0, 0);
	crew_start(&crew, take_one);
	pass_until_asleep(&crew, WAITERS);
	for (int i = 0; i < WAITERS; i++)
		sem_post(&semaphore);
	crew_join(&crew);
	assert_delay(recorded(WAITER, REC_WAIT_SEM, REC_SIDE_WAITER), WAITERS, crew.waited_ns);
	site = OTHER;
	deadline = deadline_in(CLOCK_REALTIME, HOLD_NS);
	start_ns = rt_now_ns();
	assert_int_equal(sem_timedwait(&semaphore, &deadline), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_delay(recorded(OTHER, REC_WAIT_SEM, REC_SIDE_WAITER), 1, rt_now_ns() - start_ns);
}

static pthread_barrier_t barrier;

static void meet(void)
{
	pthread_barrier_wait(&barrier);
}

static void test_sync_wait_barrier_counts_for_all_but_the_last(void **state)
{
	struct crew crew;

	(void)state;
	pthread_barrier_init(&barrier, NULL, WAITERS + 1);
	crew_start(&crew, meet);
	pass_until_asleep(&crew, WAITERS);
	site = OTHER;
	pthread_barrier_wait(&barrier);
	crew_join(&crew);
	pthread_barrier_destroy(&barrier);
	assert_delay(recorded(WAITER, REC_WAIT_BARRIER, REC_SIDE_WAITER), WAITERS, crew.waited_ns);
	assert_int_equal(recorded(OTHER, REC_WAIT_BARRIER, REC_SIDE_WAITER).count, 0);
}

static void *pass_hold(void *argument)
{
	pass(HOLD_NS);
	return argument;
}

static int pass_hold_c11(void *argument)
{
	(void)argument;
	pass(HOLD_NS);
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
	site = WAITER;
	pthread_create(&thread, NULL, pass_hold, &start_ns);
	start_ns = rt_now_ns();
	assert_int_equal(pthread_tryjoin_np(thread, &value), EBUSY);
	deadline = deadline_in(CLOCK_REALTIME, MS);
	assert_int_equal(pthread_timedjoin_np(thread, &value, &deadline), ETIMEDOUT);
	assert_int_equal(pthread_join(thread, &value), 0);
	assert_ptr_equal(value, &start_ns);
	assert_delay(recorded(WAITER, REC_WAIT_JOIN, REC_SIDE_WAITER), 2, rt_now_ns() - start_ns);
	site = OTHER;
	thrd_create(&c11_thread, pass_hold_c11, NULL);
	start_ns = rt_now_ns();
	assert_int_equal(thrd_join(c11_thread, &result), thrd_success);
	assert_int_equal(result, 42);
	assert_delay(recorded(OTHER, REC_WAIT_JOIN, REC_SIDE_WAITER), 1, rt_now_ns() - start_ns);
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
	assert_delay(recorded(WAITER, REC_WAIT_SLEEP, REC_SIDE_WAITER), 5, rt_now_ns() - start_ns);
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
	assert_delay(recorded(WAITER, REC_WAIT_POLL, REC_SIDE_WAITER), 7,
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
	pass(10 * MS);
	window_open(); /* they began before it */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	pthread_mutex_lock(&mutex);
	crew_start(&crew, lock_and_unlock);
	pass(10 * MS);
	window_close(); /* they end after it */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	pthread_mutex_lock(&mutex);
	window_open();
	crew_start(&crew, lock_and_unlock);
	pass(10 * MS);
	window_close();
	window_open(); /* they end in the next */
	pthread_mutex_unlock(&mutex);
	crew_join(&crew);
	assert_int_equal(
		recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).delay_ns / (slack_ns() / 5), 0);
	assert_int_equal(recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).count, 0);
}

static pthread_once_t once;
static once_flag c11_once;
static struct crew once_crew;
static uint64_t once_ns;

/* The others sleep in the meantime. */
static void take_a_while(void)
{
	uint64_t start_ns = rt_now_ns();

	pass_until_asleep(&once_crew, WAITERS - 1);
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
	assert_delay(waiters, WAITERS - 1, once_crew.waited_ns - once_ns);
	assert_delay(holder, WAITERS - 1, waiters.delay_ns);
	/* It has run: nobody waits. ThreadSanitizer's pthread_once marks that otherwise than glibc's. */
#ifndef __SANITIZE_THREAD__
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

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	print_message("skipped: at the end of a cancelled thread AddressSanitizer may look for a "
		      "stack that is gone\n");
	skip();
#endif
	sem_init(&semaphore, 0, 0);
	cancelled_ns = 0;
	crew_start(&crew, wait_until_cancelled);
	pass_until_asleep(&crew, WAITERS);
	for (int i = 0; i < WAITERS; i++)
		pthread_cancel(crew.threads[i]);
	crew_join(&crew);
	assert_delay(recorded(WAITER, REC_WAIT_SEM, REC_SIDE_WAITER), WAITERS, cancelled_ns);
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

static void wait_in_handler(int number)
{
	(void)number;
	site = OTHER;
	poll(NULL, 0, 1);
	site = WAITER;
}

static void test_sync_wait_signal_handlers_wait_too(void **state)
{
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};

	(void)state;
	site = WAITER;
	signal(SIGALRM, wait_in_handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	sleep(100);
	signal(SIGALRM, SIG_DFL);
	assert_int_equal(recorded(OTHER, REC_WAIT_POLL, REC_SIDE_WAITER).count, 1);
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

static _Atomic int many_begun;

static void *lock_once(void *argument)
{
	site = WAITER;
	many_begun++;
	lock_and_unlock();
	return argument;
}

static void test_sync_wait_a_thousand_threads(void **state)
{
	static pthread_t threads[MANY];
	pthread_attr_t attributes;
	uint64_t holders;

	(void)state;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 << 10);
	site = HOLDER;
	pthread_mutex_lock(&mutex);
	many_begun = 0;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pthread_create(&threads[i], &attributes, lock_once, NULL), 0);
	while (many_begun < MANY)
		pass(MS);
	pass(HOLD_NS);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < MANY; i++)
		sync_real.pthread_join(threads[i], NULL);
	pthread_attr_destroy(&attributes);
	assert_in_range(recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).count, MANY / 2, MANY);
	holders = recorded(HOLDER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).delay_ns +
		  recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_HOLDER).delay_ns;
	assert_in_range(holders, recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).delay_ns / 2,
			recorded(WAITER, REC_WAIT_MUTEX, REC_SIDE_WAITER).delay_ns);
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
