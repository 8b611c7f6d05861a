/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-components-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-firmware-component.h"
#include "muster-components-view.h"
#include "widgets/muster-records-view.h"

struct _MusterComponentsView
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterComponentsView, muster_components_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 200, .flags = MUSTER_COLUMN_TITLE, .icon_name = "package-x-generic-symbolic" },
  { "version", 120 },
  { "artifact_id", 160, 1, MUSTER_COLUMN_UNSORTED },
  { "licence", 150, 2, MUSTER_COLUMN_UNSORTED },
  { "package_url", 240, 3, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const char *const below[] = { "version", "artifact_id", NULL };

static const MusterRecordsTouch touches[] = { { "attachment", NULL }, { NULL, NULL } };

static const MusterRecordsSpec spec = {
  .info = &muster_firmware_component_info,
  .name = "firmware-components",
  .title = N_ ("Components"),
  .search = N_ ("Component, version"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .touches = touches,
  .empty_icon = "package-x-generic-symbolic",
  .empty_title = N_ ("No Components Yet"),
  .empty_text = N_ ("Attach its bill of materials (CycloneDX or SPDX) on the page of a piece of "
                    "firmware: what it contains can be searched here then, over all firmware."),
};

/* What contains it. */
static void
muster_components_view_activate_cb (MusterComponentsView *self, MusterIndexItem *item)
{
  MusterEntity *component = muster_index_item_get_entity (item);

  if (component != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "firmware_artifact",
                                muster_entity_get_string (component, "artifact_id"));
}

static void
muster_components_view_class_init (MusterComponentsViewClass *klass)
{
}

static void
muster_components_view_init (MusterComponentsView *self)
{
}

GtkWidget *
muster_components_view_new (MusterSession *session)
{
  MusterComponentsView *self = g_object_new (MUSTER_TYPE_COMPONENTS_VIEW, NULL);
  GtkWidget            *records = muster_records_view_new (session, &spec);

  g_signal_connect_object (records, "activate", G_CALLBACK (muster_components_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), records);
  return GTK_WIDGET (self);
}
