/* SPDX-License-Identifier: MIT */
#include "runtime/unwind/unwind_memory.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE ((uintptr_t)4096)

/* The kernel reads the set before it refuses the way of applying it, and so says whether there
 * is one. */
static bool is_readable(uintptr_t at)
{
	const long no_way = -1;

	return syscall(SYS_rt_sigprocmask, no_way, at, NULL, sizeof(uint64_t)) == -1 &&
	       errno == EINVAL;
}

/* Where process_vm_readv is not allowed (some containers) or not there (some emulators). Another
 * thread's unmapping between look and load is not excluded. */
UNWIND_NO_SANITIZE static size_t copy_readable(uintptr_t at, uint8_t *to, size_t size_bytes)
{
	size_t copied;

	for (copied = 0; copied < size_bytes; copied++) {
		if (copied % sizeof(uint64_t) == 0 && !is_readable(at + copied))
			break;
		to[copied] = *(const volatile uint8_t *)(at + copied);
	}
	return copied;
}

size_t unwind_copy(uintptr_t at, void *to, size_t size_bytes)
{
	struct iovec target = {to, size_bytes}, source = {(void *)at, size_bytes};
	int saved_errno = errno;
	long pid = syscall(SYS_getpid);
	long copied = syscall(SYS_process_vm_readv, pid, &target, 1UL, &source, 1UL, 0UL);

	if (copied < 0 && errno != EFAULT)
		copied = (long)copy_readable(at, to, size_bytes);
	errno = saved_errno;
	return copied > 0 ? (size_t)copied : 0;
}

/* Up to the end of the page: the next one may be missing. A walk goes upward, so that what follows
 * the word is wanted soon. */
static size_t copy_words(uintptr_t at, uintptr_t *words)
{
	size_t room = PAGE - at % PAGE, size = UNWIND_COPY_WORDS * sizeof *words;

	return unwind_copy(at, words, room < size ? room : size) / sizeof *words;
}

bool unwind_memory_copy(struct unwind_memory *memory, uintptr_t at, uintptr_t *value)
{
	uintptr_t offset = at - memory->copy_at;

	memory->copied++;
	if (at % sizeof *value != 0)
		return false;
	if (offset >= memory->copy_len * sizeof *value) {
		memory->copy_at = at;
		memory->copy_len = copy_words(at, memory->copy);
		offset = 0;
	}
	if (memory->copy_len == 0)
		return false;
	*value = memory->copy[offset / sizeof *value];
	return true;
}
