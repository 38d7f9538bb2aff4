/* SPDX-License-Identifier: MIT */
/* What libpprofmk-http.so asks of `pprofmk answer`, and how it is answered.
 *
 * Over a socket of whole messages (SOCK_SEQPACKET), standard input of the process that answers: a question with descriptors
 * (SCM_RIGHTS), then its reply with one, or none where it failed. One question at a time. Both sides come from one build, and
 * check that they do. The process ends when the socket does. */
#ifndef PPROFMK_FORMAT_ANSWER_H
#define PPROFMK_FORMAT_ANSWER_H

#include <stdint.h>

#include "format/recording.h"

/* "pprfasw" and a number that grows with each change here; a recording's version comes with it. */
#define ANSWER_MAGIC ((UINT64_C(0x7770736661727070) << 8 | 1) ^ ((uint64_t)REC_VERSION << 32))

/* id, name as in the path */
#define ANSWER_KINDS(X)                 \
	X(PROFILE, "profile")           \
	X(HEAP, "heap")                 \
	X(ALLOCS, "allocs")             \
	X(BLOCK, "block")               \
	X(MUTEX, "mutex")               \
	X(GOROUTINE, "goroutine")       \
	X(THREADCREATE, "threadcreate") \
	X(TRACE, "trace")               \
	X(SYMBOL, "symbol")

enum answer_kind {
#define X(id, name) ANSWER_##id,
	ANSWER_KINDS(X)
#undef X
		ANSWER_KIND_COUNT
};

enum answer_form {
	ANSWER_PROTO,	   /* gzipped profile.proto; a trace; symbols as Go prints them */
	ANSWER_TEXT,	   /* Go's debug=1 */
	ANSWER_DUMP,	   /* threads one by one, debug=2 */
	ANSWER_GPERFTOOLS, /* what gperftools' own pprof reads */
	ANSWER_FORM_COUNT
};

/* Descriptors of a question: a snapshot; then, for a difference, the one before it, or for ANSWER_SYMBOL a text of addresses,
 * "0x12ab+0x34". */
enum { ANSWER_FDS_MAX = 2 };

struct answer_question {
	uint64_t magic;
	uint32_t size_bytes; /* of this struct */
	uint32_t kind;	     /* enum answer_kind */
	uint32_t form;	     /* enum answer_form */
	uint32_t fd_count;
};

struct answer_reply {
	uint64_t magic;
	uint32_t size_bytes; /* of this struct */
	int32_t error;	     /* 0: the answer is in the descriptor, from its beginning; -errno */
	char message[240];   /* why it failed, a sentence */
};

#endif
