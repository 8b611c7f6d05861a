/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"
#include "print/muster-printable.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_PRINT_PICK_LIST,     /* of an order */
  MUSTER_PRINT_INVOICE,       /* of an order */
  MUSTER_PRINT_DELIVERY_NOTE, /* of a delivery */
  MUSTER_PRINT_COUNT_SHEET,   /* of a stocktake */
  MUSTER_PRINT_DEVICE_LABELS,
  MUSTER_PRINT_PLACE_LABELS,
} MusterPrintKind;

/**
 * MusterPrintDialog:
 *
 * Shows pages as they will be on paper, prints them, or saves them as PDF. Loads what it prints by
 * itself.
 */
#define MUSTER_TYPE_PRINT_DIALOG (muster_print_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterPrintDialog, muster_print_dialog, MUSTER, PRINT_DIALOG, AdwDialog)

/* IDS: of one record, or of those that labels are for; ends with NULL. */
AdwDialog *muster_print_dialog_new (MusterSession     *session,
                                    MusterPrintKind    kind,
                                    const char *const *ids);
/* For what somebody has made already. */
AdwDialog *muster_print_dialog_new_for (MusterSession *session, MusterPrintable *printable);
/* The first, presented over PARENT. */
void muster_print_dialog_show (GtkWidget         *parent,
                               MusterSession     *session,
                               MusterPrintKind    kind,
                               const char *const *ids);

G_END_DECLS
