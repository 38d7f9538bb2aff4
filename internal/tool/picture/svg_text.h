/* SPDX-License-Identifier: MIT */
/* Names of profiles as text in an SVG. They may hold anything. */
#ifndef PPROFMK_TOOL_SVG_TEXT_H
#define PPROFMK_TOOL_SVG_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* What one column is counted as at a font size of 12 px: the widest of common monospace fonts (DejaVu Sans Mono, Menlo) has 0.602
 * of it. */
#define SVG_COLUMN_PX 7.3

/* A text that XML may hold and that takes at most so many columns: what is no UTF-8, no character of XML, a control
 * character, or changes the direction of text, is replaced by U+FFFD; one that is cut ends in "…". "" when not even that
 * fits. The caller frees it. */
char *svg_clean(const char *text, size_t columns);

/* Write a text as XML's character data and attribute values have it; svg_clean() has made it. */
void svg_escape(FILE *stream, const char *clean);

/* Both. */
void svg_text(FILE *stream, const char *text, size_t columns);

#endif
