/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* PERCENT: of the step that the program is at. */
typedef void (*MusterFlashProgress) (int percent, gpointer user_data);

typedef struct
{
  const char *const  *command; /* NULL-terminated, the program first */
  const char         *log;     /* path of the file that what it says is added to (nullable) */
  GBytes             *input;   /* what it reads (nullable: nothing) */
  unsigned            timeout; /* seconds; then it is killed */
  MusterFlashProgress progress;
  gpointer            user_data; /* must stay until the call returns */
} MusterFlashChild;

/* Runs the program to its end, which comes at the latest with the daemon's. In a fiber. CANCELLABLE
 * kills it. FALSE with G_IO_ERROR_CANCELLED, or MUSTER_ERROR_TIMED_OUT, _UNAVAILABLE (it cannot be
 * started), _FAILED (it failed: the error says why as well as it can). */
gboolean muster_flash_child_run (const MusterFlashChild *child,
                                 GCancellable           *cancellable,
                                 GError                **error);

G_END_DECLS
