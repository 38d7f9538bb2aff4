/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* Loaded objects: what is noted of them in the recording, and when they come and go. */
#include <dlfcn.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/unwind/unwind.h"

static char folder[PATH_MAX] = "/tmp/unwind_modules_test.XXXXXX";

static uint32_t mapping_count(void)
{
	return rt_rec->table[REC_MAPPINGS].len;
}

static const struct rec_mapping *mapping_at(uint32_t index)
{
	return &rt_table(MAPPINGS, struct rec_mapping)[index];
}

static const char *path_of(const struct rec_mapping *mapping)
{
	return rt_table(STRINGS, char) + mapping->path;
}

/* The mapping of an address in the present epoch. */
static const struct rec_mapping *mapping_of(uintptr_t address)
{
	uint32_t epoch = rt_rec->state.epoch;

	for (uint32_t i = 0; i < mapping_count(); i++) {
		const struct rec_mapping *mapping = mapping_at(i);

		if (address >= mapping->start && address < mapping->limit &&
		    mapping->epoch_from <= epoch && epoch < mapping->epoch_to)
			return mapping;
	}
	return NULL;
}

/* A shared object of one function; its build id is given. */
static void *build_and_open(const char *name, const char *id)
{
	char command[512];

	snprintf(command, sizeof command,
		 "echo 'int answer(void) { return 42; }' | cc -shared -fPIC -x c -o %s - "
		 "-Wl,--build-id=0x%s",
		 name, id);
	assert_int_equal(system(command), 0);
	return dlopen(name, RTLD_NOW);
}

static void test_unwind_modules_notes_the_program_and_its_libraries(void **state)
{
	const struct rec_mapping *program = mapping_of((uintptr_t)build_and_open);
	const struct rec_mapping *libc =
		mapping_of((uintptr_t)dlsym(RTLD_DEFAULT, "gnu_get_libc_version"));
	char path[PATH_MAX] = "";
	Dl_info info;

	(void)state;
	assert_non_null(program);
	assert_true(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
	assert_string_equal(path_of(program), path);
	assert_non_null(libc);
	assert_string_equal(path_of(libc) + strlen(path_of(libc)) - strlen("/libc.so.6"),
			    "/libc.so.6");
	assert_int_equal(path_of(libc)[0], '/');
	dladdr(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &info);
	assert_true(libc->start - libc->offset >= (uintptr_t)info.dli_fbase);
	assert_int_equal(libc->build_id_len, 20);
	assert_int_equal(libc->epoch_from, 0);
	assert_int_equal(libc->epoch_to, UINT32_MAX);
}

static void test_unwind_modules_notes_the_kernels_object(void **state)
{
	const struct rec_mapping *vdso = mapping_of(getauxval(AT_SYSINFO_EHDR));

	(void)state;
	if (getauxval(AT_SYSINFO_EHDR) == 0)
		skip(); /* the kernel gives none, as under some emulators */
	assert_non_null(vdso);
	assert_string_equal(path_of(vdso), "[vdso]");
}

/* Opened by a relative name in a folder that is left before the list is read. */
static void test_unwind_modules_comes_and_goes(void **state)
{
	static const uint8_t id[] = {0xab, 0xcd, 0xef, 0x01};
	uint32_t count = mapping_count();
	const struct rec_mapping *first, *second;
	char expected[PATH_MAX + 16];
	uintptr_t answer;
	void *object;

	(void)state;
	object = build_and_open("./here.so", "abcdef01");
	assert_non_null(object);
	assert_int_equal(chdir("/"), 0);
	stack_modules_changed();
	stack_modules_changed();
	assert_int_equal(mapping_count(), count + 1);
	first = mapping_at(count);
	answer = (uintptr_t)dlsym(object, "answer");
	assert_ptr_equal(mapping_of(answer), first);
	snprintf(expected, sizeof expected, "%s/here.so", folder);
	assert_string_equal(path_of(first), expected);
	assert_int_equal(first->build_id_len, sizeof id);
	assert_memory_equal(first->build_id, id, sizeof id);
	assert_int_equal(first->epoch_from, 0);
	assert_int_equal(first->epoch_to, UINT32_MAX);

	dlclose(object);
	stack_modules_changed();
	assert_int_equal(rt_rec->state.epoch, 1);
	assert_int_equal(first->epoch_to, 1);
	assert_null(mapping_of(answer));
	assert_int_equal(mapping_count(), count + 1);

	object = dlopen(expected, RTLD_NOW);
	assert_non_null(object);
	stack_modules_changed();
	assert_int_equal(rt_rec->state.epoch, 1);
	assert_int_equal(mapping_count(), count + 2);
	second = mapping_of((uintptr_t)dlsym(object, "answer"));
	assert_ptr_equal(second, mapping_at(count + 1));
	assert_int_equal(second->epoch_from, 1);
	dlclose(object);
	stack_modules_changed();
	assert_int_equal(chdir(folder), 0);
	unlink("here.so");
}

static void *change_often(void *name)
{
	for (int i = 0; i < 100; i++) {
		void *object = dlopen(name, RTLD_NOW);

		stack_modules_changed();
		if (object == NULL || mapping_of((uintptr_t)dlsym(object, "answer")) == NULL)
			return NULL;
		dlclose(object);
		stack_modules_changed();
	}
	return name;
}

static _Atomic bool stop_looking;

/* Walks in another thread: each list that it sees is whole. */
static void *look_always(void *arg)
{
	struct rt_thread thread;
	uint32_t node = 1;

	double_thread(&thread);
	while (!stop_looking && node != 0) {
		const struct unwind_modules *modules = unwind_modules_now();

		for (uint32_t i = 1; i < modules->count; i++)
			if (modules->module[i].start < modules->module[i - 1].end)
				return NULL;
		node = stack_node(&thread, stack_regs_here());
	}
	rt_unmap(thread.memo, stack_memo_size());
	return node != 0 ? arg : NULL;
}

static void test_unwind_modules_changes_while_others_walk(void **state)
{
	static char name_a[] = "./a.so", name_b[] = "./b.so";
	uint64_t truncated = rt_rec->state.stacks_truncated;
	pthread_t change_a, change_b, look;
	void *good_a, *good_b, *good_look;

	(void)state;
	dlclose(build_and_open(name_a, "aa"));
	dlclose(build_and_open(name_b, "bb"));
	assert_int_equal(pthread_create(&look, NULL, look_always, name_a), 0);
	assert_int_equal(pthread_create(&change_a, NULL, change_often, name_a), 0);
	assert_int_equal(pthread_create(&change_b, NULL, change_often, name_b), 0);
	pthread_join(change_a, &good_a);
	pthread_join(change_b, &good_b);
	atomic_store(&stop_looking, true);
	pthread_join(look, &good_look);
	unlink(name_a);
	unlink(name_b);
	assert_non_null(good_a);
	assert_non_null(good_b);
	assert_non_null(good_look);
	assert_int_equal(rt_rec->state.stacks_truncated, truncated);
}

static uint32_t constructor_node;

static void take_stack(void)
{
	constructor_node = stack_node(&rt_thread, stack_regs_here());
}

/* A library whose constructor takes a stack: it is loaded, and not in the list yet. */
static void test_unwind_modules_walks_through_constructors(void **state)
{
	uint64_t truncated = rt_rec->state.stacks_truncated;
	char command[512];
	void *object;

	(void)state;
	snprintf(command, sizeof command,
		 "echo '__attribute__((constructor)) static void begin(void) { ((void "
		 "(*)(void))%pull)(); }' | "
		 "cc -O0 -shared -fPIC -x c -o hook.so -",
		 (void *)take_stack);
	assert_int_equal(system(command), 0);
	object = dlopen("./hook.so", RTLD_NOW);
	unlink("hook.so");
	assert_non_null(object);
	assert_int_not_equal(constructor_node, 0);
	dlclose(object);
	stack_modules_changed();
	assert_int_equal(rt_rec->state.stacks_truncated, truncated);
}

static int set_up(void **state)
{
	(void)state;
	double_open(0);
	double_thread(&rt_thread);
	stack_init();
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int tear_down(void **state)
{
	(void)state;
	return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unwind_modules_notes_the_program_and_its_libraries),
		cmocka_unit_test(test_unwind_modules_notes_the_kernels_object),
		cmocka_unit_test(test_unwind_modules_comes_and_goes),
		cmocka_unit_test(test_unwind_modules_changes_while_others_walk),
		cmocka_unit_test(test_unwind_modules_walks_through_constructors),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
