/* SPDX-License-Identifier: MIT */
/* Where distributions and objcopy put debug information that is not in the program: see "Separate Debug Files" in
 * GDB's manual. */
#include <elfutils/libdwelf.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/xalloc.h"
#include "tool/sym/sym_file.h"

static struct sym_file *open_by_build_id(const char *root, const uint8_t *id, size_t len)
{
	struct sym_file *file;
	char *hex, *path;

	if (len < 2 || len > 64)
		return NULL;
	hex = xmalloc(2 * len + 1);
	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = "0123456789abcdef"[id[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[id[i] & 15];
	}
	hex[2 * len] = '\0';
	path = xasprintf("%s/.build-id/%.2s/%s.debug", root, hex, hex + 2);
	file = sym_file_open(path);
	free(path);
	free(hex);
	if (file && !sym_file_has_build_id(file, id, len)) {
		sym_file_close(file);
		return NULL;
	}
	return file;
}

/* The checksum that .gnu_debuglink holds is zlib's, over the whole debug file. */
static bool has_checksum(const struct sym_file *file, GElf_Word expected)
{
	size_t size_bytes;
	const char *bytes = elf_rawfile(file->elf, &size_bytes);

	return bytes && crc32_z(0, (const unsigned char *)bytes, size_bytes) == expected;
}

/* The build ids decide, because that needs no reading of perhaps a gigabyte. */
static bool belongs(const struct sym_file *file, const struct sym_file *debug, GElf_Word checksum)
{
	const uint8_t *id, *debug_id;
	size_t len = sym_file_build_id(file, &id);

	if (len != 0 && sym_file_build_id(debug, &debug_id) != 0)
		return sym_file_has_build_id(debug, id, len);
	return has_checksum(debug, checksum);
}

/* Takes `path`, which is freed. */
static struct sym_file *open_candidate(const struct sym_file *file, char *path, GElf_Word checksum)
{
	struct sym_file *debug = sym_file_open(path);

	free(path);
	if (!debug)
		return NULL;
	if (strcmp(debug->path, file->path) != 0 && belongs(file, debug, checksum))
		return debug;
	sym_file_close(debug);
	return NULL;
}

static struct sym_file *open_by_link(const struct sym_file *file, const char *root)
{
	const char *slash = strrchr(file->path, '/');
	struct sym_file *debug;
	const char *name;
	GElf_Word checksum;
	char *folder;

	name = dwelf_elf_gnu_debuglink(file->elf, &checksum);
	if (!name || !slash || strchr(name, '/'))
		return NULL;
	folder = xasprintf("%.*s", (int)(slash - file->path), file->path);
	debug = open_candidate(file, xasprintf("%s/%s", folder, name), checksum);
	if (!debug)
		debug = open_candidate(file, xasprintf("%s/.debug/%s", folder, name), checksum);
	if (!debug)
		debug = open_candidate(file, xasprintf("%s%s/%s", root, folder, name), checksum);
	free(folder);
	return debug;
}

struct sym_file *sym_file_open_debug(const struct sym_file *file, const char *root)
{
	struct sym_file *debug = NULL;
	const uint8_t *id;
	size_t len = sym_file_build_id(file, &id);

	if (len != 0)
		debug = open_by_build_id(root, id, len);
	return debug ? debug : open_by_link(file, root);
}

struct sym_file *sym_file_open_alternate(const struct sym_file *file, const char *root,
					 const char *name, const uint8_t *id, size_t id_len)
{
	const char *slash = strrchr(file->path, '/');
	struct sym_file *alternate;
	char *path;

	if (name[0] == '/' || !slash)
		path = xstrdup(name);
	else
		path = xasprintf("%.*s/%s", (int)(slash - file->path), file->path, name);
	alternate = sym_file_open(path);
	free(path);
	if (alternate && !sym_file_has_build_id(alternate, id, id_len)) {
		sym_file_close(alternate);
		alternate = NULL;
	}
	return alternate ? alternate : open_by_build_id(root, id, id_len);
}
