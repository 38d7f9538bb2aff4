/* SPDX-License-Identifier: MIT */
/* index.html: one file that opens from disk. Data are in elements that are no scripts, scripts and colours are named in the
 * page's content security policy by their hashes: nothing else runs, nothing is fetched. Names become text in the scripts,
 * never markup. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/report/report.h"
#include "web/assets.h"

static const struct asset {
	const char *text, *hash;
} scripts[] =
	{
		{web_picture_js, web_picture_js_hash},
		{web_flame_js, web_flame_js_hash},
		{web_graph_js, web_graph_js_hash},
		{web_report_js, web_report_js_hash},
		{web_report_table_js, web_report_table_js_hash},
		{web_report_profile_js, web_report_profile_js_hash},
		{web_report_bench_js, web_report_bench_js_hash},
		{web_report_trace_js, web_report_trace_js_hash},
		{web_report_main_js, web_report_main_js_hash},
},
  styles[] = {
	  {web_picture_css, web_picture_css_hash},
	  {web_states_css, web_states_css_hash},
	  {web_report_css, web_report_css_hash},
};

enum { SCRIPTS = sizeof(scripts) / sizeof(*scripts), STYLES = sizeof(styles) / sizeof(*styles) };

static void put_sources(FILE *stream, const char *directive, const struct asset *assets,
			size_t count)
{
	fputs(directive, stream);
	for (size_t i = 0; i < count; i++)
		fprintf(stream, " '%s'", assets[i].hash);
}

static void put_head(FILE *stream)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'",
	      stream);
	put_sources(stream, "; script-src", scripts, SCRIPTS);
	put_sources(stream, "; style-src", styles, STYLES);
	fputs("; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<title>Tests and profiles</title>\n",
	      stream);
	for (size_t i = 0; i < STYLES; i++)
		fprintf(stream, "<style>%s</style>\n", styles[i].text);
	fputs("</head>\n<body>\n<noscript>This page needs its own script; summary.md and junit.xml "
	      "beside it do not.</noscript>\n",
	      stream);
}

/* JSON in a script element ends at "</script", and "<!--" changes where it ends: no "<" is left. */
static void put_json(FILE *stream, const char *id, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (!text)
		xalloc_failed();
	fprintf(stream, "<script type=\"application/json\" id=\"%s\">", id);
	for (const char *p = text; *p; p++) {
		if (*p == '<')
			fputs("\\u003c", stream);
		else
			putc(*p, stream);
	}
	fputs("</script>\n", stream);
	free(text);
}

static void put_profiles(FILE *stream, struct report_profiles *profiles)
{
	json_t *names = report_names_end(&profiles->names);
	json_t *value =
		json_pack("{s:O, s:o, s:I, s:I, s:b}", "list", profiles->list, "names", names,
			  "graphs_left_out", (json_int_t)profiles->graphs_left_out, "graphs_failed",
			  (json_int_t)profiles->graphs_failed, "has_no_dot", profiles->has_no_dot);

	put_json(stream, "profiles", value);
	json_decref(value);
	for (size_t i = 0; i < profiles->blob_count; i++)
		fprintf(stream, "<script type=\"text/plain\" id=\"blob%zu\">%s</script>\n", i,
			profiles->blobs[i]);
}

char *report_page(struct report *report, const json_t *index, size_t *size)
{
	char *bytes = NULL;
	FILE *stream = open_memstream(&bytes, size);

	if (!stream)
		xalloc_failed();
	put_head(stream);
	put_json(stream, "index", index);
	put_profiles(stream, &report->profiles);
	put_json(stream, "traces", report->traces);
	for (size_t i = 0; i < SCRIPTS; i++)
		fprintf(stream, "<script>%s</script>\n", scripts[i].text);
	fputs("</body>\n</html>\n", stream);
	if (fclose(stream) != 0)
		xalloc_failed();
	return bytes;
}
