/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-subscription.h"
#include "muster-order-deliveries.h"
#include "muster-order-page.h"
#include "muster-shortage-view.h"
#include "muster-totals-view.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-progress-steps.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

G_BEGIN_DECLS

struct _MusterOrderPage
{
  MusterPage parent_instance;

  char                  *id;           /* (owned) */
  MusterRecordItems     *order;        /* (owned) (nullable) */
  GPtrArray             *availability; /* (owned) (nullable) while it is pending */
  MusterApiSubscription *journal;      /* (owned) */
  unsigned               reload_id;    /* timeout */
  gboolean               busy;         /* something was asked for and is not answered yet */
  gboolean               confirms;     /* is to be confirmed as soon as it is there */

  /* Template children */
  GtkStack              *stack;
  MusterTroubleView     *trouble;
  GtkLabel              *number;
  MusterStatusChip      *status_chip;
  GtkLabel              *subtitle;
  MusterProgressSteps   *steps;
  MusterCommandBar      *commands;
  MusterShortageView    *shortage;
  GtkListBox            *lines;
  MusterTotalsView      *totals;
  MusterOrderDeliveries *deliveries;
  GtkListBox            *details;
  MusterAttachments     *attachments;
  MusterRecordHistory   *history;
};

MusterSession   *muster_order_page_get_session (MusterOrderPage *self);
MusterApiClient *muster_order_page_get_client (MusterOrderPage *self);
MusterEntity    *muster_order_page_get_entity (MusterOrderPage *self);
int              muster_order_page_get_status (MusterOrderPage *self);
int              muster_order_page_get_kind (MusterOrderPage *self);
/* How many of the goods FIELD counts, of all lines together. */
gint64 muster_order_page_count (MusterOrderPage *self, const char *field);
/* Shows OBJECT, the order as it is now. */
void muster_order_page_take_order (MusterOrderPage *self, JsonObject *object);

/* All that begin with "order.". */
void muster_order_page_install_actions (GtkWidgetClass *widget_class);
void muster_order_page_update_actions (MusterOrderPage *self);
/* The buttons of the state that the order is in. */
void muster_order_page_show_commands (MusterOrderPage *self);
/* Waits for WORK (taken), which asks for STATUS (-1: for something else), and shows what it came
 * to. */
void muster_order_page_run (MusterOrderPage *self, DexFuture *work, int status);

G_END_DECLS
