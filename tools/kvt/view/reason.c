// SPDX-License-Identifier: MIT
/* Why the guest was left, and why the program got control back. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "capture/capture.h"
#include "view/reason.h"

/* By how their labels begin. */
static const struct {
	const char *kind, *begin[8];
} reasons[] = {
	{ "memory", { "DABT", "IABT", "MMIO", "MEMORY_FAULT", "ARM_NISV",
		      "PC_ALIGN", "SP_ALIGN", "MOPS" } },
	{ "call", { "HVC", "SMC", "SVC", "HYPERCALL", "ERET" } },
	{ "wait", { "WFx", "SYSTEM_EVENT", "SHUTDOWN" } },
	{ "interrupt", { "IRQ", "INTR", "SERROR", "EL1_SERROR" } },
	{ "debug", { "SOFTSTP", "BREAKPT", "WATCHPT", "BRK", "BKPT",
		     "DEBUG" } },
	{ "register", { "SYS", "CP1", "FP_", "SVE", "SME", "PAC" } },
};

bool is_guest_event(const struct node *n)
{
	return n->kind == NODE_EVENT &&
	       (!strcmp(n->name, "kvm_entry") || !strcmp(n->name, "kvm_exit") ||
		!strcmp(n->name, "kvm_userspace_exit"));
}

const char *argument_of(const struct node *n, const char *name, size_t *length)
{
	size_t size = strlen(name);

	for (const char *s = n->args; *s; s += strcspn(s, " "), s += *s == ' ')
		if (!strncmp(s, name, size) && s[size] == '=') {
			s += size + 1;
			*length = strcspn(s, ",");
			return s;
		}
	return NULL;
}

/* "DABT" of "DABT_LOW", "HVC" of "HVC64": from which level, and how wide, is
 * not why. */
static size_t without_level(const char *class, size_t length)
{
	static const char *const ends[] = {
		"_LOW", "_CUR", "_64", "_32", "64", "32",
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t size = strlen(ends[i]);

		if (length > size &&
		    !memcmp(class + length - size, ends[i], size))
			return length - size;
	}
	return length;
}

char *exit_label(const struct node *exit)
{
	size_t length = 0, size = 0;
	const char *ret = argument_of(exit, "ret", &length);
	const char *class = argument_of(exit, "esr_ec", &size);
	bool trap = length == 4 && !memcmp(ret, "TRAP", 4);

	if (trap && class)
		return xasprintf("%.*s", (int)without_level(class, size),
				 class);
	return xasprintf("%.*s", (int)length, ret ?: "");
}

char *return_label(const struct node *userspace_exit)
{
	static const char prefix[] = "KVM_EXIT_";
	size_t length = 0, skip = sizeof(prefix) - 1;
	const char *reason = argument_of(userspace_exit, "reason", &length);

	if (length <= skip || memcmp(reason, prefix, skip))
		skip = 0;
	return xasprintf("%.*s", (int)(length - skip),
			 reason ? reason + skip : "");
}

const char *reason_kind(const char *label)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		for (int k = 0; k < 8 && reasons[i].begin[k]; k++)
			if (!strncmp(label, reasons[i].begin[k],
				     strlen(reasons[i].begin[k])))
				return reasons[i].kind;
	return "other";
}
