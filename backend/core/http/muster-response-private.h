/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *value;
} MusterHeader;

struct _MusterResponse
{
  GObject parent_instance;

  unsigned    status;
  const char *media_type; /* (interned) (nullable): of body */
  GBytes     *body;       /* (owned) (nullable) */
  GArray     *headers;    /* (owned) (nullable) (element-type MusterHeader) */
  gint64      revision;   /* 0: none */
  char       *tag;        /* (owned) (nullable): instead of revision */

  GInputStream *stream; /* (owned) (nullable): instead of body */
  gint64        length; /* of stream in bytes, or -1 */
  MusterPace   *pace;   /* (owned) (nullable): how fast the stream is sent */
};

/* The value of the header NAME that was set, or NULL. */
const char *muster_response_get_header (MusterResponse *self, const char *name);
/* What its ETag says between the quotes; NULL without: (transfer full). */
char *muster_response_dup_tag (MusterResponse *self);

G_END_DECLS
