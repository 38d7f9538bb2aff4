/* SPDX-License-Identifier: MIT */
/* What can be asked for, by its path. */
#include <string.h>

#include "tool/show/show_answer.h"

struct question_kind {
	const char *path;
	struct show_answer (*answer)(const struct show_question *question);
};

static const struct question_kind questions[] = {
	{"/api/1/info", show_info},	    {"/api/1/threads", show_threads},
	{"/api/1/rows", show_rows},	    {"/api/1/item", show_item},
	{"/api/1/events", show_events},	    {"/api/1/sums", show_sums},
	{"/api/1/find", show_find},	    {"/api/1/stat", show_stat},
	{"/api/1/locks", show_locks},	    {"/api/1/path", show_path},
	{"/api/1/regions", show_regions},   {"/api/1/tasks", show_tasks},
	{"/api/1/task", show_task},	    {"/api/1/log", show_log},
	{"/api/1/profile", show_profile},   {"/api/1/picture", show_picture},
	{"/api/1/perfetto", show_perfetto},
};

struct show_answer show_answer(const struct show_question *question, const char *path)
{
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(path, questions[i].path) == 0)
			return questions[i].answer(question);
	return show_error(404, "there is no %.100s; / is where it begins", path);
}
