/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alerts-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alerts-page.h"
#include "muster-alerts-view.h"
#include "muster-channels-view.h"
#include "muster-deliveries-log.h"
#include "muster-duty-view.h"
#include "muster-escalations-view.h"
#include "muster-rules-view.h"
#include "muster-silences-view.h"

struct _MusterAlertsPage
{
  MusterViewsPage parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAlertsPage, muster_alerts_page, MUSTER_TYPE_VIEWS_PAGE)

/* clang-format off */
static const MusterRoomView views[] = {
  { "alerts", N_("Alerts"), "muster-alert-symbolic", muster_alerts_view_new, NULL },
  { "rules", N_("Rules"), "muster-rule-symbolic", muster_rules_view_new, NULL },
  { "silences", N_("Silences"), "notifications-disabled-symbolic", muster_silences_view_new, NULL },
  { "channels", N_("Channels"), "muster-channel-symbolic", muster_channels_view_new, NULL },
  { "escalations", N_("Escalations"), "muster-escalation-symbolic", muster_escalations_view_new, NULL },
  { "duty", N_("On Duty"), "x-office-calendar-symbolic", muster_duty_view_new, NULL },
  { "log", N_("Sent"), "mail-send-symbolic", muster_deliveries_log_new, NULL },
  { NULL },
};
/* clang-format on */

static void
muster_alerts_page_class_init (MusterAlertsPageClass *klass)
{
  MusterViewsPageClass *views_class = MUSTER_VIEWS_PAGE_CLASS (klass);

  views_class->views = views;
  views_class->tag = "alerts";
  views_class->menu_below = 900;
}

static void
muster_alerts_page_init (MusterAlertsPage *self)
{
}
