/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-metric-dialog.h"
#include "widgets/muster-record-dialog.h"

AdwDialog *
muster_metric_dialog_new (MusterSession *session, MusterMetric *metric)
{
  static const char *const         what[] = { "unit", "description", NULL };
  static const char *const         limits[] = { "minimum", "maximum", "max_rate", NULL };
  static const MusterRecordSection sections[] = { { NULL, what },
                                                  { N_ ("What Can Be"), limits },
                                                  { NULL, NULL } };

  return muster_record_dialog_new (session, &muster_metric_info, MUSTER_ENTITY (metric), sections,
                                   muster_entity_get_string (MUSTER_ENTITY (metric), "name"));
}
