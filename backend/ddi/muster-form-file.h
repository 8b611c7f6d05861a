/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* The file that came in a form, and what its bytes give. */
typedef struct
{
  char  *name;       /* (owned): as the client calls it, without folders */
  char  *digests[3]; /* (owned): MD5, SHA-1, SHA-256 in hexadecimal digits */
  gint64 size;
} MusterFormFile;

#define MUSTER_TYPE_FORM_FILE (muster_form_file_get_type ())
GType muster_form_file_get_type (void);

/* FD has a body of multipart/form-data whose Content-Type is TYPE. Leaves in it nothing but the
 * bytes of the part NAME, from the beginning: what is taken never needs more room than it came in.
 * Off the main thread; FD stays the caller's. Resolves to a MusterFormFile; rejects with
 * MUSTER_ERROR_MALFORMED where there is no such file, MUSTER_ERROR_UNSUPPORTED for another type. */
DexFuture *muster_form_file_extract (int fd, const char *type, const char *name);

G_END_DECLS
