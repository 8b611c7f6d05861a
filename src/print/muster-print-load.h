/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-client.h"
#include "muster-label-print.h"
#include "muster-print-records.h"

G_BEGIN_DECLS

/* What documents need, read from the site. In a fiber; failures are those of the client. */

/* Names the site and its zone: (transfer full). */
MusterPrintRecords *muster_print_load_site (MusterApiClient *client, GError **error);
/* The order ID with its lines, the units set aside for them and what they point at. */
gboolean muster_print_load_order (MusterPrintRecords *self,
                                  MusterApiClient    *client,
                                  const char         *id,
                                  GError            **error);
/* The delivery ID with its items, and its order. */
gboolean muster_print_load_delivery (MusterPrintRecords *self,
                                     MusterApiClient    *client,
                                     const char         *id,
                                     GError            **error);
/* The stocktake ID with its lines. */
gboolean muster_print_load_stocktake (MusterPrintRecords *self,
                                      MusterApiClient    *client,
                                      const char         *id,
                                      GError            **error);

/* Labels of devices (with their adoption codes where the site knows their secrets and may tell
 * them) or, by KIND "location", of places. IDS ends with NULL. */
gboolean muster_print_load_labels (MusterLabelPrint  *print,
                                   MusterApiClient   *client,
                                   const char        *kind,
                                   const char *const *ids,
                                   gboolean           with_secrets,
                                   GError           **error);

G_END_DECLS
