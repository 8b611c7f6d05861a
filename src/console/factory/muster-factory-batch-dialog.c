/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-batch-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-factory-batch.h"
#include "muster-factory-batch-dialog.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-reference-row.h"

AdwDialog *
muster_factory_batch_dialog_new (MusterSession *session, MusterEntity *batch)
{
  static const char *const         what[] = { "name",        "product_id", "plan_id", "wanted",
                                              "location_id", "labels",     NULL };
  static const char *const         who[] = { "serial_prefix", "serial_digits",     "serial_next",
                                             "model",         "hardware_revision", NULL };
  static const char *const         firmware[] = { "artifact_id", "tool",    "part",
                                                  "programmer",  "address", NULL };
  static const MusterRecordSection sections[] = {
    { NULL, what }, { N_ ("Identity"), who }, { N_ ("Firmware"), firmware }, { NULL, NULL }
  };
  static const char *const tracked[] = { "tracking", "serial", NULL };
  static const char *const ready[] = { "status", "ready", NULL };
  AdwDialog               *dialog =
    muster_record_dialog_new (session, &muster_factory_batch_info, batch, sections,
                              batch != NULL ? _ ("Edit Batch") : _ ("Begin a Batch"));
  MusterEntityForm *form = muster_record_dialog_get_form (MUSTER_RECORD_DIALOG (dialog));
  GtkWidget        *product = muster_entity_form_get_row (form, "product_id");
  GtkWidget        *artifact = muster_entity_form_get_row (form, "artifact_id");

  adw_dialog_set_content_height (dialog, 720);
  if (product != NULL)
    muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (product), tracked);
  if (artifact != NULL)
    muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (artifact), ready);
  return dialog;
}
