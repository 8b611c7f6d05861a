/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unit-lines"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "model/muster-adoption-code.h"
#include "muster-unit-lines.h"
#include "scanning/muster-scan.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"

/* A line with no more units than that shows them at once. */
#define FEW_UNITS 6

typedef struct
{
  MusterEntity *item; /* (owned) */
  GtkWidget    *row;  /* borrowed: a spin row, or an expander with a row for each unit */
  GPtrArray *units; /* (owned) (nullable) (element-type GtkCheckButton) borrowed from their rows */
} Line;

struct _MusterUnitLines
{
  GObject parent_instance;

  MusterSession       *session; /* (owned) */
  AdwPreferencesGroup *group;
  GPtrArray           *lines; /* (owned) (element-type Line) */
  gboolean             scanned_one;

  /* Of the dialog: NULL without scanning */
  GtkWidget             *dialog;
  GtkWidget             *scan_group;
  AdwEntryRow           *entry;
  GtkLabel              *scanned;
  const MusterUnitWords *words;
};

G_DEFINE_FINAL_TYPE (MusterUnitLines, muster_unit_lines, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
line_free (gpointer data)
{
  Line *line = data;

  g_object_unref (line->item);
  g_clear_pointer (&line->units, g_ptr_array_unref);
  g_free (line);
}

static Line *
get_line (MusterUnitLines *self, unsigned index)
{
  return self->lines->pdata[index];
}

static MusterEntity *
get_unit (GtkWidget *check)
{
  return g_object_get_data (G_OBJECT (check), "muster-unit");
}

static const char *
get_serial (MusterEntity *device)
{
  const char *serial = muster_entity_get_string (device, "serial");

  return serial != NULL ? serial : muster_entity_get_string (device, "name");
}

static const char *
get_name (MusterEntity *item)
{
  const char *name = muster_entity_get_string (item, "description");

  return name != NULL ? name : _ ("Goods");
}

static gint64
count_line (const Line *line)
{
  gint64 count = 0;

  if (line->units == NULL)
    return adw_spin_row_get_value (ADW_SPIN_ROW (line->row));
  for (unsigned i = 0; i < line->units->len; i++)
    count += gtk_check_button_get_active (line->units->pdata[i]);
  return count;
}

/* The one place that says what is chosen. */
static void
muster_unit_lines_update (MusterUnitLines *self)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line            *line = get_line (self, i);
      g_autofree char *text = NULL;

      if (line->units == NULL)
        continue;
      text = g_strdup_printf (_ ("%" PRId64 " of %u units"), count_line (line), line->units->len);
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (line->row), text);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- lines --- */

/* Where it lies, and what it is called: the names of places come later. */
static void
describe_unit (MusterUnitLines *self, GtkWidget *check)
{
  static const char *const fields[] = { "location_id", "name", NULL };
  GtkWidget               *row = gtk_widget_get_ancestor (check, ADW_TYPE_ACTION_ROW);
  g_autofree char *about = muster_record_format_line (self->session, get_unit (check), fields);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
}

static void
muster_unit_lines_names_cb (MusterUnitLines *self)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = get_line (self, i);

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        describe_unit (self, line->units->pdata[j]);
    }
}

static void
add_unit (MusterUnitLines *self, Line *line, MusterEntity *device, gboolean chosen)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", get_serial (device), NULL);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_serial (device), -1);
  g_object_set_data_full (G_OBJECT (check), "muster-unit", g_object_ref (device), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (muster_unit_lines_update), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (line->row), row);
  g_ptr_array_add (line->units, check);
  describe_unit (self, check);
}

/* ROW: with its title. */
static Line *
add_line (MusterUnitLines *self, MusterEntity *item, GtkWidget *row)
{
  Line *line = g_new0 (Line, 1);

  line->item = g_object_ref (item);
  line->row = row;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_name (item));
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->lines, line);
  return line;
}

void
muster_unit_lines_add_units (MusterUnitLines *self,
                             MusterEntity    *item,
                             GPtrArray       *units,
                             gboolean         chosen)
{
  Line *line;

  g_return_if_fail (MUSTER_IS_UNIT_LINES (self));
  g_return_if_fail (units != NULL);

  line = add_line (self, item, adw_expander_row_new ());
  line->units = g_ptr_array_new ();
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (line->row), units->len <= FEW_UNITS);
  for (unsigned i = 0; i < units->len; i++)
    add_unit (self, line, units->pdata[i], chosen);
  if (self->scan_group != NULL)
    gtk_widget_set_visible (self->scan_group, TRUE);
  muster_unit_lines_update (self);
}

void
muster_unit_lines_add_quantity (MusterUnitLines *self,
                                MusterEntity    *item,
                                gint64           most,
                                gint64           value)
{
  Line *line;

  g_return_if_fail (MUSTER_IS_UNIT_LINES (self));

  line = add_line (self, item, adw_spin_row_new_with_range (0, most, 1));
  adw_spin_row_set_value (ADW_SPIN_ROW (line->row), value);
  g_signal_connect_object (line->row, "notify::value", G_CALLBACK (muster_unit_lines_update), self,
                           G_CONNECT_SWAPPED);
  muster_unit_lines_update (self);
}

/* --- scanning --- */

static GtkWidget *
find_unit (MusterUnitLines *self, const char *serial)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = get_line (self, i);

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        if (g_ascii_strcasecmp (get_serial (get_unit (line->units->pdata[j])), serial) == 0)
          return line->units->pdata[j];
    }
  return NULL;
}

static void
clear_units (MusterUnitLines *self)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = get_line (self, i);

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        gtk_check_button_set_active (line->units->pdata[j], FALSE);
    }
}

static void
show_scanned (MusterUnitLines *self, gboolean right, const char *serial)
{
  const char      *format = right ? self->words->taken : self->words->unknown;
  g_autofree char *text = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (_ (format), serial);
#pragma GCC diagnostic pop
  gtk_label_set_label (self->scanned, text);
  gtk_widget_set_visible (GTK_WIDGET (self->scanned), TRUE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->scanned), right ? "error" : "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->scanned), right ? "success" : "error");
  gtk_accessible_announce (GTK_ACCESSIBLE (self->dialog), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
take_code (MusterUnitLines *self, const char *code)
{
  g_autofree char *serial = NULL, *secret = NULL;
  GtkWidget       *check;

  if (!muster_adoption_code_is_one (code) ||
      !muster_adoption_code_parse (code, &serial, &secret, NULL))
    serial = g_strstrip (g_strdup (code));
  if (secret != NULL)
    memset (secret, 0, strlen (secret));
  check = find_unit (self, serial);
  if (check == NULL)
    {
      show_scanned (self, FALSE, serial);
      return;
    }
  if (!self->scanned_one)
    clear_units (self);
  self->scanned_one = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  show_scanned (self, TRUE, serial);
}

static void
muster_unit_lines_typed_cb (MusterUnitLines *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));

  if (*code == '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  take_code (self, code);
}

static gboolean
muster_unit_lines_scanned (GtkWidget *widget, const char *code, gpointer user_data)
{
  take_code (user_data, code);
  return TRUE;
}

void
muster_unit_lines_attach_scan (MusterUnitLines       *self,
                               GtkWidget             *dialog,
                               GtkWidget             *scan_group,
                               AdwEntryRow           *entry,
                               GtkLabel              *scanned,
                               const MusterUnitWords *words)
{
  g_return_if_fail (MUSTER_IS_UNIT_LINES (self));
  g_return_if_fail (words != NULL);

  self->dialog = dialog;
  self->scan_group = scan_group;
  self->entry = entry;
  self->scanned = scanned;
  self->words = words;
  gtk_widget_set_visible (scan_group, FALSE);
  g_signal_connect_object (entry, "entry-activated", G_CALLBACK (muster_unit_lines_typed_cb), self,
                           G_CONNECT_SWAPPED);
  muster_scan_claim (dialog, muster_unit_lines_scanned, g_object_ref (self), g_object_unref);
}

/* --- what is chosen --- */

void
muster_unit_lines_clear (MusterUnitLines *self)
{
  g_return_if_fail (MUSTER_IS_UNIT_LINES (self));

  g_ptr_array_set_size (self->lines, 0);
}

unsigned
muster_unit_lines_get_length (MusterUnitLines *self)
{
  g_return_val_if_fail (MUSTER_IS_UNIT_LINES (self), 0);

  return self->lines->len;
}

MusterEntity *
muster_unit_lines_get_item (MusterUnitLines *self, unsigned line)
{
  g_return_val_if_fail (MUSTER_IS_UNIT_LINES (self), NULL);
  g_return_val_if_fail (line < self->lines->len, NULL);

  return get_line (self, line)->item;
}

gint64
muster_unit_lines_get_quantity (MusterUnitLines *self, unsigned line)
{
  g_return_val_if_fail (MUSTER_IS_UNIT_LINES (self), 0);
  g_return_val_if_fail (line < self->lines->len, 0);

  return count_line (get_line (self, line));
}

gint64
muster_unit_lines_get_total (MusterUnitLines *self)
{
  gint64 total = 0;

  g_return_val_if_fail (MUSTER_IS_UNIT_LINES (self), 0);

  for (unsigned i = 0; i < self->lines->len; i++)
    total += count_line (get_line (self, i));
  return total;
}

GPtrArray *
muster_unit_lines_list_chosen (MusterUnitLines *self, unsigned line)
{
  GPtrArray *checks;
  GPtrArray *chosen;

  g_return_val_if_fail (MUSTER_IS_UNIT_LINES (self), NULL);
  g_return_val_if_fail (line < self->lines->len, NULL);

  checks = get_line (self, line)->units;
  if (checks == NULL)
    return NULL;
  chosen = g_ptr_array_new_with_free_func (g_object_unref);
  for (unsigned i = 0; i < checks->len; i++)
    if (gtk_check_button_get_active (checks->pdata[i]))
      g_ptr_array_add (chosen, g_object_ref (get_unit (checks->pdata[i])));
  return chosen;
}

/* --- life --- */

static void
muster_unit_lines_finalize (GObject *object)
{
  MusterUnitLines *self = MUSTER_UNIT_LINES (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->lines);
  G_OBJECT_CLASS (muster_unit_lines_parent_class)->finalize (object);
}

static void
muster_unit_lines_class_init (MusterUnitLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_unit_lines_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_UNIT_LINES, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_unit_lines_init (MusterUnitLines *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
}

MusterUnitLines *
muster_unit_lines_new (MusterSession *session, AdwPreferencesGroup *group)
{
  MusterUnitLines *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (ADW_IS_PREFERENCES_GROUP (group), NULL);

  self = g_object_new (MUSTER_TYPE_UNIT_LINES, NULL);
  self->session = g_object_ref (session);
  self->group = group;
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_unit_lines_names_cb), self, G_CONNECT_SWAPPED);
  return self;
}
