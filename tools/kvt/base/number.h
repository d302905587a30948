/* SPDX-License-Identifier: MIT */
/* Numbers on the command line. */
#ifndef KVT_NUMBER_H
#define KVT_NUMBER_H

/* A command-line number within [low, high], or a usage error. */
long parse_number(const char *option, const char *text, long low, long high);

#endif
