/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-batches-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-records-delete.h"
#include "firmware/muster-share-bar.h"
#include "model/muster-factory-batch.h"
#include "muster-factory-batch-dialog.h"
#include "muster-factory-batch-page.h"
#include "muster-factory-batches-view.h"
#include "muster-page.h"
#include "widgets/muster-record-pages.h"

struct _MusterFactoryBatchesView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterFactoryBatchesView, muster_factory_batches_view, ADW_TYPE_BIN)

/* --- what the list is made of --- */

static GtkWidget *
create_shares (MusterSession *session)
{
  GtkWidget *bar = muster_share_bar_new ();

  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  return bar;
}

static void
show_shares (GtkWidget *cell, MusterEntity *batch, MusterSession *session)
{
  const MusterShares shares = { .total = muster_entity_get_integer (batch, "wanted"),
                                .succeeded = muster_entity_get_integer (batch, "passed"),
                                .failed = muster_entity_get_integer (batch, "failed") };

  muster_share_bar_set (MUSTER_SHARE_BAR (cell), &shares);
}

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-factory-symbolic" },
  { "status", 110 },
  { "passed", 140, 1, MUSTER_COLUMN_UNSORTED, N_ ("Progress"), .create = create_shares,
    .show = show_shares },
  { "wanted", 80, 3 },
  { "failed", 80, 2 },
  { "product_id", 160, 4, MUSTER_COLUMN_UNSORTED },
  { "plan_id", 140, 5, MUSTER_COLUMN_UNSORTED },
  { "created_at", 120, 3, MUSTER_COLUMN_AGE },
  { "model", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "artifact_id", 140, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "location_id", 140, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "open" },
  { "status", "closed" },
};

static const char *const below[] = { "status", "product_id", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "batches.delete", "deleteFactoryBatch" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_factory_batch_info,
  .name = "factory-batches",
  .title = N_ ("Batches"),
  .search = N_ ("Name, model"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-factory-symbolic",
  .empty_title = N_ ("No Batches Yet"),
  .empty_text =
    N_ ("A batch makes units of a product out of boards: each is given its firmware, its "
        "serial number and its keys, is tested, and lies in stock with its label."),
  .new_label = N_ ("_Begin a Batch…"),
  .new_operation = "createFactoryBatch",
};

/* --- actions --- */

static void
muster_factory_batches_view_saved_cb (MusterFactoryBatchesView *self, MusterEntity *batch)
{
  muster_record_page_open (GTK_WIDGET (self), muster_factory_batch_page_new,
                           muster_entity_get_id (batch));
}

static void
muster_factory_batches_view_new_cb (MusterFactoryBatchesView *self)
{
  AdwDialog *dialog = muster_factory_batch_dialog_new (self->session, NULL);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (muster_factory_batches_view_saved_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_factory_batches_view_delete_cb (MusterFactoryBatchesView *self)
{
  if (muster_session_may (self->session, "deleteFactoryBatch"))
    muster_records_delete_chosen (self->session, self->records, &muster_factory_batch_info);
}

static void
muster_factory_batches_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_factory_batches_view_delete_cb (MUSTER_FACTORY_BATCHES_VIEW (widget));
}

/* --- life --- */

static void
muster_factory_batches_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_FACTORY_BATCHES_VIEW (object)->session);
  G_OBJECT_CLASS (muster_factory_batches_view_parent_class)->dispose (object);
}

static void
muster_factory_batches_view_class_init (MusterFactoryBatchesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_factory_batches_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "batches.delete", NULL,
                                   muster_factory_batches_view_delete_action);
}

static void
muster_factory_batches_view_init (MusterFactoryBatchesView *self)
{
}

GtkWidget *
muster_factory_batches_view_new (MusterSession *session)
{
  MusterFactoryBatchesView *self = g_object_new (MUSTER_TYPE_FACTORY_BATCHES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_open_pages (self->records, muster_factory_batch_page_new);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_factory_batches_view_new_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete",
                           G_CALLBACK (muster_factory_batches_view_delete_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
