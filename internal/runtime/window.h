/* SPDX-License-Identifier: MIT */
/* The window: the time in which recorders note what happens. The body of the wanted test, or in a benchmark its loops. */
#ifndef PPROFMK_RUNTIME_WINDOW_H
#define PPROFMK_RUNTIME_WINDOW_H

/* Open a new window. Context: of all four, one thread at a time, not a signal handler. */
void window_open(void);

/* Close it; nothing when it is closed already. Also called where an assertion has left the body by longjmp, or the body
 * was never entered. */
void window_close(void);

/* Leave a part of it out. window_resume opens a window where none is. */
void window_pause(void);
void window_resume(void);

#endif
