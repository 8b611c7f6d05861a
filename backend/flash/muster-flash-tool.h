/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-flash-batch.h"

G_BEGIN_DECLS

/* What a tool is to do with one board. */
typedef struct
{
  const char *program; /* as muster_flash_tool_find() found it */
  const char *port;
  const char *file;
  const char *part;       /* (nullable) */
  const char *programmer; /* (nullable) */
  gint64      address;
} MusterFlashJob;

typedef enum
{
  MUSTER_FLASH_WRITE,
  MUSTER_FLASH_VERIFY,
} MusterFlashStep;

/* The program of TOOL: CONFIGURED (nullable: a path that the site set) or by PATH. (transfer full);
 * NULL with MUSTER_ERROR_UNAVAILABLE, which says what to install or to set. */
char *muster_flash_tool_find (MusterFlashTool tool, const char *configured, GError **error);
/* Whether TOOL needs to be told the part, and what programmer there is. */
gboolean muster_flash_tool_needs_part (MusterFlashTool tool);
gboolean muster_flash_tool_needs_programmer (MusterFlashTool tool);
/* Whether BATCH, a record with `tool`, `part` and `programmer`, tells its tool what it needs. */
void muster_flash_tool_check_words (MusterEntity *batch, MusterFieldErrors *errors);
/* Characters of a port. */
#define MUSTER_FLASH_PORT_MAX 200
/* Whether PORT is what a tool takes for a port alone: of 1 to MUSTER_FLASH_PORT_MAX characters, no
 * option, nothing of OpenOCD's language, and no address but `rfc2217://` and `socket://`: esptool
 * knows others that write files. */
gboolean muster_flash_tool_is_port (const char *port);
/* The command line of STEP; NULL: the tool does it within the step before. (transfer full) */
char **muster_flash_tool_make_command (MusterFlashTool       tool,
                                       const MusterFlashJob *job,
                                       MusterFlashStep       step);
/* The last percentage that TEXT, a piece of what a tool said, tells; -1: none. */
int muster_flash_tool_read_progress (const char *text);
/* The line of LOG (nullable) that says best why a tool failed: the last with an error in it, else
 * the last. (transfer full) (nullable) */
char *muster_flash_tool_find_reason (const char *log);

G_END_DECLS
