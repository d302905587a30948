// SPDX-License-Identifier: MIT
/* What is there at a moment of a capture: replays it up to there. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "view/state.h"
#include "view/state_program.h"

struct state *state_at(const struct call_moment *order,
		       const struct node *until, const struct node *before)
{
	struct state *s = xcalloc(1, sizeof(*s));

	for (ptrdiff_t i = 0; i < arrlen(order); i++) {
		const struct node *n = order[i].call;

		if (n == before)
			break;
		if (order[i].ends) {
			state_call_returns(s, n);
			if (n->kind == NODE_SYSCALL)
				state_learn_syscall(s, n);
		} else {
			state_call_begins(s, n);
			state_learn_fault(s, n);
		}
		if (n == until && (order[i].ends || n->kind == NODE_EVENT))
			break;
	}
	return s;
}

void state_free(struct state *s)
{
	state_free_objects(s);
	state_free_program(s);
	free(s);
}
