/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

int cmd_test(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool_error("test: not built yet");
	return TOOL_FAILED;
}
