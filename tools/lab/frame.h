/*
 * What the host (labrun) and the guest (init) say to each other over the
 * virtio-serial port: frames, each a header and a payload.  Both sides are
 * little-endian.
 */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include <stdint.h>

enum frame_type {
	/* host to guest */
	FRAME_STDIN = 1,	/* bytes for the program; none: end of file.
				 * The next may come after FRAME_TAKEN. */
	FRAME_WINDOW,		/* struct winsize of the host's terminal */
	/* guest to host */
	FRAME_STDOUT,
	FRAME_STDERR,
	FRAME_FILE,		/* a file of /out begins: uint32_t mode, name */
	FRAME_DATA,		/* bytes of it */
	FRAME_FILE_END,
	FRAME_WARNING,		/* text for the user, the run goes on */
	FRAME_ERROR,		/* text for the user, the lab failed */
	FRAME_EXIT,		/* uint32_t: the program's wait status */
	FRAME_TAKEN,		/* the program has taken all of the last FRAME_STDIN */
	/* host to guest */
	FRAME_TIME_OVER,	/* the program is to end; the second time, at once */
};

struct frame {
	uint32_t type;
	uint32_t length;
};

#define FRAME_MAX 32768		/* longest payload */
#define PORT_DEVICE "/dev/vport0p1"
#define CONFIG_FILE "/lab.conf"	/* "key=value", each ended by a NUL */
#define HIDDEN_OUT 3		/* the program's descriptor of a hidden /out */

#endif
