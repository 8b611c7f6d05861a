/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alerts/muster-alert-banner.h"
#include "alerts/muster-alert-cover.h"
#include "muster-badges.h"
#include "muster-connection-button.h"
#include "muster-room.h"
#include "muster-time-machine.h"
#include "muster-toaster.h"
#include "muster-window.h"
#include "jobs/muster-jobs-button.h"
#include "people/muster-gatekeeper.h"
#include "people/muster-person-button.h"
#include "scanning/muster-scan-desk.h"
#include "scanning/muster-scans-button.h"
#include "telemetry/muster-wall.h"

G_BEGIN_DECLS

struct _MusterWindow
{
  AdwApplicationWindow parent_instance;

  /* Dependencies */
  MusterSession    *session;    /* (owned) */
  MusterBadges     *badges;     /* (owned) */
  MusterAlertWatch *alerts;     /* (owned) */
  MusterScanDesk   *desk;       /* (owned) */
  MusterJobs       *jobs;       /* (owned) */
  MusterToaster    *toaster;    /* (owned) */
  MusterGatekeeper *gatekeeper; /* (owned) */

  /* State */
  char *activated; /* (owned) (nullable) the room that was clicked last */

  /* Template children */
  AdwToastOverlay        *toasts;
  GtkStack               *cover;
  MusterJobsButton       *jobs_button;
  MusterPersonButton     *person_button;
  MusterScansButton      *scans_button;
  MusterConnectionButton *connection_button;
  AdwNavigationSplitView *split;
  AdwNavigationPage      *content_page;
  AdwWindowTitle         *sidebar_title;
  AdwHeaderBar           *sidebar_header;
  GtkListBox             *rooms;
  GtkStack               *stack;
  AdwBanner              *banner;
  AdwBanner              *rehearsal_banner;
  MusterAlertBanner      *alert_banner;
  MusterAlertCover       *alert_cover;
  GtkRevealer            *past;
  MusterTimeMachine      *machine;
  MusterWall             *wall;
};

/* NULL: there is none of that name. */
const MusterRoom *muster_window_find_room (const char *name);
/* Where ROOM's pages lie one on the other; made when it is first wanted. */
AdwNavigationView *muster_window_ensure_view (MusterWindow *self, const MusterRoom *room);
/* All that begin with "win.". */
void muster_window_class_install_actions (GtkWidgetClass *klass);

G_END_DECLS
