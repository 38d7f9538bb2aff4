/* SPDX-License-Identifier: MIT */
#include "tool/live/push_retry.h"

#include <stdbool.h>

#define FIRST_MS UINT64_C(500)

static bool is_worth_it(const struct http_answer *answer)
{
	switch (answer->outcome) {
	case HTTP_REFUSED:
	case HTTP_NO_HOST:
	case HTTP_CUT_OFF:
		return true;
	case HTTP_ANSWERED:
		return answer->status == 429 ||
		       (answer->status / 100 == 5 && answer->status != 501);
	default:
		return false;
	}
}

uint64_t push_retry_wait_ms(const struct http_answer *answer, unsigned tries, uint64_t waited_ms,
			    unsigned dice)
{
	uint64_t longest_ms, wait_ms;

	if (tries >= PUSH_TRIES || !is_worth_it(answer))
		return 0;
	longest_ms = FIRST_MS << (tries - 1);
	wait_ms = longest_ms - dice % (longest_ms / 2 + 1);
	if (answer->retry_after_s > PUSH_WAIT_ALL_MS / 1000)
		return 0;
	if (wait_ms < answer->retry_after_s * 1000)
		wait_ms = answer->retry_after_s * 1000;
	return waited_ms + wait_ms <= PUSH_WAIT_ALL_MS ? wait_ms : 0;
}
