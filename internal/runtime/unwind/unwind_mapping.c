/* SPDX-License-Identifier: MIT */
/* What the tool has to know of a loaded object to name its addresses: see struct rec_mapping. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"
#include "runtime/unwind/unwind.h"

/* Lines of /proc/self/maps as they come from read(). */
struct maps {
	int fd;
	size_t at, len;
	char buffer[1024];
};

static int next_char(struct maps *maps)
{
	long len;

	if (maps->at == maps->len) {
		len = syscall(SYS_read, maps->fd, maps->buffer, sizeof maps->buffer);
		if (len <= 0)
			return -1;
		maps->at = 0;
		maps->len = (size_t)len;
	}
	return (unsigned char)maps->buffer[maps->at++];
}

/* A hexadecimal number and the character after it. */
static uintptr_t next_number(struct maps *maps)
{
	uintptr_t value = 0;
	int c;

	while ((c = next_char(maps)) != -1) {
		if (c >= '0' && c <= '9')
			value = value << 4 | (uintptr_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uintptr_t)(c - 'a' + 10);
		else
			break;
	}
	return value;
}

/* The rest of a line from its first slash on; "" when it has none or a longer one than fits. */
static bool next_path(struct maps *maps, char *path, size_t size)
{
	size_t len = 0;
	int c;

	while ((c = next_char(maps)) != -1 && c != '\n')
		if ((len > 0 || c == '/') && len < size)
			path[len++] = (char)c;
	path[len < size ? len : 0] = '\0';
	return c != -1;
}

/* The range mapped at `address`, and its file as the kernel names it, "" where it has none. */
static bool find_mapped(uintptr_t address, uintptr_t range[2], char *path, size_t path_size)
{
	struct maps maps = {.fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps",
					       O_RDONLY | O_CLOEXEC, 0)};
	bool more = maps.fd >= 0, found = false;

	path[0] = '\0';
	while (more && !found) {
		range[0] = next_number(&maps);
		range[1] = next_number(&maps);
		more = next_path(&maps, path, path_size);
		found = address >= range[0] && address < range[1];
	}
	if (!found)
		path[0] = '\0';
	if (maps.fd >= 0)
		syscall(SYS_close, maps.fd);
	return found;
}

bool unwind_mapping_bounds(uintptr_t address, uintptr_t *start, uintptr_t *end)
{
	int saved_errno = errno;
	uintptr_t range[2];
	char path[16];
	bool found = find_mapped(address, range, path, sizeof path);

	errno = saved_errno;
	if (!found)
		return false;
	*start = range[0];
	*end = range[1];
	return true;
}

/* The dynamic linker's name may be relative to a folder that the program has left since. */
static uint32_t path_of(const struct unwind_segment *segment)
{
	uintptr_t vdso = getauxval(AT_SYSINFO_EHDR);
	uintptr_t range[2];
	char path[PATH_MAX];
	long len;

	if (vdso >= segment->start && vdso < segment->end)
		return rt_string("[vdso]");
	if (segment->name[0] == '/')
		return rt_string(segment->name);
	if (segment->name[0] == '\0') {
		len = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
		path[len > 0 ? len : 0] = '\0';
	} else {
		find_mapped(segment->start, range, path, sizeof path);
	}
	return rt_string(path[0] != '\0' ? path : segment->name);
}

uint32_t unwind_mapping_note(const struct unwind_segment *segment, uint32_t epoch)
{
	uint32_t index = rt_append(REC_MAPPINGS);
	int saved_errno = errno;
	struct rec_mapping *mapping;

	if (index == UINT32_MAX)
		return index;
	mapping = &rt_table(MAPPINGS, struct rec_mapping)[index];
	mapping->start = segment->start;
	mapping->offset = segment->offset;
	mapping->path = path_of(segment);
	mapping->epoch_from = epoch;
	mapping->epoch_to = UINT32_MAX;
	if (segment->build_id_len <= sizeof mapping->build_id) {
		memcpy(mapping->build_id, segment->build_id, segment->build_id_len);
		mapping->build_id_len = (uint32_t)segment->build_id_len;
	}
	atomic_signal_fence(memory_order_release);
	mapping->limit = segment->end; /* last: says that the item is complete */
	errno = saved_errno;
	return index;
}
