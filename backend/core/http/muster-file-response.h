/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

/* A file that is to be had, whole or in parts. */
typedef struct
{
  int         fd; /* (taken): at any place */
  gint64      size;
  const char *media_type;
  const char *tag;      /* (nullable): of its ETag, without quotes; another when the bytes are */
  gint64      modified; /* UTC microseconds; 0: not told */
} MusterFile;

/* What REQUEST, a GET or HEAD, asks of FILE (RFC 9110 §13, §14): 200 with all of it, 206 with one
 * range or with several as multipart/byteranges, 304 or 412 as its If-Match, If-None-Match,
 * If-Modified-Since and If-Unmodified-Since say, 416 for ranges that cannot be had, and all of it
 * where If-Range shows that the part which the client has is of another. The bytes are read while
 * they are sent. */
MusterResponse *muster_response_new_file (MusterRequest *request, const MusterFile *file);

G_END_DECLS
