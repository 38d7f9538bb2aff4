/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

int cmd_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool_error("list: not built yet");
	return TOOL_FAILED;
}
