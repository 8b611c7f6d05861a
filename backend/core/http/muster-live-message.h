/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define MUSTER_LIVE_MAX_MESSAGE (64 * 1024)
#define MUSTER_LIVE_MAX_SUBJECTS 1000
#define MUSTER_LIVE_MAX_DETAILS 256

typedef enum
{
  MUSTER_LIVE_SUBSCRIBE,
  MUSTER_LIVE_UNSUBSCRIBE,
  MUSTER_LIVE_PING,
} MusterLiveOp;

/* What a client of the live stream says. */
typedef struct
{
  MusterLiveOp op;
  char        *id;       /* (owned) (nullable): of the subscription, 1 to 64 characters */
  const char  *topic;    /* (nullable): one of the bus's, static */
  GHashTable  *subjects; /* (owned) (nullable): a set; NULL: all */
  GHashTable  *details;  /* (owned) (nullable): likewise */
  gint64       since;    /* journal sequence to go on after, or -1 */
} MusterLiveMessage;

void muster_live_message_free (MusterLiveMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLiveMessage, muster_live_message_free)

/* Reads one text frame. MUSTER_ERROR_MALFORMED when it is not JSON, else MUSTER_ERROR_INVALID with
 * the members refused; ID (out, nullable) is then the subscription's where it could be read. */
MusterLiveMessage *muster_live_message_parse (GBytes *frame, char **id, GError **error);

G_END_DECLS
