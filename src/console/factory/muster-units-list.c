/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-units-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-factory-unit.h"
#include "muster-page.h"
#include "muster-report-page.h"
#include "muster-units-list.h"
#include "widgets/muster-records-view.h"

struct _MusterUnitsList
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterUnitsList, muster_units_list, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "serial", 140, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-board-symbolic" },
  { "status", 160 },
  { "number", 70, 3 },
  { "step", 150, 2, MUSTER_COLUMN_UNSORTED },
  { "finished_at", 120, 1, MUSTER_COLUMN_AGE },
  { "port", 160, 5, MUSTER_COLUMN_HIDDEN },
  { "attempt", 90, 4, MUSTER_COLUMN_HIDDEN },
  { "label", 140, 4, MUSTER_COLUMN_HIDDEN },
  { "waits_for", 200, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "error", 220, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "passed" },
  { "status", "failed" },
  { "status", "asking" },
  { "label", "failed" },
};

static const char *const below[] = { "status", "step", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_factory_unit_info,
  .name = "factory-units",
  .title = N_ ("Boards"),
  .search = N_ ("Serial number, port"),
  .sort = "-number",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-board-symbolic",
  .empty_title = N_ ("No Boards Yet"),
  .empty_text = N_ ("Open the station, put a board on its port, and press Enter."),
};

static void
muster_units_list_activate_cb (MusterUnitsList *self, MusterIndexItem *item)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page),
                    muster_report_page_new_for_unit (self->session,
                                                     muster_index_item_get_id (item)));
}

/* --- life --- */

static void
muster_units_list_dispose (GObject *object)
{
  g_clear_object (&MUSTER_UNITS_LIST (object)->session);
  G_OBJECT_CLASS (muster_units_list_parent_class)->dispose (object);
}

static void
muster_units_list_class_init (MusterUnitsListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_units_list_dispose;
}

static void
muster_units_list_init (MusterUnitsList *self)
{
}

GtkWidget *
muster_units_list_new (MusterSession *session, const char *batch_id)
{
  MusterUnitsList *self = g_object_new (MUSTER_TYPE_UNITS_LIST, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_units_list_activate_cb),
                           self, G_CONNECT_SWAPPED);
  muster_records_view_set_condition (self->records, "batch_id", batch_id, NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
