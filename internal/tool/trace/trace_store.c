/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
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
enum { RESERVE_BYTES = 1 << 20, PAGE_BYTES = 4096 };

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

/* Can the file system punch holes? */
static bool takes_back(int fd)
{
	return ftruncate(fd, PAGE_BYTES) == 0 &&
	       fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE_BYTES) == 0 &&
	       ftruncate(fd, 0) == 0;
}

bool trace_store_open_flight(struct trace_store *store, const char *folder)
{
	if (!trace_store_open(store, folder, UINT64_MAX))
		return false;
	if (takes_back(store->fd))
		return true;
	close(store->fd);
	store->fd = memfd_create("pprofmk-flight", MFD_CLOEXEC);
	if (store->fd < 0)
		trace_store_make_room(store);
	return store->fd >= 0;
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
	if (size - store->first > store->limit_bytes) {
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

static uint64_t page_of(uint64_t at)
{
	return at / PAGE_BYTES * PAGE_BYTES;
}

void trace_store_drop(struct trace_store *store, uint64_t to)
{
	uint64_t from = page_of(store->first);

	store->first = to;
	if (page_of(to) > from && fallocate(store->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
					    (off_t)from, (off_t)(page_of(to) - from)) != 0)
		return;
	if (store->error == ENOSPC)
		store->error = 0;
}

const void *trace_store_map(const struct trace_store *store, size_t *size_bytes)
{
	uint64_t from = page_of(store->first);
	const uint8_t *blocks;

	*size_bytes = 0;
	if (store->size_bytes == store->first)
		return NULL;
	blocks =
		mmap(NULL, store->size_bytes - from, PROT_READ, MAP_SHARED, store->fd, (off_t)from);
	if (blocks == MAP_FAILED)
		return NULL;
	*size_bytes = store->size_bytes - store->first;
	return blocks + (store->first - from);
}

void trace_store_unmap(const struct trace_store *store, const void *blocks)
{
	uint64_t from = page_of(store->first);

	if (blocks != NULL)
		munmap((void *)((const uint8_t *)blocks - (store->first - from)),
		       store->size_bytes - from);
}
