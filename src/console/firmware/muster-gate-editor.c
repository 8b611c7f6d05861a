/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate-editor"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "factory/muster-test-words.h"
#include "model/muster-gate.h"
#include "model/muster-number.h"
#include "muster-gate-editor.h"
#include "muster-rollout-words.h"
#include "widgets/muster-duration-row.h"
#include "widgets/muster-metric-suggest.h"

/* What is said of a watch, in the order of the rows. */
typedef enum
{
  PART_WATCH,
  PART_METRIC,
  PART_WORSE,
  PART_TOLERANCE,
  PART_AGAINST,
  PART_BEFORE,
  PART_ALPHA,
  PART_UNSURE,
  N_PARTS,
} Part;

static const struct
{
  const char        *member;
  const char        *title;
  const char *const *words; /* of a choice, by its index */
} parts[N_PARTS] = {
  [PART_WATCH] = { "watch", N_ ("Watches"), muster_gate_subjects },
  [PART_METRIC] = { "metric", N_ ("Metric") },
  [PART_WORSE] = { "worse", N_ ("What is worse"), muster_gate_directions },
  [PART_TOLERANCE] = { "tolerance", N_ ("So much worse is tolerated") },
  [PART_AGAINST] = { "against", N_ ("Compared with"), muster_gate_references },
  [PART_BEFORE] = { "before", N_ ("Time before the update that counts") },
  [PART_ALPHA] = { "alpha", N_ ("A false alarm may be so likely, in percent") },
  [PART_UNSURE] = { "unsure", N_ ("When too few devices tell"), muster_gate_doubts },
};

/* The rows of a watch, borrowed from the editor. */
typedef struct
{
  GtkWidget *parts[N_PARTS];
} Watch;

struct _MusterGateEditor
{
  MusterRowsEditor parent_instance;

  MusterSession *session; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterGateEditor, muster_gate_editor, MUSTER_TYPE_ROWS_EDITOR)

static unsigned
get_choice (const Watch *watch, Part part)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (watch->parts[part]));
}

/* --- JSON --- */

/* What is no number is left to the check to refuse. */
static void
write_number (JsonObject *object, Part part, const char *text, double scale, double otherwise)
{
  double number;

  if (!muster_number_read (text, &number))
    json_object_set_string_member (object, parts[part].member, text);
  else if (*text != '\0' && number / scale != otherwise)
    json_object_set_double_member (object, parts[part].member, number / scale);
}

static void
write_entry (JsonObject *object, const Watch *watch, Part part, double scale, double otherwise)
{
  g_autofree char *text =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (watch->parts[part]))));

  write_number (object, part, text, scale, otherwise);
}

/* Nothing where it is the first of the words, which is meant without any. */
static void
write_choice (JsonObject *object, const Watch *watch, Part part)
{
  if (get_choice (watch, part) > 0 && get_choice (watch, part) != GTK_INVALID_LIST_POSITION)
    json_object_set_string_member (object, parts[part].member,
                                   parts[part].words[get_choice (watch, part)]);
}

static JsonObject *
muster_gate_editor_write (gpointer item)
{
  const Watch     *watch = item;
  JsonObject      *object = json_object_new ();
  unsigned         subject = get_choice (watch, PART_WATCH);
  g_autofree char *metric =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (watch->parts[PART_METRIC]))));
  g_autofree char *before =
    muster_duration_row_dup_text (MUSTER_DURATION_ROW (watch->parts[PART_BEFORE]));

  json_object_set_string_member (object, "watch", muster_gate_subjects[subject]);
  if (subject == MUSTER_GATE_WATCH_METRIC)
    {
      json_object_set_string_member (object, "metric", metric);
      write_choice (object, watch, PART_WORSE);
    }
  write_entry (object, watch, PART_TOLERANCE, 1, 0);
  write_choice (object, watch, PART_AGAINST);
  write_number (object, PART_BEFORE, before, 1, MUSTER_GATE_BEFORE_DEFAULT);
  write_entry (object, watch, PART_ALPHA, 100, MUSTER_GATE_ALPHA_DEFAULT);
  write_choice (object, watch, PART_UNSURE);
  return object;
}

static void
read_choice (const Watch *watch, Part part, JsonObject *object)
{
  const char *word = muster_api_json_get_string (object, parts[part].member);

  for (unsigned i = 0; parts[part].words[i] != NULL; i++)
    if (g_strcmp0 (parts[part].words[i], word) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (watch->parts[part]), i);
}

static void
read_number (const Watch *watch, Part part, JsonObject *object, double scale, double otherwise)
{
  double           number = muster_api_json_get_double (object, parts[part].member, otherwise);
  g_autofree char *text = muster_number_format (number * scale, 6);

  gtk_editable_set_text (GTK_EDITABLE (watch->parts[part]), text);
}

/* --- rows --- */

static GtkWidget *
create_choice (Part part)
{
  const char *const words[N_PARTS][4] = {
    [PART_WATCH] = { _ ("A metric"), _ ("Errors of the devices"), _ ("Restarts") },
    [PART_WORSE] = { _ ("Higher is worse"), _ ("Lower is worse") },
    [PART_AGAINST] = { _ ("What was before, and the other devices"), _ ("What was before"),
                       _ ("The devices not updated yet") },
    [PART_UNSURE] = { _ ("Go on"), _ ("Stop") },
  };
  g_autoptr (GtkStringList) model = gtk_string_list_new (words[part]);

  return g_object_new (ADW_TYPE_COMBO_ROW, "title", _ (parts[part].title), "model", model, NULL);
}

static GtkWidget *
create_part (MusterGateEditor *self, Part part)
{
  GtkWidget *row;

  if (parts[part].words != NULL)
    return create_choice (part);
  if (part == PART_BEFORE)
    return muster_duration_row_new (_ (parts[part].title));
  row = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ (parts[part].title), NULL);
  if (part == PART_METRIC && self->session != NULL)
    muster_metric_suggest_attach (row, self->session, NULL, NULL);
  return row;
}

/* As OBJECT says. */
static Watch *
add_watch (MusterGateEditor *self, JsonObject *object)
{
  MusterRowsEditor *editor = MUSTER_ROWS_EDITOR (self);
  Watch            *watch = g_new0 (Watch, 1);
  const char       *metric = muster_api_json_get_string (object, "metric");
  g_autofree char  *before =
    g_strdup_printf ("%.0f",
                     muster_api_json_get_double (object, "before", MUSTER_GATE_BEFORE_DEFAULT));

  for (unsigned i = 0; i < N_PARTS; i++)
    watch->parts[i] = create_part (self, i);
  for (unsigned i = 0; i < N_PARTS; i++)
    if (parts[i].words != NULL)
      read_choice (watch, i, object);
  gtk_editable_set_text (GTK_EDITABLE (watch->parts[PART_METRIC]), metric != NULL ? metric : "");
  muster_duration_row_set_text (MUSTER_DURATION_ROW (watch->parts[PART_BEFORE]), before);
  read_number (watch, PART_TOLERANCE, object, 1, 0);
  read_number (watch, PART_ALPHA, object, 100, MUSTER_GATE_ALPHA_DEFAULT);
  muster_rows_editor_append (editor, watch);
  for (unsigned i = 0; i < N_PARTS; i++)
    muster_rows_editor_add_part (editor, watch->parts[i],
                                 parts[i].words != NULL ? "notify::selected" : "changed");
  return watch;
}

static void
muster_gate_editor_read (MusterRowsEditor *editor, JsonObject *object)
{
  add_watch (MUSTER_GATE_EDITOR (editor), object);
}

/* Errors and restarts are what every device tells. */
static void
muster_gate_editor_add (MusterRowsEditor *editor)
{
  static const MusterGateSubject first[] = { MUSTER_GATE_WATCH_ERRORS, MUSTER_GATE_WATCH_REBOOTS };
  unsigned                       n = muster_rows_editor_get_length (editor);
  g_autoptr (JsonObject) object = json_object_new ();
  Watch *watch;

  json_object_set_string_member (
    object, "watch",
    muster_gate_subjects[n < G_N_ELEMENTS (first) ? first[n] : MUSTER_GATE_WATCH_METRIC]);
  watch = add_watch (MUSTER_GATE_EDITOR (editor), object);
  muster_rows_editor_open (editor, watch, watch->parts[PART_WATCH]);
}

static void
mark (GtkWidget *part, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (part, "error");
  else
    gtk_widget_remove_css_class (part, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (part), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
muster_gate_editor_show (MusterRowsEditor *editor,
                         unsigned          index,
                         gpointer          item,
                         AdwExpanderRow   *row)
{
  const Watch *watch = item;
  gboolean     metric = get_choice (watch, PART_WATCH) == MUSTER_GATE_WATCH_METRIC;
  g_autoptr (JsonObject) object = muster_gate_editor_write (item);
  g_autofree char *title = muster_gate_describe_watch (object);
  g_autofree char *subtitle = muster_gate_describe_test (object);

  gtk_widget_set_visible (watch->parts[PART_METRIC], metric);
  gtk_widget_set_visible (watch->parts[PART_WORSE], metric);
  for (unsigned i = 0; i < N_PARTS; i++)
    mark (watch->parts[i], FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (row, subtitle);
}

/* --- life --- */

static void
muster_gate_editor_dispose (GObject *object)
{
  g_clear_object (&MUSTER_GATE_EDITOR (object)->session);
  G_OBJECT_CLASS (muster_gate_editor_parent_class)->dispose (object);
}

static void
muster_gate_editor_class_init (MusterGateEditorClass *klass)
{
  MusterRowsEditorClass *rows_class = MUSTER_ROWS_EDITOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_gate_editor_dispose;
  rows_class->most = MUSTER_GATE_WATCHES_MAX;
  rows_class->add_label = N_ ("Add a watch");
  rows_class->remove_label = N_ ("Remove this watch");
  rows_class->add = muster_gate_editor_add;
  rows_class->show = muster_gate_editor_show;
  rows_class->read = muster_gate_editor_read;
  rows_class->write = muster_gate_editor_write;
}

static void
muster_gate_editor_init (MusterGateEditor *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Telemetry Gate"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("Stops by itself when updated devices do worse than before, or than the rest. It looks "
       "after the wait between groups. Without a watch nothing is looked at."));
}

GtkWidget *
muster_gate_editor_new (MusterSession *session)
{
  MusterGateEditor *self = g_object_new (MUSTER_TYPE_GATE_EDITOR, NULL);

  g_set_object (&self->session, session);
  return GTK_WIDGET (self);
}

void
muster_gate_editor_set_json (MusterGateEditor *self, const char *json)
{
  g_autofree char *list = NULL;

  g_return_if_fail (MUSTER_IS_GATE_EDITOR (self));

  /* A gate of one watch may be that one alone. */
  if (json != NULL && *json == '{')
    list = g_strdup_printf ("[%s]", json);
  muster_rows_editor_set_json (MUSTER_ROWS_EDITOR (self), list != NULL ? list : json);
}

gboolean
muster_gate_editor_check (MusterGateEditor *self, GError **error)
{
  g_autofree char *json = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GArray) watches = NULL;

  g_return_val_if_fail (MUSTER_IS_GATE_EDITOR (self), FALSE);

  json = muster_rows_editor_dup_json (MUSTER_ROWS_EDITOR (self));
  watches = muster_gate_read (json, errors);
  return muster_field_errors_check (errors, error);
}

void
muster_gate_editor_show_error (MusterGateEditor *self, const char *pointer, const char *detail)
{
  MusterRowsEditor *editor = MUSTER_ROWS_EDITOR (self);
  g_auto (GStrv) names = NULL;
  guint64 index = 0;
  Watch  *watch;

  g_return_if_fail (MUSTER_IS_GATE_EDITOR (self) && pointer != NULL);

  names = g_strsplit (pointer, "/", 4);
  if (g_strv_length (names) < 4 ||
      !g_ascii_string_to_unsigned (names[2], 10, 0, MUSTER_GATE_WATCHES_MAX, &index, NULL) ||
      index >= muster_rows_editor_get_length (editor))
    return;
  watch = muster_rows_editor_get_item (editor, (unsigned)index);
  for (unsigned i = 0; i < N_PARTS; i++)
    if (g_str_equal (parts[i].member, names[3]))
      {
        /* Translators: a row of a form, and what is wrong with it. */
        g_autofree char *text = g_strdup_printf (_ ("%s: %s"), _ (parts[i].title), detail);

        muster_rows_editor_set_error (editor, (unsigned)index, text);
        mark (watch->parts[i], TRUE);
        muster_rows_editor_open (editor, watch, watch->parts[i]);
      }
}
