/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart-deck.h"
#include "muster-source.h"

G_BEGIN_DECLS

/* Whether METRIC is to be shown. */
typedef gboolean (*MusterWantsFunc) (gpointer user_data, const char *metric);

/* Charts on DECK what WANTS lets through of SOURCES (element-type MusterSource, loaded), each for
 * itself or counted together as the calculation of the deck says. What is charted already and still
 * wanted stays as it is. Whether there is anything to be charted. */
gboolean muster_deck_fill (MusterChartDeck *deck,
                           GListModel      *sources,
                           MusterWantsFunc  wants,
                           gpointer         user_data);

G_END_DECLS
