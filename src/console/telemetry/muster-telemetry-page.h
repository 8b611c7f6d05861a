/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterTelemetryPage:
 *
 * What the devices measure, to explore: whose values and which are picked at the side, and stand as
 * charts over one time. A choice can be saved as a view and opened again.
 */
#define MUSTER_TYPE_TELEMETRY_PAGE (muster_telemetry_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterTelemetryPage,
                      muster_telemetry_page,
                      MUSTER,
                      TELEMETRY_PAGE,
                      MusterPage)

/* Shows what is measured by SOURCE, "device:ID", "product:ID", "location:ID" or "group:ID". */
void muster_telemetry_page_show (MusterTelemetryPage *self, const char *source);
/* Shows the automatic dashboard of a product: every metric in the form that it calls for. */
void muster_telemetry_page_show_dashboard (MusterTelemetryPage *self, const char *product_id);

G_END_DECLS
