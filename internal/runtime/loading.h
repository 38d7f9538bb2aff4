/* SPDX-License-Identifier: MIT */
/* Objects that come and go while the program runs: the wrappers of dlopen and dlclose. */
#ifndef PPROFMK_RUNTIME_LOADING_H
#define PPROFMK_RUNTIME_LOADING_H

/* Note objects that were loaded since the last call, if any may have been. Context: not a signal handler. */
void loading_catch_up(void);

/* The same, whether or not we have seen a dlopen: the C library loads objects of its own (libgcc_s for cancellation, name
 * services). */
void loading_note_all(void);

#endif
