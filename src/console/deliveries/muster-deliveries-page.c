/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-deliveries-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "inventory/muster-inventory-actions.h"
#include "model/muster-delivery.h"
#include "model/muster-time.h"
#include "muster-deliveries-page.h"
#include "muster-delivery-page.h"
#include "widgets/muster-records-view.h"
#include "widgets/muster-status-menu.h"

/* Those that have not arrived. */
#define OPEN_STATUSES "pending,shipped,in_transit"

struct _MusterDeliveriesPage
{
  MusterPage parent_instance;

  MusterRecordsView *records;

  /* Template children */
  GtkWidget *which;
  AdwBin    *list_bin;
};

G_DEFINE_FINAL_TYPE (MusterDeliveriesPage, muster_deliveries_page, MUSTER_TYPE_PAGE)

static const MusterColumn columns[] = {
  { "delivery_number", 170, .flags = MUSTER_COLUMN_TITLE,
    .icon_name = "muster-deliveries-symbolic" },
  { "direction", 110, 3 },
  { "order_id", 150, 2, MUSTER_COLUMN_UNSORTED },
  { "status", 130, 0 },
  { "carrier", 130, 4 },
  { "tracking_number", 170, 3 },
  { "expected_at", 110, 2, MUSTER_COLUMN_DATE },
  { "shipped_at", 110, 5, MUSTER_COLUMN_DATE },
  { "delivered_at", 110, 6, MUSTER_COLUMN_DATE },
  { "recipient", 140, 7, MUSTER_COLUMN_HIDDEN },
  { "shipping_address", 200, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "created_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
  { "updated_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "status", "pending" },   { "status", "shipped" }, { "status", "in_transit" },
  { "status", "delivered" }, { "status", "failed" },  { "status", "returned" },
};

static const char *const below[] = { "order_id", "carrier", NULL };

/* Where it goes that has come back is asked for one by one. */
static GMenuModel *
create_status_menu (const char *action)
{
  static const char *const nicks[] = { "shipped", "in_transit", "delivered", "failed", NULL };

  return muster_status_menu_new (&muster_delivery_status_enum, action, nicks);
}

static const MusterRecordsAction actions[] = {
  { N_ ("Set _Status"), "muster-square-symbolic", "deliveries.set-status", "createJob",
    create_status_menu },
};

static const MusterRecordsSpec spec = {
  .info = &muster_delivery_info,
  .name = "deliveries",
  .title = N_ ("Deliveries"),
  .search = N_ ("Number, tracking number, carrier, address, recipient"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-deliveries-symbolic",
  .empty_title = N_ ("No Deliveries Yet"),
  .empty_text = N_ ("An order that is shipped makes one, and so does a purchase that is received."),
};

/* The time at which the day ends that TIME is in, or (AFTER FALSE) begins, as the API takes it. */
static void
write_day (char *text, GTimeZone *zone, gboolean end)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (zone);
  g_autoptr (GDateTime) day =
              g_date_time_new (zone, g_date_time_get_year (now), g_date_time_get_month (now),
                               g_date_time_get_day_of_month (now), 0, 0, 0);
  g_autoptr (GDateTime) edge = g_date_time_add_days (day, end ? 1 : 0);

  muster_time_format (g_date_time_to_unix (edge) * G_USEC_PER_SEC, text);
}

static void
muster_deliveries_page_which_cb (MusterDeliveriesPage *self)
{
  g_autofree char *name = NULL;
  GTimeZone       *zone;
  char             begin[MUSTER_TIME_TEXT_LENGTH + 1], end[MUSTER_TIME_TEXT_LENGTH + 1];
  gboolean         today, late, directed;

  if (self->records == NULL || self->which == NULL)
    return;
  g_object_get (self->which, "active-name", &name, NULL);
  today = g_strcmp0 (name, "today") == 0;
  late = g_strcmp0 (name, "late") == 0;
  directed = !today && !late && g_strcmp0 (name, "all") != 0;
  zone = muster_session_get_zone (muster_page_get_session (MUSTER_PAGE (self)));
  write_day (begin, zone, FALSE);
  write_day (end, zone, TRUE);
  muster_records_view_set_condition (self->records, "direction", directed ? name : NULL, NULL);
  muster_records_view_set_condition (self->records, "expected_at.min", today ? begin : NULL, NULL);
  muster_records_view_set_condition (self->records, "expected_at.max",
                                     today  ? end
                                     : late ? begin
                                            : NULL,
                                     NULL);
  muster_records_view_set_condition (self->records, "status", late ? OPEN_STATUSES : NULL, NULL);
}

static void
muster_deliveries_page_activate_cb (MusterDeliveriesPage *self, MusterIndexItem *item)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_delivery_page_new (muster_page_get_session (MUSTER_PAGE (self)),
                                              muster_index_item_get_id (item)));
}

static void
muster_deliveries_page_refresh (MusterPage *page)
{
  muster_records_view_refresh (MUSTER_DELIVERIES_PAGE (page)->records);
}

static void
muster_deliveries_page_list (MusterPage *page, const char *const *filters)
{
  MusterDeliveriesPage *self = MUSTER_DELIVERIES_PAGE (page);
  gboolean              view = g_strcmp0 (filters[0], "view") == 0;

  g_object_set (self->which, "active-name", view ? filters[1] : "all", NULL);
  muster_records_view_show_only (self->records, view ? filters + 2 : filters);
}

static void
muster_deliveries_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_records_view_do_page_action (MUSTER_DELIVERIES_PAGE (widget)->records, name);
}

static void
muster_deliveries_page_set_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveriesPage *self = MUSTER_DELIVERIES_PAGE (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  muster_inventory_set_status (muster_page_get_session (MUSTER_PAGE (self)), widget,
                               &muster_delivery_info, ids, g_variant_get_string (parameter, NULL));
  muster_records_view_end_selection (self->records);
}

static void
muster_deliveries_page_search (MusterPage *page)
{
  muster_records_view_search (MUSTER_DELIVERIES_PAGE (page)->records);
}

static void
muster_deliveries_page_constructed (GObject *object)
{
  MusterDeliveriesPage *self = MUSTER_DELIVERIES_PAGE (object);

  G_OBJECT_CLASS (muster_deliveries_page_parent_class)->constructed (object);
  self->records = MUSTER_RECORDS_VIEW (
    muster_records_view_new (muster_page_get_session (MUSTER_PAGE (self)), &spec));
  g_signal_connect_object (self->records, "activate",
                           G_CALLBACK (muster_deliveries_page_activate_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->list_bin, GTK_WIDGET (self->records));
}

static void
muster_deliveries_page_dispose (GObject *object)
{
  MUSTER_DELIVERIES_PAGE (object)->records = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_DELIVERIES_PAGE);
  G_OBJECT_CLASS (muster_deliveries_page_parent_class)->dispose (object);
}

static void
muster_deliveries_page_class_init (MusterDeliveriesPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_deliveries_page_constructed;
  object_class->dispose = muster_deliveries_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_deliveries_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_deliveries_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_deliveries_page_search;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/deliveries-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveriesPage, which);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveriesPage, list_bin);
  gtk_widget_class_bind_template_callback (widget_class, muster_deliveries_page_which_cb);
  gtk_widget_class_install_action (widget_class, "deliveries.set-status", "s",
                                   muster_deliveries_page_set_status_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_deliveries_page_list_action);
}

static void
muster_deliveries_page_init (MusterDeliveriesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
