/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-count-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-stocktake-line.h"
#include "muster-count-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-status-chip.h"

/* What a row of either kind knows: its data. */
typedef struct
{
  MusterSession *session;
  MusterEntity  *line; /* (nullable) */
  char          *id;
  char          *code;
  gint64         quantity;
  GtkWidget     *chip;
  GtkWidget     *waiting;
  GtkWidget     *undo;
} Row;

#define KEY "muster-row"

static void
row_free (gpointer data)
{
  Row *row = data;

  g_object_unref (row->session);
  g_clear_object (&row->line);
  g_free (row->id);
  g_free (row->code);
  g_free (row);
}

static Row *
get_row (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), KEY);
}

static GtkWidget *
create_row (MusterSession *session)
{
  GtkWidget *widget = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 1,
                                    "subtitle-lines", 2, NULL);
  Row       *row = g_new0 (Row, 1);

  row->session = g_object_ref (session);
  g_object_set_data_full (G_OBJECT (widget), KEY, row, row_free);
  return widget;
}

/* --- scans --- */

GtkWidget *
muster_scan_row_new (MusterSession *session, const char *id, const char *code, gint64 quantity)
{
  GtkWidget       *widget = create_row (session);
  Row             *row = get_row (widget);
  g_autofree char *label = g_strdup_printf (_ ("Take %s back"), code);

  row->id = g_strdup (id);
  row->code = g_strdup (code);
  row->quantity = quantity;
  row->waiting = gtk_label_new (_ ("On its way"));
  gtk_widget_add_css_class (row->waiting, "dim-label");
  row->chip = muster_status_chip_new ();
  gtk_widget_set_visible (row->chip, FALSE);
  row->undo = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_set_valign (row->undo, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (row->undo, "flat");
  gtk_widget_set_tooltip_text (row->undo, _ ("Take this scan back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->undo), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_visible (row->undo, quantity > 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), code);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->waiting);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->chip);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->undo);
  return widget;
}

const char *
muster_scan_row_get_id (GtkWidget *widget)
{
  return get_row (widget)->id;
}

const char *
muster_scan_row_get_code (GtkWidget *widget)
{
  return get_row (widget)->code;
}

gint64
muster_scan_row_get_quantity (GtkWidget *widget)
{
  return get_row (widget)->quantity;
}

GtkWidget *
muster_scan_row_get_undo (GtkWidget *widget)
{
  return get_row (widget)->undo;
}

/* "T7-2601 · 3 of 5": (transfer full). */
static char *
describe_scan (Row *row, JsonObject *item)
{
  const char *detail = muster_api_json_get_string (item, "detail");
  const char *kind = muster_api_json_get_string (item, "kind");
  gint64      counted = muster_api_json_get_integer (item, "counted", 0);
  gint64      expected = muster_api_json_get_integer (item, "expected", 0);

  if (detail != NULL)
    return muster_format_sentence (detail);
  if (row->quantity < 0)
    return g_strdup_printf (_ ("%s · taken back"), row->code);
  if (g_strcmp0 (kind, "product") == 0 && expected > 0)
    return g_strdup_printf (_ ("%s · %d of %d"), row->code, (int)counted, (int)expected);
  if (g_strcmp0 (kind, "product") == 0 || g_strcmp0 (kind, "unknown") == 0)
    return g_strdup_printf (_ ("%s · %d counted"), row->code, (int)counted);
  return g_strdup (row->code);
}

void
muster_scan_row_take (GtkWidget *widget, JsonObject *item)
{
  Row             *row = get_row (widget);
  const char      *title = muster_api_json_get_string (item, "title");
  g_autofree char *subtitle = describe_scan (row, item);
  int              result =
    muster_enum_parse (&muster_count_result_enum, muster_api_json_get_string (item, "result"));

  gtk_widget_set_visible (row->waiting, FALSE);
  gtk_widget_set_visible (row->chip, result >= 0 && row->quantity > 0);
  if (result >= 0)
    muster_status_chip_set_value (MUSTER_STATUS_CHIP (row->chip), &muster_count_result_enum,
                                  result);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), title != NULL ? title : row->code);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), subtitle);
  gtk_widget_set_visible (row->undo, row->quantity > 0 &&
                                       muster_api_json_get_string (item, "line_id") != NULL);
}

void
muster_scan_row_refuse (GtkWidget *widget, const char *message)
{
  Row             *row = get_row (widget);
  g_autofree char *text = muster_format_sentence (message);

  gtk_label_set_label (GTK_LABEL (row->waiting), _ ("Refused"));
  gtk_widget_add_css_class (row->waiting, "error");
  gtk_widget_set_visible (row->undo, FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), text);
}

/* --- lines --- */

static const char *
get_name (Row *row, const char *field, const char *entity)
{
  const char *id = muster_entity_get_string (row->line, field);

  return id != NULL ? muster_references_get_name (muster_references_get (row->session), entity, id)
                    : NULL;
}

static void
show_line (GtkWidget *widget)
{
  Row             *row = get_row (widget);
  const char      *device = get_name (row, "device_id", "device");
  const char      *product = get_name (row, "product_id", "product");
  const char      *place = get_name (row, "location_id", "location");
  const char      *code = muster_entity_get_string (row->line, "code");
  const char      *title = device != NULL ? device : product != NULL ? product : code;
  g_autofree char *subtitle =
    g_strdup_printf ("%s%s%s", title != code ? code : "",
                     title != code && place != NULL ? " · " : "", place != NULL ? place : "");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), subtitle);
}

GtkWidget *
muster_count_line_row_new (MusterSession *session, MusterEntity *line)
{
  GtkWidget *widget = create_row (session);
  Row       *row = get_row (widget);
  gint64     counted = muster_entity_get_integer (line, "counted");
  gint64     expected = muster_entity_get_integer (line, "expected");

  row->line = g_object_ref (line);
  row->chip = muster_status_chip_new ();
  muster_status_chip_set_value (MUSTER_STATUS_CHIP (row->chip), &muster_count_result_enum,
                                muster_entity_get_enum (line, "result"));
  /* A single unit is there or not; its numbers say no more. */
  if (muster_entity_is_null (line, "device_id"))
    {
      g_autofree char *text = g_strdup_printf (_ ("%d of %d"), (int)counted, (int)expected);
      GtkWidget       *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (widget), label);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->chip);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (show_line),
                           widget, G_CONNECT_SWAPPED);
  show_line (widget);
  return widget;
}
