/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_FORM_MAX_PARTS 64
#define MUSTER_FORM_MAX_HEAD (8 * 1024)

/* One part of a form, as its head says. */
typedef struct
{
  const char *name;
  const char *file_name;  /* (nullable): it is a file; as the client calls it, folders and all */
  const char *media_type; /* text/plain where it is not told */
} MusterFormPart;

/* What is told of a form, in its order. Each may stop the reading by FALSE with ERROR. */
typedef struct
{
  gboolean (*begin) (const MusterFormPart *part, gpointer user_data, GError **error);
  /* Some of the part's bytes; they are its only while this runs. */
  gboolean (*data) (const char *data, gsize length, gpointer user_data, GError **error);
  gboolean (*end) (gpointer user_data, GError **error); /* (nullable) */
} MusterFormFuncs;

/* Reads a body of multipart/form-data (RFC 7578) as it comes, in pieces of any size. At most a
 * head and a boundary are kept. */
typedef struct _MusterFormReader MusterFormReader;

/* CONTENT_TYPE: of the header, with its boundary. NULL with MUSTER_ERROR_UNSUPPORTED when it is
 * something else, with MUSTER_ERROR_MALFORMED when the boundary is missing or none. */
MusterFormReader *muster_form_reader_new (const char            *content_type,
                                          const MusterFormFuncs *funcs,
                                          gpointer               user_data,
                                          GError               **error);
void              muster_form_reader_free (MusterFormReader *self);
/* Once it failed, it is not to be fed again. */
gboolean muster_form_reader_feed (MusterFormReader *self,
                                  const char       *data,
                                  gsize             length,
                                  GError          **error);
/* The body has ended: MUSTER_ERROR_MALFORMED when that was not told. */
gboolean muster_form_reader_finish (MusterFormReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFormReader, muster_form_reader_free)

G_END_DECLS
