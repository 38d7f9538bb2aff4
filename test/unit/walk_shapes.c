/* SPDX-License-Identifier: MIT */
/* Functions whose frames are hard to unwind, built as a shared object by stack_test.c with
 * several compilers and options. Each calls back from its innermost frame. */
#include <alloca.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef void callback(void *arg);

#ifndef FILLER
#define FILLER 40 /* bytes of locals: makes objects of the same functions with other frames */
#endif

#define SHAPE __attribute__((noinline))

volatile int shapes_sink;

void shape_plain(callback *call, void *arg);
void shape_recursion(callback *call, void *arg);
void shape_alloca(callback *call, void *arg);
void shape_aligned(callback *call, void *arg);
void shape_aligned_alloca(callback *call, void *arg);
void shape_large(callback *call, void *arg);
void shape_varargs(callback *call, void *arg);
void shape_many_arguments(callback *call, void *arg);
void shape_sort(callback *call, void *arg);
void shape_vectors(callback *call, void *arg);

static void use(void *memory)
{
	__asm__ volatile("" : : "r"(memory) : "memory");
}

SHAPE void shape_plain(callback *call, void *arg)
{
	char filler[FILLER];

	use(filler);
	call(arg);
	use(filler);
}

static SHAPE int recurse(int depth, callback *call, void *arg)
{
	if (depth == 0)
		call(arg);
	else
		shapes_sink += recurse(depth - 1, call, arg);
	return shapes_sink + depth;
}

SHAPE void shape_recursion(callback *call, void *arg)
{
	shapes_sink = recurse(100, call, arg);
}

SHAPE void shape_alloca(callback *call, void *arg)
{
	char *memory = alloca((size_t)shapes_sink % 100 + FILLER);

	use(memory);
	call(arg);
	use(memory);
}

/* The stack is realigned: the CFA is stored in the frame. */
SHAPE void shape_aligned(callback *call, void *arg)
{
	char memory[64] __attribute__((aligned(64)));

	use(memory);
	shape_plain(call, arg);
	use(memory);
}

SHAPE void shape_aligned_alloca(callback *call, void *arg)
{
	char memory[128] __attribute__((aligned(128)));
	char *more = alloca((size_t)shapes_sink % 50 + 10);

	use(memory);
	use(more);
	shape_aligned(call, arg);
	use(more);
}

SHAPE void shape_large(callback *call, void *arg)
{
	char memory[70000];

	use(memory);
	shape_plain(call, arg);
	use(memory);
}

static SHAPE int take_varargs(int count, ...)
{
	va_list arguments;
	callback *call;
	void *arg;

	va_start(arguments, count);
	while (count-- > 0)
		shapes_sink += (int)va_arg(arguments, double);
	call = va_arg(arguments, callback *);
	arg = va_arg(arguments, void *);
	va_end(arguments);
	call(arg);
	return shapes_sink;
}

SHAPE void shape_varargs(callback *call, void *arg)
{
	shapes_sink = take_varargs(3, 1.0, 2.0, 3.0, call, arg) + 1;
}

static SHAPE int take_many(int a, int b, int c, int d, int e, int f, int g, int h, callback *call,
			   void *arg)
{
	call(arg);
	return a + b + c + d + e + f + g + h;
}

SHAPE void shape_many_arguments(callback *call, void *arg)
{
	int s = shapes_sink;

	shapes_sink = take_many(s, s + 1, s + 2, s + 3, s + 4, s + 5, s + 6, s + 7, call, arg) +
		      take_many(s + 8, s, s, s, s, s, s, s, call, arg);
}

static _Thread_local callback *sort_call;
static _Thread_local void *sort_arg;

static int compare(const void *a, const void *b)
{
	const int *x = a, *y = b;

	sort_call(sort_arg);
	return (*x > *y) - (*x < *y);
}

SHAPE void shape_sort(callback *call, void *arg)
{
	int numbers[] = {5, 3, 9, 1, 7};

	sort_call = call;
	sort_arg = arg;
	qsort(numbers, sizeof numbers / sizeof *numbers, sizeof *numbers, compare);
	shapes_sink = numbers[0];
}

typedef float vector __attribute__((vector_size(32)));

static SHAPE vector multiply(const vector *a, const vector *b, callback *call, void *arg)
{
	vector sum[4];

	for (int i = 0; i < 4; i++)
		sum[i] = a[i] * b[3 - i];
	use(sum);
	call(arg);
	return sum[0] + sum[1] + sum[2] + sum[3];
}

SHAPE void shape_vectors(callback *call, void *arg)
{
	vector a[4], b[4], product;

	memset(a, 1, sizeof a);
	memset(b, 2, sizeof b);
	product = multiply(a, b, call, arg);
	use(&product);
}
