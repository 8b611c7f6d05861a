/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-deliveries"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-orders.h"
#include "muster-order-deliveries.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-status-chip.h"

#define MAX_DELIVERIES 50

struct _MusterOrderDeliveries
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterOrderDeliveries, muster_order_deliveries, ADW_TYPE_BIN)

static GtkWidget *
create_row (MusterSession *session, MusterEntity *delivery)
{
  g_autofree char         *shipped = NULL, *line = NULL, *subtitle = NULL;
  static const char *const fields[] = { "carrier", "tracking_number", NULL };
  GtkWidget               *chip = muster_status_chip_new ();
  GtkWidget               *row;

  line = muster_record_format_line (session, delivery, fields);
  if (!muster_entity_is_null (delivery, "shipped_at"))
    shipped = muster_format_date (muster_entity_get_integer (delivery, "shipped_at"),
                                  muster_session_get_zone (session));
  subtitle = shipped != NULL && *line != '\0' ? g_strdup_printf ("%s · %s", line, shipped)
                                              : g_strdup (shipped != NULL ? shipped : line);
  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                      muster_entity_get_string (delivery, "delivery_number"), "subtitle", subtitle,
                      "activatable", TRUE, NULL);
  muster_status_chip_set_value (MUSTER_STATUS_CHIP (chip), &muster_delivery_status_enum,
                                muster_entity_get_enum (delivery, "status"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)", "delivery",
                                    muster_entity_get_id (delivery));
  return row;
}

static DexFuture *
muster_order_deliveries_read_cb (DexFuture *future, gpointer user_data)
{
  MusterOrderDeliveries *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;

  dex_clear (&self->reading);
  if (page == NULL)
    g_message ("could not read the deliveries: %s", error->message);
  if (page == NULL || self->session == NULL)
    return dex_future_new_true ();
  muster_list_clear (self->list);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list, create_row (self->session, muster_api_page_get (page, i)));
  gtk_widget_set_visible (GTK_WIDGET (self), muster_api_page_get_length (page) > 0);
  return dex_future_new_true ();
}

static void
muster_order_deliveries_dispose (GObject *object)
{
  MusterOrderDeliveries *self = MUSTER_ORDER_DELIVERIES (object);

  dex_clear (&self->reading);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_order_deliveries_parent_class)->dispose (object);
}

static void
muster_order_deliveries_class_init (MusterOrderDeliveriesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_order_deliveries_dispose;
}

static void
muster_order_deliveries_init (MusterOrderDeliveries *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Deliveries"), -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Deliveries"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
muster_order_deliveries_show (MusterOrderDeliveries *self, MusterSession *session, const char *id)
{
  const char              *filters[] = { "order_id", id, NULL };
  const MusterApiListQuery query = { .limit = MAX_DELIVERIES, .filters = filters };

  g_return_if_fail (MUSTER_IS_ORDER_DELIVERIES (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && id != NULL);

  g_set_object (&self->session, session);
  dex_clear (&self->reading);
  if (muster_session_may (session, "listDeliveries"))
    self->reading =
      dex_future_finally (muster_api_deliveries_list (muster_session_get_client (session), &query),
                          muster_order_deliveries_read_cb, g_object_ref (self), g_object_unref);
}
