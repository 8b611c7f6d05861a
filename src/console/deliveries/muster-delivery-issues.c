/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-issues"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-orders.h"
#include "model/muster-delivery-issue.h"
#include "muster-delivery-issues.h"
#include "widgets/muster-list.h"
#include "widgets/muster-status-chip.h"

struct _MusterDeliveryIssues
{
  AdwBin parent_instance;

  DexFuture *reading; /* (owned) (nullable) */

  GtkListBox *list; /* of the template */
};

G_DEFINE_FINAL_TYPE (MusterDeliveryIssues, muster_delivery_issues, ADW_TYPE_BIN)

enum
{
  CHOSEN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static GtkWidget *
create_row (MusterEntity *issue)
{
  int              kind = muster_entity_get_enum (issue, "kind");
  int              follow_up = muster_entity_get_enum (issue, "follow_up");
  GtkWidget       *chip = muster_status_chip_new ();
  const char      *description = muster_entity_get_string (issue, "description");
  g_autofree char *title =
    g_strdup_printf ("%s × %" G_GINT64_FORMAT,
                     _ (muster_enum_get_label (&muster_issue_kind_enum, kind)),
                     muster_entity_get_integer (issue, "quantity"));
  g_autofree char *subtitle =
    follow_up == MUSTER_FOLLOW_UP_NONE
      ? g_strdup (description)
      : g_strdup_printf ("%s · %s", description,
                         _ (muster_enum_get_label (&muster_follow_up_enum, follow_up)));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", subtitle, "activatable", TRUE, NULL);

  muster_status_chip_set_value (MUSTER_STATUS_CHIP (chip), &muster_issue_status_enum,
                                muster_entity_get_enum (issue, "status"));
  if (!muster_entity_is_null (issue, "attachment_id"))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("image-x-generic-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  g_object_set_data_full (G_OBJECT (row), "muster-issue", g_object_ref (issue), g_object_unref);
  return row;
}

static DexFuture *
muster_delivery_issues_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDeliveryIssues *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;

  dex_clear (&self->reading);
  if (page == NULL)
    g_message ("could not read the problems: %s", error->message);
  if (page == NULL || self->list == NULL)
    return dex_future_new_true ();
  muster_list_clear (self->list);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list, create_row (muster_api_page_get (page, i)));
  return dex_future_new_true ();
}

static void
muster_delivery_issues_activated_cb (MusterDeliveryIssues *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "muster-issue"));
}

static void
muster_delivery_issues_dispose (GObject *object)
{
  MusterDeliveryIssues *self = MUSTER_DELIVERY_ISSUES (object);

  dex_clear (&self->reading);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DELIVERY_ISSUES);
  G_OBJECT_CLASS (muster_delivery_issues_parent_class)->dispose (object);
}

static void
muster_delivery_issues_class_init (MusterDeliveryIssuesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_delivery_issues_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", MUSTER_TYPE_DELIVERY_ISSUES, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/delivery-issues.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryIssues, list);
  gtk_widget_class_bind_template_callback (widget_class, muster_delivery_issues_activated_cb);
}

static void
muster_delivery_issues_init (MusterDeliveryIssues *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_delivery_issues_show (MusterDeliveryIssues *self, MusterSession *session, const char *id)
{
  gboolean may = muster_session_may (session, "listDeliveryIssuesOf");

  g_return_if_fail (MUSTER_IS_DELIVERY_ISSUES (self));
  g_return_if_fail (id != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self), may);
  dex_clear (&self->reading);
  if (may)
    self->reading =
      dex_future_finally (muster_api_deliveries_list_issues (muster_session_get_client (session),
                                                             id),
                          muster_delivery_issues_read_cb, g_object_ref (self), g_object_unref);
}
