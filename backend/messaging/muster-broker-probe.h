/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A minimal MQTT session with the broker, to know that it answers. The broker does one thing after
 * the other, so an answer also says that what came before is done. */
#define MUSTER_TYPE_BROKER_PROBE (muster_broker_probe_get_type ())
G_DECLARE_FINAL_TYPE (MusterBrokerProbe, muster_broker_probe, MUSTER, BROKER_PROBE, GObject)

MusterBrokerProbe *muster_broker_probe_new (const char *socket_path,
                                            const char *username,
                                            const char *password);
/* Resolves to TRUE at the answer, connecting first where needed. Calls wait for those before.
 * Rejects after TIMEOUT milliseconds of its own turn, or when the broker refuses. */
DexFuture *muster_broker_probe_ping (MusterBrokerProbe *self, unsigned timeout);
/* Ends the session. */
void muster_broker_probe_close (MusterBrokerProbe *self);

G_END_DECLS
