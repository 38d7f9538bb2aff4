/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tool/doctor.h"
#include "tool/options.h"
#include "tool/program.h"
#include "tool/tool.h"

static const char *const grades[] = {
	[FINDING_OK] = "ok", [FINDING_WARNING] = "note", [FINDING_BAD] = "BAD"};

static bool report(const char *subject, struct finding found)
{
	printf("%-4s  %-12s %s\n", grades[found.grade], subject, found.fact);
	if (found.cure[0] != '\0')
		printf("      %-12s -> %s\n", "", found.cure);
	return found.grade != FINDING_BAD;
}

static bool report_program(const char *path)
{
	bool is_good;

	printf("%s\n", path);
	is_good = report("program", doctor_program(path));
	if (program_is_usable(program_kind(path)) && program_kind(path) != PROGRAM_SCRIPT)
		report("gperftools", doctor_gperftools(path));
	return is_good;
}

static bool report_word(const char *word)
{
	bool is_good = true;
	glob_t found;

	if (glob(word, GLOB_NOCHECK | GLOB_NOESCAPE, NULL, &found) != 0)
		return report_program(word);
	for (size_t i = 0; i < found.gl_pathc; i++)
		is_good &= report_program(found.gl_pathv[i]);
	globfree(&found);
	return is_good;
}

int cmd_doctor(int argc, char **argv)
{
	struct options options;
	bool is_good = true;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	for (size_t i = 0; i < doctor_check_count; i++)
		is_good &= report(doctor_checks[i].subject, doctor_checks[i].look());
	for (size_t i = 0; i < options.item_count; i++)
		is_good &= report_word(options.items[i].value);
	options_free(&options);
	return is_good ? TOOL_OK : TOOL_FAILED;
}
