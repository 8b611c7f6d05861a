/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/muster-core-test-util.h"
#include "messaging/muster-sparkplug-payload.h"
#include "model/muster-label-secret.h"

G_BEGIN_DECLS

/* A real broker by TLS, somebody who listens to all that is said there, and muster-node or
 * muster-fleet as processes. To be used in a fiber. */

#define RIG_TLS_NAME "muster-broker-under-test"
#define RIG_PATIENCE_MS 60000

typedef struct
{
  MusterTestDir *dir;
  char          *ca_pem;
  char          *server_pem;
  char          *server_key_pem;
  char          *ca_key_pem;
  char          *socket;
  guint16        port;
  GSubprocess   *broker;
  GSubprocess   *listener;
  char          *heard; /* path: "topic hex" a line */
} Rig;

Rig *rig_new (void);
void rig_free (Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* Starts a process that dies with the test; its standard output goes to the file, unless that is
 * NULL. */
GSubprocess *rig_spawn (const char *output, const char *const *argv);
void         rig_stop (GSubprocess **process, int signal);

/* The broker dies and comes back; `client` stands still meanwhile, so that none of its births is
 * missed, but only after `away_ms` in which it notices. */
void rig_restart_broker (Rig *rig, GSubprocess *client, guint away_ms);

/* Calls back for every message heard from the `*from`th byte of the record on, and moves that. */
void rig_hear_on (Rig   *rig,
                  gsize *from,
                  void (*each) (const char             *topic,
                                MusterSparkplugPayload *payload,
                                gpointer                user_data),
                  gpointer user_data);

/* The nth message (from 0) to a topic that begins with `topic`, waited for. */
MusterSparkplugPayload      *rig_await (Rig *rig, const char *topic, guint nth);
guint                        rig_count (Rig *rig, const char *topic);
const MusterSparkplugMetric *rig_find (MusterSparkplugPayload *payload, const char *name);
/* NULL where there is none by that name. */
const MusterSparkplugMetric *rig_look_for (MusterSparkplugPayload *payload, const char *name);

/* Publishes an NCMD. */
void rig_publish_command (Rig *rig, const char *node, MusterSparkplugPayload *payload);
void rig_command (Rig *rig, const char *node, const char *name, gboolean value);

/* A muster-node process. */
typedef struct
{
  GSubprocess *process;
  char        *address;
  guint8       secret[MUSTER_LABEL_SECRET_LENGTH];
} RigNode;

void rig_node_start (RigNode *node, Rig *rig, const char *serial);
void rig_node_pair (RigNode *node, Rig *rig, const char *serial, const char *ca_pem);
void rig_node_clear (RigNode *node);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RigNode, rig_node_clear)

/* A fleet of nodes F-0, F-1 … that are adopted already; `more` are further arguments, NULL at the
 * end. */
GSubprocess *rig_start_fleet (Rig *rig, guint count, const char *const *more);

G_END_DECLS
