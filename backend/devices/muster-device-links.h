/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "model/muster-sample.h"

G_BEGIN_DECLS

/* What a device must know of the broker. Borrowed, but for HOSTS. */
typedef struct
{
  char      **hosts; /* (owned): addresses to try in order */
  int         port;
  int         plain_port; /* without TLS, for accounts of families; 0: none */
  GBytes     *ca_der;
  const char *ca_pem;
  const char *tls_name;
} MusterBrokerFacts;

/* What the device service asks of messaging, so that it can be tested without a broker. */
typedef struct
{
  /* FALSE with MUSTER_ERROR_CONFLICT when the site has no broker of its own to make accounts at,
   * MUSTER_ERROR_UNAVAILABLE when it is down. */
  gboolean (*get_facts) (MusterBrokerFacts *facts, gpointer user_data, GError **error);
  /* ACCOUNTS: (element-type MusterBrokerAccount). Resolves once the broker works by them. */
  DexFuture *(*set_accounts) (GPtrArray *accounts, gpointer user_data);
  /* Tells a node that it is free. Resolves to TRUE once it was sent. */
  DexFuture *(*release) (const char *group_id, const char *node_id, gpointer user_data);
  /* Writes a metric of the node, or of DEVICE behind it; as muster_sparkplug_host_write(). */
  DexFuture *(*write) (const char         *group_id,
                       const char         *node_id,
                       const char         *device,
                       const char         *metric,
                       const MusterSample *value,
                       gint64              timeout,
                       gpointer            user_data);
  /* Asks a node for its births. Resolves to TRUE once they came. */
  DexFuture *(*rebirth) (const char *group_id, const char *node_id, gpointer user_data);
  void (*forget) (const char *group_id, const char *node_id, gpointer user_data);
} MusterDeviceLinks;

/* By MusterMessaging, which USER_DATA is. */
extern const MusterDeviceLinks muster_device_messaging_links;

G_END_DECLS
