/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

int cmd_web(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool_error("web: not built yet");
	return TOOL_FAILED;
}
