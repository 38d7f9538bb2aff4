/* SPDX-License-Identifier: MIT */
/* What pictures have around what they show. */
#ifndef PPROFMK_TOOL_SVG_PAGE_H
#define PPROFMK_TOOL_SVG_PAGE_H

#include <stdbool.h>
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
	bool is_bare; /* to be part of a page that has colours and scripts */
};

struct svg_page {
	const char *title; /* may hold anything */
	unsigned width_px;
	uint64_t height_px;
	unsigned top_px; /* of the boxes, for the script */
	unsigned row_px; /* from one to that below */
	bool is_bare;	 /* no colours, no script */
};

/* Open the svg element: colours, title, and room for the script's tools. */
void svg_page_begin(FILE *stream, const struct svg_page *page);

/* Add a script, after web_picture_js, and a call of its function for the element, and close it.
 *
 * function  "pprofFlame". */
void svg_page_end(FILE *stream, const struct svg_page *page, const char *script,
		  const char *function);

#endif
