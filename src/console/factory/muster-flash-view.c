/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "firmware/muster-share-bar.h"
#include "model/muster-flash-batch.h"
#include "muster-flash-dialog.h"
#include "muster-flash-page.h"
#include "muster-flash-view.h"
#include "muster-page.h"
#include "widgets/muster-record-pages.h"

struct _MusterFlashView
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterFlashView, muster_flash_view, ADW_TYPE_BIN)

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
  const MusterShares shares = { .total = muster_entity_get_integer (batch, "total"),
                                .succeeded = muster_entity_get_integer (batch, "succeeded"),
                                .failed = muster_entity_get_integer (batch, "failed") };

  muster_share_bar_set (MUSTER_SHARE_BAR (cell), &shares);
}

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-circuit-symbolic" },
  { "status", 140 },
  { "succeeded", 140, 1, MUSTER_COLUMN_UNSORTED, N_ ("Progress"), .create = create_shares,
    .show = show_shares },
  { "total", 80, 3 },
  { "failed", 80, 2 },
  { "artifact_id", 160, 4, MUSTER_COLUMN_UNSORTED },
  { "tool", 110, 5 },
  { "created_at", 120, 3, MUSTER_COLUMN_AGE },
  { "part", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "programmer", 110, 7, MUSTER_COLUMN_HIDDEN },
};

static const MusterFilterChip chips[] = {
  { "status", "open" },
  { "status", "finished" },
  { "status", "cancelled" },
};

static const char *const below[] = { "status", "artifact_id", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_flash_batch_info,
  .name = "flash-batches",
  .title = N_ ("Flashing"),
  .search = N_ ("Name"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-circuit-symbolic",
  .empty_title = N_ ("No Boards Flashed Yet"),
  .empty_text = N_ ("Boards on cables at the daemon’s machine are given firmware here, several at "
                    "once: each is written, read back and told of by itself."),
  .new_label = N_ ("_Flash Boards…"),
  .new_operation = "createFlashBatch",
};

/* --- actions --- */

static void
muster_flash_view_begun_cb (MusterFlashView *self, MusterEntity *batch)
{
  muster_record_page_open (GTK_WIDGET (self), muster_flash_page_new, muster_entity_get_id (batch));
}

static void
muster_flash_view_new_cb (MusterFlashView *self)
{
  AdwDialog *dialog = muster_flash_dialog_new (self->session, NULL);

  g_signal_connect_object (dialog, "begun", G_CALLBACK (muster_flash_view_begun_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* --- life --- */

static void
muster_flash_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_FLASH_VIEW (object)->session);
  G_OBJECT_CLASS (muster_flash_view_parent_class)->dispose (object);
}

static void
muster_flash_view_class_init (MusterFlashViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_flash_view_dispose;
}

static void
muster_flash_view_init (MusterFlashView *self)
{
}

GtkWidget *
muster_flash_view_new (MusterSession *session)
{
  MusterFlashView *self = g_object_new (MUSTER_TYPE_FLASH_VIEW, NULL);
  GtkWidget       *records = muster_records_view_new (session, &spec);

  self->session = g_object_ref (session);
  muster_records_view_open_pages (MUSTER_RECORDS_VIEW (records), muster_flash_page_new);
  g_signal_connect_object (records, "new", G_CALLBACK (muster_flash_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), records);
  return GTK_WIDGET (self);
}
