/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_SPARKPLUG_NAMESPACE "spBv1.0"
#define MUSTER_SPARKPLUG_MAX_ID 255 /* bytes of a group, node, device or host id */

typedef enum
{
  MUSTER_SPARKPLUG_NBIRTH,
  MUSTER_SPARKPLUG_NDEATH,
  MUSTER_SPARKPLUG_NDATA,
  MUSTER_SPARKPLUG_NCMD,
  MUSTER_SPARKPLUG_DBIRTH,
  MUSTER_SPARKPLUG_DDEATH,
  MUSTER_SPARKPLUG_DDATA,
  MUSTER_SPARKPLUG_DCMD,
  MUSTER_SPARKPLUG_STATE,
} MusterSparkplugMessage;

/* A topic taken apart. Points into BUFFER. */
typedef struct
{
  MusterSparkplugMessage message;
  const char            *group;  /* NULL for STATE */
  const char            *node;   /* for STATE: the host's id */
  const char            *device; /* (nullable) */
  char                   buffer[4 * (MUSTER_SPARKPLUG_MAX_ID + 1)];
} MusterSparkplugTopic;

/* FALSE: TEXT is no topic of Sparkplug B. */
gboolean muster_sparkplug_topic_parse (MusterSparkplugTopic *topic, const char *text);
/* (transfer full): "spBv1.0/GROUP/NDATA/NODE", with DEVICE behind it when the message has one. */
char *muster_sparkplug_topic_format (MusterSparkplugMessage message,
                                     const char            *group,
                                     const char            *node,
                                     const char            *device);
/* Whether TEXT can be a group, node, device or host id. */
gboolean muster_sparkplug_id_is_valid (const char *text);

G_END_DECLS
