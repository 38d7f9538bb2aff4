/* SPDX-License-Identifier: MIT */
/* Standard output and error sent nowhere for a while: a repeated test prints once. */
#ifndef PPROFMK_RUNTIME_MUTE_H
#define PPROFMK_RUNTIME_MUTE_H

struct mute {
	int saved
		[2]; /* copies of descriptors 1 and 2, high up where no test expects one; -1: none */
};

#define MUTE_NONE              \
	{                      \
		{              \
			-1, -1 \
		}              \
	}

/* Flush stdio and turn both descriptors to /dev/null. On failure they stay as they are. */
void mute_begin(struct mute *mute);

/* Undo it; what stdio still holds is lost, as the rest of the repeated runs' output. */
void mute_end(struct mute *mute);

#endif
