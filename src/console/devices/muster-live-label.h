/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The proofs of life of a device with their ages: "MQTT 2 s ago · mDNS 40 s ago · TCP 4 ms". */
#define MUSTER_TYPE_LIVE_LABEL (muster_live_label_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveLabel, muster_live_label, MUSTER, LIVE_LABEL, GtkWidget)

/* LIVE: {"state","since","proofs":[{"kind","at","age_ms","fresh","detail"}…]}, or NULL. */
void muster_live_label_set_live (MusterLiveLabel *self, JsonObject *live);
/* A sample of the device was heard just now. */
void muster_live_label_heard (MusterLiveLabel *self);
/* Whether the site can be asked at all: otherwise nothing is known. */
void muster_live_label_set_connected (MusterLiveLabel *self, gboolean connected);

G_END_DECLS
