/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-stock-move.h"
#include "muster-stock-row.h"
#include "widgets/muster-age-label.h"
#include "widgets/muster-references.h"

#define KEY_RECORD "muster-record"
#define KEY_SESSION "muster-session"

static MusterEntity *
get_record (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), KEY_RECORD);
}

static const char *
get_name (GtkWidget *row, const char *entity, const char *id)
{
  MusterSession *session = g_object_get_data (G_OBJECT (row), KEY_SESSION);
  const char    *name = muster_references_get_name (muster_references_get (session), entity, id);

  return name != NULL ? name : "…";
}

static GtkWidget *
create_row (MusterSession *session, MusterEntity *record, GCallback show)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);

  g_object_set_data_full (G_OBJECT (row), KEY_RECORD, g_object_ref (record), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), KEY_SESSION, g_object_ref (session), g_object_unref);
  /* Names may come after the row. */
  g_signal_connect_object (muster_references_get (session), "changed", show, row,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
show_level (GtkWidget *row)
{
  MusterEntity    *level = get_record (row);
  const char      *location = muster_entity_get_string (level, "location_id");
  const char      *batch = muster_entity_get_string (level, "batch_id");
  g_autofree char *subtitle = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), location != NULL
                                                              ? get_name (row, "location", location)
                                                              : _ ("Without a place"));
  if (batch != NULL)
    subtitle = g_strdup_printf (_ ("Batch %s"), get_name (row, "batch", batch));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
}

GtkWidget *
muster_stock_level_row_new (MusterSession *session, MusterEntity *level)
{
  GtkWidget       *row = create_row (session, level, G_CALLBACK (show_level));
  gint64           quantity = muster_entity_get_integer (level, "quantity");
  gint64           reserved = muster_entity_get_integer (level, "reserved");
  g_autofree char *text = reserved > 0
                            ? g_strdup_printf (_ ("%d, %d reserved"), (int)quantity, (int)reserved)
                            : g_strdup_printf ("%d", (int)quantity);
  GtkWidget       *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  show_level (row);
  return row;
}

static char *
describe_end (GtkWidget *row, MusterEntity *move, const char *field, const char *outside)
{
  const char *id = muster_entity_get_string (move, field);

  if (id != NULL)
    return g_strdup (get_name (row, "location", id));
  return g_strdup (muster_entity_get_boolean (move, outside) ? _ ("Outside") : _ ("No place"));
}

static void
show_move (GtkWidget *row)
{
  MusterEntity    *move = get_record (row);
  g_autofree char *from = describe_end (row, move, "from_location_id", "outside_from");
  g_autofree char *to = describe_end (row, move, "to_location_id", "outside_to");
  const char      *note = muster_entity_get_string (move, "note");
  const char      *device = muster_entity_get_string (move, "device_id");
  g_autofree char *what =
    device != NULL ? g_strdup (get_name (row, "device", device))
                   : g_strdup_printf ("%d", (int)muster_entity_get_integer (move, "quantity"));
  g_autofree char *title =
    g_strdup_printf ("%s: %s",
                     _ (muster_enum_get_label (&muster_move_reason_enum,
                                               muster_entity_get_enum (move, "reason"))),
                     what);
  g_autofree char *subtitle =
    muster_entity_get_enum (move, "reason") == MUSTER_MOVE_REASON_RESERVE
      ? g_strdup (from)
      : g_strdup_printf ("%s → %s%s%s", from, to, note != NULL ? " · " : "",
                         note != NULL ? note : "");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
}

GtkWidget *
muster_stock_move_row_new (MusterSession *session, MusterEntity *move)
{
  GtkWidget *row = create_row (session, move, G_CALLBACK (show_move));
  GtkWidget *age = muster_age_label_new ();

  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age),
                             muster_entity_get_integer (move, "created_at"));
  muster_age_label_set_whole (MUSTER_AGE_LABEL (age), TRUE);
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (age, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  show_move (row);
  return row;
}
