/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-stream.h"
#include "firmware/muster-share-bar.h"
#include "muster-station-label.h"
#include "muster-station-page.h"
#include "muster-station-words.h"
#include "muster-step-list.h"

G_BEGIN_DECLS

/* What the files of the page share: muster-station-page.c shows it, muster-station-page-actions.c
 * does what the operator asks for. */
struct _MusterStationPage
{
  MusterPage parent_instance;

  char                  *id; /* (owned): of the batch */
  MusterStation          station;
  char                  *unit_id; /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */
  unsigned               reload_id;
  MusterStationState     shown;
  MusterUnitLabel        shown_label;

  /* Template children */
  GtkWidget          *port;
  GtkImage           *icon;
  GtkLabel           *state;
  GtkLabel           *text;
  GtkProgressBar     *progress;
  AdwWrapBox         *buttons;
  MusterStationLabel *label;
  MusterStepList     *steps;
  GtkLabel           *shares;
  MusterShareBar     *bar;
  GtkListBox         *last;
};

static inline MusterSession *
session_of (MusterStationPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static inline MusterApiClient *
client_of (MusterStationPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

/* Shows what is known now. */
void muster_station_page_show (MusterStationPage *self);
/* Reads batch and board anew, and shows them. */
void muster_station_page_reload (MusterStationPage *self);
void muster_station_page_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
