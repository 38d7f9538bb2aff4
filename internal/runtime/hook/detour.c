/* SPDX-License-Identifier: MIT */
#include "runtime/hook/detour.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Code that runs beside it, on the same page, goes on running. */
static int make_writable(const unsigned char *code)
{
	/* The program may mock it. */
	unsigned long (*auxiliary)(unsigned long) =
		(unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
	uintptr_t page_bytes = auxiliary(AT_PAGESZ);
	uintptr_t start = (uintptr_t)code & ~(page_bytes - 1);
	uintptr_t end = (uintptr_t)code + DETOUR_SIZE_BYTES;

	if (syscall(SYS_mprotect, start, end - start, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
		return -errno;
	return 0;
}

static void write_code(unsigned char *code, const unsigned char *bytes)
{
	memcpy(code, bytes, DETOUR_SIZE_BYTES);
	__builtin___clear_cache((char *)code, (char *)code + DETOUR_SIZE_BYTES);
}

int detour_make(struct detour *detour, void *function, const void *target)
{
	int saved = errno;
	int result = make_writable(function);

	errno = saved;
	if (result != 0)
		return result;
	detour->function = function;
	memcpy(detour->original, function, DETOUR_SIZE_BYTES);
	detour_jump(detour->jump, target);
	detour_set(detour);
	return 0;
}

void detour_lift(const struct detour *detour)
{
	write_code(detour->function, detour->original);
}

void detour_set(const struct detour *detour)
{
	write_code(detour->function, detour->jump);
}
