/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The places of the site as a tree, and what lies in the chosen one. */
#define MUSTER_TYPE_PLACES_VIEW (muster_places_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterPlacesView, muster_places_view, MUSTER, PLACES_VIEW, AdwBin)

GtkWidget *muster_places_view_new (MusterSession *session);
/* Chooses the place ID, as soon as it is known. */
void muster_places_view_choose (MusterPlacesView *self, const char *id);

G_END_DECLS
