/* SPDX-License-Identifier: MIT */
/* This folder's files, as they go into pages and pictures: scripts/embed.sh makes them a source. Texts with a NUL behind, and
 * what a page's content security policy calls each: "sha256-...". */
#ifndef PPROFMK_WEB_ASSETS_H
#define PPROFMK_WEB_ASSETS_H

#define WEB_ASSET(name)                 \
	extern const char web_##name[]; \
	extern const char web_##name##_hash[];

WEB_ASSET(flame_js)
WEB_ASSET(graph_js)
WEB_ASSET(picture_css)
WEB_ASSET(picture_js)
WEB_ASSET(report_css)
WEB_ASSET(report_js)
WEB_ASSET(report_bench_js)
WEB_ASSET(report_main_js)
WEB_ASSET(report_profile_js)
WEB_ASSET(report_table_js)
WEB_ASSET(report_trace_js)
WEB_ASSET(states_css)
WEB_ASSET(show_html)
WEB_ASSET(show_css)
WEB_ASSET(show_js)
WEB_ASSET(show_arrows_js)
WEB_ASSET(show_data_js)
WEB_ASSET(show_details_js)
WEB_ASSET(show_dom_js)
WEB_ASSET(show_draw_js)
WEB_ASSET(show_pages_js)
WEB_ASSET(show_palette_js)
WEB_ASSET(show_state_js)
WEB_ASSET(show_timeline_js)
WEB_ASSET(show_views_js)
WEB_ASSET(show_analysis_js)
WEB_ASSET(show_findings_js)
WEB_ASSET(show_profiles_js)
WEB_ASSET(show_user_js)
WEB_ASSET(show_waits_js)

#endif
