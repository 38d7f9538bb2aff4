/* SPDX-License-Identifier: MIT */
/* This folder's files, as they go into pages and pictures: scripts/embed.sh makes them a source. Texts with a NUL behind. */
#ifndef PPROFMK_WEB_ASSETS_H
#define PPROFMK_WEB_ASSETS_H

extern const char web_flame_js[];
extern const char web_graph_js[];
extern const char web_picture_css[];
extern const char web_picture_js[];

#endif
