/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

int cmd_top(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool_error("top: not built yet");
	return TOOL_FAILED;
}
