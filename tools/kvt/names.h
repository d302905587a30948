/* SPDX-License-Identifier: MIT */
/* Names of numbers, from the UAPI headers; NULL for an unknown number. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

const char *syscall_name(long number);
const char *cap_name(unsigned long number);
/* ON_VCPU: the ioctl was made on a vCPU's descriptor. */
const char *ioctl_name(unsigned int request, bool on_vcpu);

#endif
