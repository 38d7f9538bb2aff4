/* SPDX-License-Identifier: MIT */
#include "runtime/unwind_memory.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE ((uintptr_t)4096)

/* Copy up to the end of the page: the next one may be missing. A walk goes upward, so that what
 * follows the word is wanted soon. */
static size_t copy_words(uintptr_t at, uintptr_t *words)
{
	size_t room = PAGE - at % PAGE, size = UNWIND_COPY_WORDS * sizeof *words;
	struct iovec to = {words, room < size ? room : size};
	struct iovec from = {(void *)at, to.iov_len};
	int saved_errno = errno;
	long pid = syscall(SYS_getpid);
	long copied = syscall(SYS_process_vm_readv, pid, &to, 1UL, &from, 1UL, 0UL);

	errno = saved_errno;
	return copied > 0 ? (size_t)copied / sizeof *words : 0;
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
