/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alerts/muster-device-alerts.h"
#include "client/muster-api-stream.h"
#include "firmware/muster-device-firmware.h"
#include "inventory/muster-device-stock.h"
#include "muster-command-states.h"
#include "muster-derived-list.h"
#include "muster-device-page.h"
#include "muster-device-reach.h"
#include "muster-live-label.h"
#include "muster-telemetry-panel.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

G_BEGIN_DECLS

/* What the files of the page share: muster-device-page.c shows it, muster-device-page-actions.c
 * does what is asked for there. */
struct _MusterDevicePage
{
  MusterPage parent_instance;

  char                *id;      /* (owned) */
  MusterDevice        *device;  /* (owned) (nullable) */
  char                *command; /* (owned) (nullable) id of the last command given here */
  MusterCommandStates *states;  /* (owned) of all commands of the device */
  GPtrArray *details; /* (owned) (element-type GtkWidget) rows, borrowed from their group */
  MusterApiSubscription *journal; /* (owned) */
  MusterApiSubscription *live;    /* (owned) */
  MusterApiSubscription *happens; /* (owned) events */

  /* Template children */
  GtkStack             *stack;
  MusterTroubleView    *trouble;
  GtkImage             *icon;
  GtkLabel             *name;
  GtkLabel             *subtitle;
  MusterStatusChip     *live_chip;
  MusterStatusChip     *status_chip;
  MusterStatusChip     *adoption_chip;
  MusterLiveLabel      *proofs;
  GtkWidget            *commands;
  MusterStatusChip     *command_chip;
  MusterDeviceAlerts   *alerts;
  MusterTelemetryPanel *telemetry;
  MusterDerivedList    *derived;
  MusterDeviceReach    *reach;
  MusterDeviceStock    *stock;
  MusterDeviceFirmware *firmware;
  GMenu                *status_menu;
  AdwPreferencesGroup  *details_group;
  MusterAttachments    *attachments;
  GtkListBox           *events;
  MusterRecordHistory  *history;
};

static inline MusterEntity *
entity_of (MusterDevicePage *self)
{
  return MUSTER_ENTITY (self->device);
}

static inline MusterSession *
session_of (MusterDevicePage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static inline MusterApiClient *
client_of (MusterDevicePage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

/* Which of its actions can be done now. */
void muster_device_page_update_actions (MusterDevicePage *self);
/* How far the command is that was given here last: a MusterCommandState. */
void muster_device_page_show_command (MusterDevicePage *self, int state);
void muster_device_page_install_actions (GtkWidgetClass *klass);

G_END_DECLS
