/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

int cmd_doctor(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool_error("doctor: not built yet");
	return TOOL_FAILED;
}
