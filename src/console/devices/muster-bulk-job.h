/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is done to each device: (transfer full) a future. */
typedef DexFuture *(*MusterBulkFunc) (MusterApiClient *client, const char *id, gpointer user_data);

/**
 * muster_bulk_job_run:
 * @parent: where the result is shown
 * @ids: (transfer full): devices
 * @what: what is done, as a title: "Set to Retired"
 * @back: undoes @func
 *
 * Does the same to many devices, some at a time. Tells at the end how many were done, with an Undo
 * that takes each of them back, and lists those that were refused with the reason and a way to try
 * them again.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to the number (uint) of devices that
 * were done
 */
DexFuture *muster_bulk_job_run (MusterSession *session,
                                GtkWidget     *parent,
                                char         **ids,
                                const char    *what,
                                MusterBulkFunc func,
                                MusterBulkFunc back,
                                gpointer       user_data,
                                GDestroyNotify destroy);

G_END_DECLS
