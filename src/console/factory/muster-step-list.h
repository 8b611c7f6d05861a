/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The steps of a report: each with its verdict as colour, shape and word, what was found, and the
 * limits of it. */
#define MUSTER_TYPE_STEP_LIST (muster_step_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterStepList, muster_step_list, MUSTER, STEP_LIST, AdwBin)

GtkWidget *muster_step_list_new (void);
/* TEXT (nullable): the report as JSON. */
void muster_step_list_show (MusterStepList *self, const char *text);

G_END_DECLS
