/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a metric that is reckoned from others, of a device or of all devices of a product;
 * shows what the expression is at present while it is written. DERIVED NULL: a new one for
 * DEVICE_ID or PRODUCT_ID. */
AdwDialog *muster_derived_dialog_new (MusterSession *session,
                                      MusterEntity  *derived,
                                      const char    *device_id,
                                      const char    *product_id);

G_END_DECLS
