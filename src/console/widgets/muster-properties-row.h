/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows of a form for names and values, as many as there are: a JSON object of plain values. What
 * reads as a number or as true or false becomes one. */
#define MUSTER_TYPE_PROPERTIES_ROW (muster_properties_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterPropertiesRow,
                      muster_properties_row,
                      MUSTER,
                      PROPERTIES_ROW,
                      AdwExpanderRow)

GtkWidget *muster_properties_row_new (const char *title);

/* JSON text; "" or what is no object: none. Members that are no plain values stay as they are. */
void muster_properties_row_set_text (MusterPropertiesRow *self, const char *json);
/* JSON text of an object, "" where there is none: (transfer full). */
char *muster_properties_row_dup_text (MusterPropertiesRow *self);

G_END_DECLS
