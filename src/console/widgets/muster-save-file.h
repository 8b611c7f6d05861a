/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is to be written: (transfer full) a future of a GBytes. */
typedef DexFuture *(*MusterSaveFunc) (MusterApiClient *client, gpointer user_data);

/* Asks over the window of PARENT where to save under TITLE, NAME being proposed; then writes what
 * FUNC resolves to, and tells how that went. DESTROY (nullable) frees USER_DATA at the end. */
void muster_save_file (MusterSession *session,
                       GtkWidget     *parent,
                       const char    *title,
                       const char    *name,
                       MusterSaveFunc func,
                       gpointer       user_data,
                       GDestroyNotify destroy);

G_END_DECLS
