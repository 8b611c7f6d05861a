/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "muster-sparkplug-payload.h"
#include "muster-sparkplug-topic.h"

G_BEGIN_DECLS

/* Who speaks: an edge node (device NULL) or a device behind it. */
typedef struct
{
  const char *group;
  const char *node;
  const char *device; /* (nullable) */
} MusterSparkplugSource;

/* A metric as its birth declared it. */
typedef struct
{
  const char             *name;
  MusterSparkplugDatatype datatype;
  const char             *unit;        /* (nullable) */
  const char             *description; /* (nullable) */
  double                  minimum;     /* NAN: not given */
  double                  maximum;     /* NAN: not given */
  guint64                 alias;       /* only with `has_alias` */
  guint                   has_alias : 1;
  guint                   writable : 1; /* unless the property readOnly says no */
} MusterSparkplugMetricInfo;

typedef enum
{
  MUSTER_SPARKPLUG_DEATH_NODE,   /* NDEATH: the node's own or the broker's word that it is gone */
  MUSTER_SPARKPLUG_DEATH_DEVICE, /* DDEATH: the node says that the device is gone */
  MUSTER_SPARKPLUG_DEATH_NOT_REBORN,   /* the node was born anew, the device was not */
  MUSTER_SPARKPLUG_DEATH_DISCONNECTED, /* our connection to the broker was lost: nothing is known */
} MusterSparkplugDeath;

/* What is told of nodes and devices. All borrowed for the call. Order: connection, then birth, then
 * data of the birth, then data. */
typedef struct
{
  /* TIME: of the message, UTC microseconds. A birth replaces what was known; REBIRTH: it was online
   * already. */
  void (*birth) (const MusterSparkplugSource     *source,
                 const MusterSparkplugMetricInfo *metrics,
                 unsigned                         n_metrics,
                 gint64                           time,
                 gboolean                         rebirth,
                 gpointer                         user_data);
  /* Samples by name; those of one message at once, in its order. Flags say historical, transient,
   * bad, stale. */
  void (*data) (const MusterSparkplugSource *source,
                const MusterSample          *samples,
                unsigned                     n_samples,
                gpointer                     user_data);
  void (*death) (const MusterSparkplugSource *source,
                 MusterSparkplugDeath         why,
                 gint64                       time,
                 gpointer                     user_data);
  /* The node should be asked for a rebirth (the session alone calls this; hosts answer it
   * themselves). */
  void (*rebirth_wanted) (const MusterSparkplugSource *source, const char *why, gpointer user_data);
  /* The host's connection to the broker came or went. */
  void (*connection) (gboolean connected, gpointer user_data);
} MusterSparkplugListener;

/* Microseconds. */
typedef struct
{
  gint64
    reorder_timeout; /* how long a gap of sequence numbers may last before a rebirth is asked for */
  gint64 rebirth_interval; /* least time between two such requests to one node */
  gint64 doubtful_death; /* a death so soon after the birth of a new session with the same bdSeq may
                            be the old session's */
  gint64   doubt_timeout; /* how long a node in doubt may take to prove that it lives */
  unsigned max_nodes;
  unsigned max_devices; /* a node */
  unsigned max_metrics; /* a node with its devices */
} MusterSparkplugOptions;

#define MUSTER_SPARKPLUG_OPTIONS_DEFAULT                                                           \
  { 2 * G_TIME_SPAN_SECOND,                                                                        \
    10 * G_TIME_SPAN_SECOND,                                                                       \
    G_TIME_SPAN_SECOND,                                                                            \
    3 * G_TIME_SPAN_SECOND,                                                                        \
    100000,                                                                                        \
    1000,                                                                                          \
    20000 }

typedef struct
{
  guint64 messages;  /* Sparkplug messages handled */
  guint64 samples;   /* handed on */
  guint64 malformed; /* payloads or topics that could not be read */
  guint64 unknown;   /* metrics that the birth did not name */
  guint64 gaps;      /* holes in sequences */
  guint64 rebirths;  /* asked for */
  guint64 ignored;   /* messages of the dead, or beyond the limits */
} MusterSparkplugCounts;

/**
 * MusterSparkplugSession:
 *
 * What a host application knows of its nodes: a pure state machine of messages and time, without
 * input or output of its own.
 */
#define MUSTER_TYPE_SPARKPLUG_SESSION (muster_sparkplug_session_get_type ())
G_DECLARE_FINAL_TYPE (MusterSparkplugSession,
                      muster_sparkplug_session,
                      MUSTER,
                      SPARKPLUG_SESSION,
                      GObject)

/* LISTENER (borrowed) and USER_DATA must outlive it. OPTIONS NULL: the defaults. */
MusterSparkplugSession *muster_sparkplug_session_new (MusterClock                   *clock,
                                                      const MusterSparkplugOptions  *options,
                                                      const MusterSparkplugListener *listener,
                                                      gpointer                       user_data);
/* One message. STATE and command topics are ignored. */
void muster_sparkplug_session_handle (MusterSparkplugSession *self,
                                      const char             *topic,
                                      const guint8           *data,
                                      gsize                   size);
/* The connection to the broker was lost: every metric is stale. */
void muster_sparkplug_session_disconnect (MusterSparkplugSession *self);
/* It is back: nodes that were known and do not come forward are asked for their births. */
void muster_sparkplug_session_reconnect (MusterSparkplugSession *self);
/* When muster_sparkplug_session_tick() is due: monotonic microseconds, or -1 for never. */
gint64 muster_sparkplug_session_get_deadline (MusterSparkplugSession *self);
void   muster_sparkplug_session_tick (MusterSparkplugSession *self);
void   muster_sparkplug_session_forget (MusterSparkplugSession *self,
                                        const char             *group,
                                        const char             *node);

gboolean muster_sparkplug_session_is_online (MusterSparkplugSession      *self,
                                             const MusterSparkplugSource *source);
/* NULL: the last birth does not name it. */
const MusterSparkplugMetricInfo *muster_sparkplug_session_get_metric (
  MusterSparkplugSession      *self,
  const MusterSparkplugSource *source,
  const char                  *name);
/* Every metric of SOURCE's last birth, borrowed; NULL: never born. */
const MusterSparkplugMetricInfo *muster_sparkplug_session_get_metrics (
  MusterSparkplugSession      *self,
  const MusterSparkplugSource *source,
  unsigned                    *n_metrics);
const MusterSparkplugCounts *muster_sparkplug_session_get_counts (MusterSparkplugSession *self);

G_END_DECLS
