/* SPDX-License-Identifier: MIT */
/* The subcommands; each returns an exit code (base/die.h). */
#ifndef KVT_COMMANDS_H
#define KVT_COMMANDS_H

int cmd_facts(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_html(int argc, char **argv);
int cmd_lanes(int argc, char **argv);
int cmd_lines(int argc, char **argv);
int cmd_object(int argc, char **argv);
int cmd_state(int argc, char **argv);
int cmd_where(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_strip(int argc, char **argv);
int cmd_turns(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_walk(int argc, char **argv);
int cmd_called(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_cover(int argc, char **argv);
int cmd_gaps(int argc, char **argv);
int cmd_index(int argc, char **argv);

#endif
