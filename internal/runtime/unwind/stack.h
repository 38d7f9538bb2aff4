/* SPDX-License-Identifier: MIT */
/* Call stacks of the own process: from registers to a node of the recording's tree.
 *
 * Frames are found from the call frame information (.eh_frame) of the loaded objects, so that code built with
 * -fomit-frame-pointer works, and only ever by reading the thread's own stack. Rows of that information are
 * decoded once for each code address and kept in a table without locks; see unwind.h.
 *
 * Why not libunwind, whose unw_backtrace does the same in 109 ns for 15 frames: the stack is the largest part of
 * what an exact memory profile costs, and nearly always the same as the last one but for its leaves. A walk that
 * compares with the last one (struct stack_memo) costs a load and a compare a frame, and needs no lookup in the
 * tree of stacks. */
#ifndef PPROFMK_RUNTIME_STACK_H
#define PPROFMK_RUNTIME_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/unwind/stack_arch.h"

/* Frames deeper than this are cut at the root's side and counted in state.stacks_truncated. */
#define STACK_MAX 1024

/* From a signal handler's third argument: the interrupted code's registers. */
struct stack_regs stack_regs_of_signal(const void *ucontext);

/* Start: read the list of loaded objects. Once, before any other function here. */
void stack_init(void);

/* After dlopen or dlclose: read the list again, note new mappings in the recording, close those that are gone
 * (then also state.epoch is one more and rows of the old code are forgotten). Context: not a signal handler. */
void stack_modules_changed(void);

/* The same for a new recording: its table of nodes is empty. Every thread has to call stack_memo_forget() before its next
 * walk.
 *
 * is_quiet  no walk is under way. Context: as above. */
void stack_renew(bool is_quiet);

struct stack_memo;
struct rt_thread;

size_t stack_memo_size(void); /* bytes to map, zeroed, for rt_thread.memo */
void stack_memo_forget(
	struct stack_memo *memo); /* NULL: nothing. Context: its own thread, no walk */

/* The stack that begins at `regs`, as a node of the recording (REC_NODES). 0 when no node could be made.
 * Context: the thread itself, any context including signal handlers: a handler that interrupts a walk of the same
 * thread walks without the memo. Takes no lock, calls nothing that does. */
uint32_t stack_node(struct rt_thread *thread, struct stack_regs regs);

/* The stack of another thread, of which nothing is trusted: its words are copied by the kernel, and the thread should not run
 * meanwhile.
 *
 * room      a memo of the caller's own, for the frames.
 * regs      fp and lr may be unknown, 0: then the walk ends where they are needed.
 * is_whole  set to whether it has come to the root.
 *
 * Context: a thread of ours. */
uint32_t stack_node_elsewhere(struct stack_memo *room, struct stack_regs regs, bool *is_whole);

#endif
