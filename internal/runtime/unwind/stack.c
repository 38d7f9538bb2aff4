/* SPDX-License-Identifier: MIT */
/* The walk, and the memo that makes the next one short.
 *
 * Why the memo is exact. What a walk finds beyond a frame depends on three things only: the frame's
 * ip, sp and fp; the rows, which are the same as long as the list of modules is; and the words it
 * reads on the way, the slots. So if a frame has the same ip, sp and fp as one remembered, and its
 * slots hold the same words, then its caller has the same ip, sp and fp as the caller remembered;
 * and so on outward to the root. If a slot differs, everything inside of it is still the same, and
 * the walk goes on from there.
 *
 * A frame pointer that no outer frame asks for before it is restored decides nothing. It is
 * compared only where it does (`needs_fp`): in code without frame pointers the register holds any
 * variable, and differs all the time.
 *
 * What does not only depend on these is not remembered: frames that need a register from the
 * signal's context, that were read outside the thread's own stack (see unwind_memory.h), or that
 * lie in objects not in the list. The memo holds an unbroken run of frames that begins at the
 * root. */
#include "runtime/unwind/stack.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"
#include "runtime/unwind/stack_nodes.h"
#include "runtime/unwind/unwind_step.h"

struct memo_frame {
	uintptr_t ip, sp, fp;
	uint32_t node;
	uint16_t slots; /* of this frame and all outer ones */
	bool needs_fp;
};

/* Nodes that this thread's walks ended in lately: one load where the tree takes several that
 * wait for each other. Only of the list of modules that the memo is good for. */
struct known_child {
	uintptr_t ip;
	uint32_t parent, node;
};

#define CHILD_BITS 8

/* At most one walk of a thread at a time has the memo; one that interrupts it has its own
 * frames. */
enum { LEVEL_MEMO, LEVEL_PLAIN, LEVELS };

/* Mapped, zero at first. The memo's arrays begin at the root, a walk's frames at the leaf. */
struct stack_memo {
	const struct unwind_modules *modules; /* these frames are good for this list ... */
	uintptr_t stack_high;		      /* ... and this stack */
	uint32_t count;			      /* frames */
	bool is_lost;			      /* the root was not reached */
	volatile uintptr_t walker[LEVELS]; /* our frame's address in the walk under way, 0: none */
	struct memo_frame frame[STACK_MAX];
	struct unwind_slot slot[UNWIND_SLOT_COUNT * STACK_MAX];
	struct known_child child[1 << CHILD_BITS];
	struct unwind_frame walked[LEVELS][STACK_MAX + 1];
};

struct walk {
	const struct unwind_modules *modules;
	struct stack_memo *memo;    /* NULL: walk without */
	struct unwind_frame *frame; /* found, from the leaf on */
	size_t count;
	size_t known; /* the frames beyond are the memo's outermost so many */
	enum unwind_status status;
	bool repeatable; /* the end that was reached will be reached again */
	struct unwind_memory memory;
};

size_t stack_memo_size(void)
{
	return sizeof(struct stack_memo);
}

void stack_init(void)
{
	if (rt_rec == NULL)
		return;
	stack_nodes_init();
	unwind_modules_update();
}

void stack_modules_changed(void)
{
	unwind_modules_update();
}

void stack_renew(bool is_quiet)
{
	stack_nodes_init();
	unwind_modules_renew(is_quiet);
}

void stack_memo_forget(struct stack_memo *memo)
{
	if (memo != NULL)
		memo->modules = NULL;
}

struct stack_regs stack_regs_of_signal(const void *ucontext)
{
	return unwind_interrupted(ucontext);
}

static bool is_same_frame(const struct memo_frame *frame, const struct unwind_regs *regs)
{
	return frame->ip == regs->ip && frame->sp == regs->sp &&
	       (frame->fp == regs->fp || !frame->needs_fp);
}

static inline bool holds(const struct unwind_slot *slot)
{
	return unwind_load(slot->at) == slot->value;
}

/* How many of the memo's first `slots` slots there are up to and with the innermost that has
 * changed; 0: none has. Four at a time: the loads do not wait for each other's comparison. */
UNWIND_NO_SANITIZE static size_t find_changed(const struct unwind_slot *slot, size_t slots)
{
	uintptr_t differ;

	for (; slots >= 4; slots -= 4) {
		const struct unwind_slot *four = slot + slots - 4;

		differ = unwind_load(four[3].at) ^ four[3].value;
		differ |= unwind_load(four[2].at) ^ four[2].value;
		differ |= unwind_load(four[1].at) ^ four[1].value;
		differ |= unwind_load(four[0].at) ^ four[0].value;
		if (differ != 0)
			break;
	}
	while (slots > 0 && holds(&slot[slots - 1]))
		slots--;
	return slots;
}

/* Of the memo's outermost `count` frames, how many lie outward of the innermost whose slots
 * changed. All, if none has. */
static size_t count_unchanged(const struct stack_memo *memo, size_t count)
{
	size_t changed = find_changed(memo->slot, memo->frame[count - 1].slots);

	if (changed == 0)
		return count;
	while (count > 1 && memo->frame[count - 2].slots >= changed)
		count--;
	return count - 1;
}

/* The memo's frames beyond a frame with these registers, when the rest of the walk is theirs.
 * `*left` is how many of its outermost frames are still worth comparing. */
static inline bool meets_memo(struct walk *walk, const struct unwind_regs *regs, size_t *left)
{
	const struct stack_memo *memo = walk->memo;
	size_t unchanged;

	while (*left > 0 && memo->frame[*left - 1].sp < regs->sp)
		--*left;
	if (*left == 0 || !is_same_frame(&memo->frame[*left - 1], regs))
		return false;
	unchanged = count_unchanged(memo, *left);
	if (unchanged == *left) {
		walk->known = *left;
		walk->status = memo->is_lost ? UNWIND_LOST : UNWIND_ENDED;
		return true;
	}
	*left = unchanged;
	return false;
}

/* For a first frame whose function is not described: the arch's guesses, only if one leads into a function which is
 * described. */
static bool guess_caller(struct walk *walk, struct unwind_frame *frame, struct unwind_regs *caller)
{
	static const struct unwind_row guesses[] = UNWIND_GUESSES;
	struct unwind_row row;

	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
		frame->row = guesses[i];
		if (unwind_step(&walk->memory, frame, caller) == UNWIND_STEPPED &&
		    unwind_row_of(walk->modules, caller->ip, &row) != UNWIND_UNKNOWN) {
			frame->repeatable = false;
			return true;
		}
	}
	return false;
}

/* A return address that no call left there: the start of a function. So makecontext() begins a
 * coroutine's stack. The frame is that function's then, not the one's that ends before it. */
static bool is_planted(const struct walk *walk, struct unwind_frame *frame)
{
	struct unwind_row row;

	if (unwind_row_of(walk->modules, frame->regs.ip + 1, &row) == UNWIND_UNKNOWN)
		return false;
	frame->regs.ip++;
	return true;
}

/* A frame whose function is not described. */
static enum unwind_status step_unknown(struct walk *walk, struct unwind_frame *frame,
				       struct unwind_regs *caller)
{
	bool is_first = walk->count == 1;

	/* A call's address is one less than the one it returns to. */
	if (unwind_is_trampoline(frame->regs.ip + !is_first)) {
		frame->row = (struct unwind_row){.cfa = UNWIND_CFA_SIGNAL};
		if (unwind_step(&walk->memory, frame, caller) == UNWIND_STEPPED) {
			frame->repeatable = false;
			return UNWIND_STEPPED;
		}
	}
	if (is_first)
		return guess_caller(walk, frame, caller) ? UNWIND_STEPPED : UNWIND_LOST;
	return is_planted(walk, frame) ? UNWIND_ENDED : UNWIND_LOST;
}

static inline enum unwind_status step(struct walk *walk, struct unwind_frame *frame,
				      struct unwind_regs *caller)
{
	enum unwind_source source = unwind_row_of(walk->modules, frame->regs.ip, &frame->row);
	enum unwind_status status;

	walk->repeatable = source == UNWIND_LISTED;
	if (rt_unlikely(source == UNWIND_UNKNOWN))
		return step_unknown(walk, frame, caller);
	status = unwind_step(&walk->memory, frame, caller);
	frame->repeatable = frame->repeatable && source == UNWIND_LISTED;
	if (rt_unlikely(status != UNWIND_STEPPED))
		walk->repeatable = frame->repeatable &&
				   (status == UNWIND_ENDED || frame->row.cfa == UNWIND_CFA_LOST);
	return status;
}

/* From the registers of frame[0] to the root, or to where the memo knows the rest. Each step
 * writes the registers of the next frame in place. */
static void walk_frames(struct walk *walk)
{
	size_t left = walk->memo != NULL ? walk->memo->count : 0;
	struct unwind_frame *frame = walk->frame;

	walk->count = walk->known = 0;
	walk->status = UNWIND_STEPPED;
	for (; walk->count < STACK_MAX && walk->status == UNWIND_STEPPED; frame++) {
		if (left > 0 && meets_memo(walk, &frame->regs, &left))
			return;
		walk->count++;
		walk->status = step(walk, frame, &frame[1].regs);
	}
	if (walk->status == UNWIND_STEPPED) { /* deeper than STACK_MAX */
		walk->status = UNWIND_LOST;
		walk->repeatable = false;
	}
}

static bool row_needs_fp(struct unwind_row row, bool caller_needs_fp)
{
	switch ((enum unwind_cfa)row.cfa) {
	case UNWIND_CFA_FP:
	case UNWIND_CFA_FP_DEREF:
	case UNWIND_CFA_FP_DEREF_PLUS_WORD:
		return true;
	case UNWIND_CFA_END:
	case UNWIND_CFA_LOST:
	case UNWIND_CFA_SIGNAL:
		return false;
	default:
		return caller_needs_fp && (row.fp == UNWIND_FP_SAME || row.fp == UNWIND_FP_FP);
	}
}

/* Add a frame inside of those in the memo. */
static void remember(struct stack_memo *memo, const struct unwind_frame *frame, uint32_t node)
{
	const struct memo_frame *outer = memo->count > 0 ? &memo->frame[memo->count - 1] : NULL;
	bool caller_needs_fp = outer != NULL && outer->needs_fp;
	uint16_t slots = outer != NULL ? outer->slots : 0;

	for (size_t i = 0; i < UNWIND_SLOT_COUNT; i++)
		if (frame->slot[i].at != 0 && (i != UNWIND_SLOT_FP || caller_needs_fp))
			memo->slot[slots++] = frame->slot[i];
	memo->frame[memo->count++] = (struct memo_frame){
		frame->regs.ip, frame->regs.sp, frame->regs.fp,
		node,		slots,		row_needs_fp(frame->row, caller_needs_fp)};
}

/* stack_nodes_child() through the memo, which may be NULL. */
static inline uint32_t child_of(struct stack_memo *memo, uint32_t parent, uintptr_t ip,
				uint32_t epoch)
{
	uint64_t hash = (uint64_t)ip * UINT64_C(0x9e3779b97f4a7c15) +
			(uint64_t)parent * UINT64_C(0xbf58476d1ce4e5b9);
	struct known_child *child;
	uint32_t node;

	if (rt_unlikely(memo == NULL))
		return stack_nodes_child(parent, ip, epoch);
	child = &memo->child[hash >> (64 - CHILD_BITS)];
	if (rt_likely(child->ip == ip && child->parent == parent && child->node != 0))
		return child->node;
	node = stack_nodes_child(parent, ip, epoch);
	if (node != 0)
		*child = (struct known_child){ip, parent, node};
	return node;
}

/* The node of the frames found, below those known; the memo then remembers this walk. */
static uint32_t make_nodes(struct walk *walk)
{
	struct stack_memo *memo = walk->memo;
	bool keep = memo != NULL && (walk->known > 0 || walk->repeatable);
	uint32_t node = 0;

	if (memo != NULL) {
		node = walk->known > 0 ? memo->frame[walk->known - 1].node : 0;
		memo->count = (uint32_t)walk->known;
	}
	if (keep && walk->known == 0)
		memo->is_lost = walk->status == UNWIND_LOST;
	for (size_t i = walk->count; i-- > 0;) {
		node = child_of(memo, node, walk->frame[i].regs.ip, walk->modules->epoch);
		if (rt_unlikely(node == 0))
			return 0;
		keep = keep && walk->frame[i].repeatable;
		if (keep)
			remember(memo, &walk->frame[i], node);
	}
	return node;
}

/* A memo of other modules or of another stack is empty. */
static void check_memo(struct stack_memo *memo, const struct walk *walk,
		       const struct rt_thread *thread)
{
	if (rt_likely(memo->modules == walk->modules && memo->stack_high == thread->stack_high))
		return;
	memo->modules = walk->modules;
	memo->stack_high = thread->stack_high;
	memo->count = 0;
	memset(memo->child, 0, sizeof memo->child);
}

static uint32_t walk_node(struct walk *walk)
{
	walk_frames(walk);
	/* Deeper than STACK_MAX together with what is known: what is to be cut changes with the
	 * depth. */
	if (rt_unlikely(walk->known + walk->count > STACK_MAX)) {
		walk->memo->count = 0;
		walk_frames(walk);
	}
	if (rt_unlikely(walk->status == UNWIND_LOST))
		atomic_fetch_add_explicit(&rt_rec->state.stacks_truncated, 1, memory_order_relaxed);
	return make_nodes(walk);
}

static bool is_on_stack(const struct rt_thread *thread, uintptr_t at)
{
	return at >= thread->stack_low && at < thread->stack_high;
}

static bool is_on_signal_stack(void)
{
	stack_t now = {.ss_flags = SS_ONSTACK};

	syscall(SYS_sigaltstack, NULL, &now);
	return now.ss_flags & SS_ONSTACK;
}

/* Whether the walk whose frame is at `walker` was left by a longjmp out of a signal handler: its
 * frame lies below ours on the same stack. A signal stack may be a local array: there the order
 * of addresses says nothing. */
static bool is_abandoned(const struct rt_thread *thread, uintptr_t walker, uintptr_t ours)
{
	return ours >= walker && is_on_stack(thread, ours) && is_on_stack(thread, walker) &&
	       !is_on_signal_stack();
}

/* Take the first level that is free, or was left for good. LEVELS: none is. */
static unsigned enter(struct stack_memo *memo, const struct rt_thread *thread, uintptr_t ours)
{
	unsigned level;

	for (level = 0; level < LEVELS && memo->walker[level] != 0; level++) {
		if (!is_abandoned(thread, memo->walker[level], ours))
			continue;
		if (level == LEVEL_MEMO)
			memo->modules = NULL; /* it may be half-written: good for no list */
		break;
	}
	if (level < LEVELS)
		memo->walker[level] = ours;
	atomic_signal_fence(memory_order_acq_rel);
	return level;
}

static void leave(struct stack_memo *memo, unsigned level)
{
	atomic_signal_fence(memory_order_acq_rel);
	memo->walker[level] = 0;
}

uint32_t stack_node(struct rt_thread *thread, struct stack_regs regs)
{
	uintptr_t ours = (uintptr_t)__builtin_frame_address(0);
	struct stack_memo *memo = thread->memo;
	struct walk walk;
	unsigned level;
	uint32_t node;

	walk.modules = unwind_modules_now();
	if (rt_unlikely(memo == NULL || rt_rec == NULL || walk.modules == NULL))
		return 0;
	level = enter(memo, thread, ours);
	if (rt_unlikely(level == LEVELS))
		return 0;
	walk.memo = NULL;
	walk.frame = memo->walked[level];
	if (rt_likely(is_on_stack(thread, ours)))
		unwind_memory_init(&walk.memory, ours, thread->stack_high);
	else
		unwind_memory_init(&walk.memory, 0, 0);
	if (level == LEVEL_MEMO) {
		check_memo(memo, &walk, thread);
		walk.memo = memo;
	}
	walk.frame->regs = (struct unwind_regs){regs.pc, regs.sp, regs.fp, regs.lr};
	node = walk_node(&walk);
	leave(memo, level);
	return node;
}

uint32_t stack_node_elsewhere(struct stack_memo *room, struct stack_regs regs, bool *is_whole)
{
	struct walk walk = {.modules = unwind_modules_now(), .frame = room->walked[LEVEL_PLAIN]};

	*is_whole = false;
	if (rt_rec == NULL || walk.modules == NULL)
		return 0;
	unwind_memory_init(&walk.memory, 0, 0);
	walk.frame->regs = (struct unwind_regs){regs.pc, regs.sp, regs.fp, regs.lr};
	walk_frames(&walk);
	*is_whole = walk.status == UNWIND_ENDED;
	return make_nodes(&walk);
}
