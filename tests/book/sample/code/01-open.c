/* [headers] */
/*
 * Opens the door of KVM and asks which version
 * of the interface stands behind it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* [/headers] */
/* [advice] */
/* Why the device did not open, in words that lead on. */
static const char *advice(int error)
{
	switch (error) {
	case ENOENT:
		return "this kernel has no KVM, or the machine no EL2";
	case EACCES:
		return "you may not: join the group kvm";
	default:
		return "see errno(3)";
	}
}

/* [/advice] */
/* [main] */
int main(void)
{
	/* [open] */
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		err(1, "/dev/kvm: %s", advice(errno));
	/* [/open] */
	/* [version] */
	int version = ioctl(kvm, KVM_GET_API_VERSION, 0);

	if (version != KVM_API_VERSION)
		errx(1, "KVM speaks version %d", version);
	printf("KVM API version %d\n", version);
	/* [/version] */
	return 0;
}
/* [/main] */
