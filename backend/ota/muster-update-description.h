/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A file that a description names. */
typedef struct
{
  char *name;
  char *sha256; /* (nullable): as it stands there */
} MusterUpdateDescriptionFile;

/* A `url` of the delta handler that ends so, and then in the SHA-256 of a file in hexadecimal
 * digits, is of a file of zchunk that is kept here. */
#define MUSTER_UPDATE_CHUNKS_PATH "/firmware/chunks/"

/* What SWUpdate's sw-description says: the first version, the hardware that it fits, its files. */
typedef struct
{
  char      *version;  /* (nullable) */
  char      *hardware; /* (nullable): commas between */
  GPtrArray *files;    /* (element-type MusterUpdateDescriptionFile) */
  GPtrArray *chunks;   /* (element-type utf8): hashes that its urls name, see below */
} MusterUpdateDescription;

/* Reads TEXT, of libconfig's form or JSON; FALSE if its braces do not match, or if it nests or
 * lists more than any update would. What is none of this (a description that is encrypted) says
 * nothing and is TRUE. */
gboolean muster_update_description_read (MusterUpdateDescription *self, const char *text);
void     muster_update_description_clear (MusterUpdateDescription *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterUpdateDescription, muster_update_description_clear)

G_END_DECLS
