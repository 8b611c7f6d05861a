/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-dialog.h"
#include "widgets/muster-record-dialog.h"

/* clang-format off */
static const char *const what[] = { "name", "kind", "status", "manufacturer", "model", "serial", "mac", "notes", NULL };
static const char *const where[] = { "product_id", "location_id", "location", "batch_id", "customer_id", "received_at", "warranty_until", NULL };
static const char *const network[] = { "gateway_id", "secret", "node_id", NULL };
/* clang-format on */

static const MusterRecordSection sections[] = {
  { NULL, what },
  { N_ ("Stock"), where },
  { N_ ("Network"), network },
  { NULL, NULL },
};

AdwDialog *
muster_device_dialog_new (MusterSession *session, MusterDevice *device)
{
  return muster_record_dialog_new (session, &muster_device_info, (MusterEntity *)device, sections,
                                   device != NULL ? _ ("Edit Device") : _ ("Add a Device"));
}
