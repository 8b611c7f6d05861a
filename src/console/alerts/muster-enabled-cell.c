/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-enabled-cell"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-doing.h"
#include "muster-enabled-cell.h"
#include "widgets/muster-references.h"

#define KEY_RECORD "muster-record"
#define KEY_SESSION "muster-session"

/* What was refused is as it was. */
static DexFuture *
muster_enabled_cell_refused_cb (DexFuture *future, gpointer cell)
{
  MusterEntity *record = g_object_get_data (cell, KEY_RECORD);

  if (record != NULL)
    gtk_switch_set_active (cell, muster_entity_get_boolean (record, "enabled"));
  return dex_ref (future);
}

/* The record decides: the knob moves, and the trough takes its colour once the site has said so. */
static gboolean
muster_enabled_cell_set_cb (GtkSwitch *cell, gboolean enabled)
{
  MusterSession *session = g_object_get_data (G_OBJECT (cell), KEY_SESSION);
  MusterEntity  *record = g_object_get_data (G_OBJECT (cell), KEY_RECORD);
  JsonObject    *changes;
  const char    *title;

  if (record == NULL || muster_entity_get_boolean (record, "enabled") == enabled)
    return GDK_EVENT_PROPAGATE;
  changes = json_object_new ();
  title = muster_reference_get_title (record);
  json_object_set_boolean_member (changes, "enabled", enabled);
  muster_do_and_offer (
    session,
    dex_future_catch (muster_api_collection_update (muster_session_get_client (session),
                                                    muster_entity_get_info (record),
                                                    muster_entity_get_id (record), changes, 0),
                      muster_enabled_cell_refused_cb, g_object_ref (cell), g_object_unref),
    muster_entity_get_info (record)->name, muster_entity_get_id (record),
    enabled ? g_strdup_printf (_ ("“%s” is switched on"), title)
            : g_strdup_printf (_ ("“%s” is switched off"), title),
    _ ("Could not switch it"));
  return GDK_EVENT_STOP;
}

GtkWidget *
muster_enabled_cell_create (MusterSession *session)
{
  GtkWidget *cell = gtk_switch_new ();

  gtk_widget_set_halign (cell, GTK_ALIGN_START);
  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (cell), KEY_SESSION, g_object_ref (session), g_object_unref);
  g_signal_connect (cell, "state-set", G_CALLBACK (muster_enabled_cell_set_cb), NULL);
  return cell;
}

void
muster_enabled_cell_show (GtkWidget     *cell,
                          MusterEntity  *record,
                          MusterSession *session,
                          const char    *operation)
{
  gboolean         enabled = muster_entity_get_boolean (record, "enabled");
  g_autofree char *label = g_strdup_printf (_ ("Enabled: %s"), muster_reference_get_title (record));

  g_object_set_data_full (G_OBJECT (cell), KEY_RECORD, g_object_ref (record), g_object_unref);
  gtk_switch_set_active (GTK_SWITCH (cell), enabled);
  gtk_switch_set_state (GTK_SWITCH (cell), enabled);
  gtk_widget_set_sensitive (cell, muster_session_may (session, operation));
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
