/* SPDX-License-Identifier: MIT */
#include "tool/picture/svg_page.h"

#include <inttypes.h>

#include "tool/picture/svg_text.h"

/* A column of the title's 15 px. */
#define TITLE_COLUMN_PX 9.2

void svg_page_begin(FILE *stream, const struct svg_page *page)
{
	unsigned inner = page->width_px - 2 * SVG_MARGIN_PX;

	fprintf(stream,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pprof\" width=\"%u\" "
		"height=\"%" PRIu64 "\" viewBox=\"0 0 %u %" PRIu64
		"\" preserveAspectRatio=\"xMidYMin\" data-left=\"%d\" "
		"data-top=\"%u\" data-width=\"%u\" data-row=\"%u\" data-column=\"%g\">\n",
		page->width_px, page->height_px, page->width_px, page->height_px, SVG_MARGIN_PX,
		page->top_px, inner, page->row_px, SVG_COLUMN_PX);
	if (!page->is_bare)
		fprintf(stream, "<style><![CDATA[\n%s]]></style>\n", web_picture_css);
	fputs("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n", stream);
	fprintf(stream, "<text class=\"title\" x=\"%d\" y=\"28\">", SVG_MARGIN_PX);
	svg_text(stream, page->title, (size_t)(inner / TITLE_COLUMN_PX));
	fputs("</text>\n", stream);
	fprintf(stream,
		"<rect class=\"tools\" fill=\"none\" x=\"%d\" y=\"42\" width=\"%u\" "
		"height=\"30\"/>\n",
		SVG_MARGIN_PX, inner);
}

void svg_page_end(FILE *stream, const struct svg_page *page, const char *script,
		  const char *function)
{
	if (!page->is_bare)
		fprintf(stream,
			"<script><![CDATA[\n%s%s%s(document.currentScript.closest('svg'));\n"
			"]]></script>\n",
			web_picture_js, script, function);
	fputs("</svg>\n", stream);
}
