/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* PORT for a person: the board's own name where the path has it ("Arduino Uno 95735"), else the
 * path without its folder: (transfer full). */
char *muster_port_dup_name (const char *port);

/* What a person knows a board by, a unit of a batch or a run of a plan: its serial number, else the
 * port that it is on ("Board on ttyUSB0"): (transfer full). */
char *muster_board_dup_name (MusterEntity *record);

/* What the tools said, as a terminal would show it: a line that was written over and over has its
 * last words alone. LENGTH -1: TEXT ends with a nul. (transfer full), always UTF-8. */
char *muster_flash_tidy_log (const char *text, gssize length);

/* "65536", "0x10000" or nothing at all, which is 0. FALSE: TEXT is no address. */
gboolean muster_flash_read_address (const char *text, gint64 *address);

/* The tool that usually writes files of FORMAT, a MusterArtifactFormat, as a MusterFlashTool. */
int muster_flash_suggest_tool (int format);

/* Of the button that begins it: "_Flash 4 Boards". (transfer full) */
char *muster_flash_describe_button (unsigned n_boards);

G_END_DECLS
