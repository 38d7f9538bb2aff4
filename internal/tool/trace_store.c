/* SPDX-License-Identifier: MIT */
#include "tool/trace_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

#include "base/xalloc.h"

/* Where the file system knows no files without a name. */
static int open_unlinked(const char *folder)
{
	char *path = xasprintf("%s/.trace-XXXXXX", folder);
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

/* What the finished trace begins with before anything of the spool has been given back. */
enum { RESERVE_BYTES = 1 << 20 };

static int open_nameless(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : open_unlinked(folder);
}

bool trace_store_open(struct trace_store *store, const char *folder, uint64_t limit_bytes)
{
	*store = (struct trace_store){.limit_bytes = limit_bytes};
	store->fd = open_nameless(folder);
	if (store->fd < 0)
		return false;
	store->reserve = open_nameless(folder);
	if (store->reserve >= 0 && fallocate(store->reserve, 0, 0, RESERVE_BYTES) != 0)
		trace_store_make_room(store);
	return true;
}

void trace_store_make_room(struct trace_store *store)
{
	if (store->reserve >= 0)
		close(store->reserve);
	store->reserve = -1;
}

void trace_store_close(struct trace_store *store)
{
	trace_store_make_room(store);
	close(store->fd);
}

static bool write_all(int fd, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t done = writev(fd, parts, count);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		for (; count > 0 && (size_t)done >= parts->iov_len; parts++, count--)
			done -= (ssize_t)parts->iov_len;
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return true;
}

bool trace_store_add(struct trace_store *store, enum spool_kind kind, uint32_t owner,
		     uint32_t sequence, uint64_t base, const void *payload, size_t size_bytes)
{
	struct spool_block block = {.magic = SPOOL_MAGIC,
				    .kind = kind,
				    .owner = owner,
				    .sequence = sequence,
				    .base = base,
				    .size_bytes = (uint32_t)size_bytes,
				    .crc = (uint32_t)crc32(0, payload, (unsigned)size_bytes)};
	struct iovec parts[] = {{&block, sizeof block}, {(void *)payload, size_bytes}};
	uint64_t size = store->size_bytes + sizeof block + size_bytes;

	if (store->error != 0 || store->is_full)
		return false;
	if (size > store->limit_bytes) {
		store->is_full = true;
		return false;
	}
	if (!write_all(store->fd, parts, 2)) {
		store->error = errno != 0 ? errno : EIO;
		/* What is there of the block is cut off: blocks behind it would not be found. */
		if (ftruncate(store->fd, (off_t)store->size_bytes) != 0)
			store->size_bytes = 0;
		return false;
	}
	store->size_bytes = size;
	return true;
}
