/* SPDX-License-Identifier: MIT */
/* What pictures have around what they show. */
#ifndef PPROFMK_TOOL_SVG_PAGE_H
#define PPROFMK_TOOL_SVG_PAGE_H

#include <stdint.h>
#include <stdio.h>

#include "web/assets.h"

#define SVG_MARGIN_PX 10

/* A profile as it is drawn. */
struct svg_profile {
	const char *title; /* may hold anything */
	const char *type;  /* the sample type shown: "alloc_space" */
	const char *unit;  /* of its values: "bytes" */
	unsigned width_px;
};

struct svg_page {
	const char *title; /* may hold anything */
	unsigned width_px;
	uint64_t height_px;
	unsigned top_px; /* of the boxes, for the script */
	unsigned row_px; /* from one to that below */
};

/* Open the svg element: colours, title, and room for the script's tools. */
void svg_page_begin(FILE *stream, const struct svg_page *page);

/* Add a script, after web_picture_js, and close the element. */
void svg_page_end(FILE *stream, const char *script);

#endif
