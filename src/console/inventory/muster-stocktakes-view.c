/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktakes-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-stocktake.h"
#include "muster-inventory-actions.h"
#include "muster-page.h"
#include "muster-stocktake-page.h"
#include "muster-stocktakes-view.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-pages.h"

struct _MusterStocktakesView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterStocktakesView, muster_stocktakes_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 190, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-count-symbolic" },
  { "status", 120 },
  { "location_id", 220, 1 },
  { "blind", 80, 3 },
  { "created_at", 110, 4, MUSTER_COLUMN_AGE, N_ ("Begun") },
  { "applied_at", 110, 2, MUSTER_COLUMN_AGE },
  { "notes", 160, 5, MUSTER_COLUMN_HIDDEN },
};

static const MusterFilterChip chips[] = {
  { "status", "counting" },
  { "status", "applied" },
  { "status", "cancelled" },
};

static const char *const below[] = { "location_id", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "stocktakes.delete", "deleteStocktake" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_stocktake_info,
  .name = "stocktakes",
  .title = N_ ("Counts"),
  .search = N_ ("Name"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-count-symbolic",
  .empty_title = N_ ("Nothing Was Counted Yet"),
  .empty_text = N_ ("Count a place by scanning what lies there: what is missing, extra or moved "
                    "shows at once, and the result becomes the stock, with one Undo."),
  .new_label = N_ ("_Start a Count…"),
  .new_operation = "createStocktake",
};

static void
muster_stocktakes_view_saved_cb (MusterStocktakesView *self, MusterEntity *stocktake)
{
  muster_record_page_open (GTK_WIDGET (self), muster_stocktake_page_new,
                           muster_entity_get_id (stocktake));
}

static void
muster_stocktakes_view_new_cb (MusterStocktakesView *self)
{
  static const char *const         fields[] = { "location_id", "name", "blind", "notes", NULL };
  static const MusterRecordSection sections[] = { { NULL, fields }, { NULL, NULL } };
  AdwDialog       *dialog = muster_record_dialog_new (self->session, &muster_stocktake_info, NULL,
                                                      sections, _ ("Start a Count"));
  g_autofree char *date =
    muster_format_date (g_get_real_time (), muster_session_get_zone (self->session));
  /* Translators: the name of a count, with its day. */
  g_autofree char *name = g_strdup_printf (_ ("Count of %s"), date);

  muster_record_dialog_preset (MUSTER_RECORD_DIALOG (dialog), "name", name);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (muster_stocktakes_view_saved_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_stocktakes_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakesView *self = MUSTER_STOCKTAKES_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  muster_inventory_delete (self->session, widget, &muster_stocktake_info, ids);
  muster_records_view_end_selection (self->records);
}

static void
muster_stocktakes_view_delete_cb (MusterStocktakesView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "stocktakes.delete", NULL);
}

static void
muster_stocktakes_view_rights_cb (MusterStocktakesView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stocktakes.delete",
                                 muster_session_may (self->session, "deleteStocktake"));
}

static void
muster_stocktakes_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_STOCKTAKES_VIEW (object)->session);
  G_OBJECT_CLASS (muster_stocktakes_view_parent_class)->dispose (object);
}

static void
muster_stocktakes_view_class_init (MusterStocktakesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_stocktakes_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "stocktakes.delete", NULL,
                                   muster_stocktakes_view_delete_action);
}

static void
muster_stocktakes_view_init (MusterStocktakesView *self)
{
}

GtkWidget *
muster_stocktakes_view_new (MusterSession *session)
{
  MusterStocktakesView *self = g_object_new (MUSTER_TYPE_STOCKTAKES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_open_pages (self->records, muster_stocktake_page_new);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_stocktakes_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_stocktakes_view_delete_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_stocktakes_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_stocktakes_view_rights_cb (self);
  return GTK_WIDGET (self);
}
