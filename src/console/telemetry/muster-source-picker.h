/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-source.h"

G_BEGIN_DECLS

/**
 * MusterSourcePicker:
 *
 * Chooses what to look at: whose values (devices, or all of a product, place or group), and which
 * of them. Until somebody chooses among the metrics, all are wanted that are not about the device
 * itself.
 *
 * Signal `changed`: another choice, whose sources are loaded.
 */
#define MUSTER_TYPE_SOURCE_PICKER (muster_source_picker_get_type ())
G_DECLARE_FINAL_TYPE (MusterSourcePicker, muster_source_picker, MUSTER, SOURCE_PICKER, GtkBox)

/* To be called once. */
void muster_source_picker_open (MusterSourcePicker *self, MusterSession *session);
/* Puts the cursor where one looks for a record. */
void muster_source_picker_search (MusterSourcePicker *self);
/* Reads list and sources anew. */
void muster_source_picker_refresh (MusterSourcePicker *self);

/* (element-type MusterSource): the chosen ones that are loaded, borrowed. */
GListModel *muster_source_picker_get_sources (MusterSourcePicker *self);
/* Whether METRIC is to be shown. */
gboolean muster_source_picker_wants (MusterSourcePicker *self, const char *metric);

/* The choice as saved views keep it: keys and names, the latter NULL when all are wanted:
 * (transfer full). */
char **muster_source_picker_list_keys (MusterSourcePicker *self);
char **muster_source_picker_list_metrics (MusterSourcePicker *self);
void   muster_source_picker_choose (MusterSourcePicker *self,
                                    const char *const  *keys,
                                    const char *const  *metrics);

G_END_DECLS
