/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <libdex.h>

#include "muster-session.h"

G_BEGIN_DECLS

typedef void (*MusterRetentionAskFunc) (gpointer data);

/* Calls FUNC with DATA once PREVIEW (taken), a future of muster_api_retention_preview(), says that
 * nothing would be deleted, or the person agrees to it. Where nothing can be foreseen the person is
 * asked too, but for a change that is wrong: what is wrong with it is said where it is refused. */
void muster_retention_ask (MusterSession         *session,
                           GtkWidget             *parent,
                           DexFuture             *preview,
                           MusterRetentionAskFunc func,
                           gpointer               data,
                           GDestroyNotify         destroy);
/* "43200 samples, 2.3 kB": (transfer full). TOTALS: an item of a preview. */
char *muster_retention_describe_totals (JsonObject *totals);

G_END_DECLS
