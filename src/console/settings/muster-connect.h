/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "client/muster-api-client.h"

G_BEGIN_DECLS

/**
 * muster_connect_check:
 * @parent: over which a person is asked
 *
 * Asks the site at the other end of @client who it is. Where nobody vouches for its certificate, a
 * person compares the fingerprint and trusts it, for as long as @client lives, or not.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to the [class@Muster.Site], or
 * rejects with G_IO_ERROR_CANCELLED when the person does not trust it
 */
DexFuture *muster_connect_check (MusterApiClient *client, GtkWidget *parent);

G_END_DECLS
