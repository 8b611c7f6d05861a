/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_API_FRAME_SUBSCRIBED,
  MUSTER_API_FRAME_EVENT,
  MUSTER_API_FRAME_LAGGED,
  MUSTER_API_FRAME_ERROR,
  MUSTER_API_FRAME_PONG,
  MUSTER_API_FRAME_UNKNOWN, /* of a newer daemon: to be skipped */
} MusterApiFrameKind;

/* What the daemon says on the live stream. Strings live as long as the frame. */
typedef struct
{
  MusterApiFrameKind kind;
  const char        *id;       /* of the subscription; NULL for pong and for errors of none */
  const char        *topic;    /* event */
  const char        *subject;  /* event (nullable) */
  gint64             sequence; /* event, subscribed; 0: none */
  gint64             dropped;  /* lagged */
  JsonObject        *data;     /* event; error: the problem */
  JsonNode          *root;     /* (owned) */
} MusterApiFrame;

/* MUSTER_ERROR_PROTOCOL when TEXT isn't a frame. */
MusterApiFrame *muster_api_frame_parse (GBytes *text, GError **error);
void            muster_api_frame_free (MusterApiFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterApiFrame, muster_api_frame_free)

G_END_DECLS
