/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hours-editor"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-hours-editor.h"
#include "muster-hours-row.h"
#include "widgets/muster-reference-row.h"

/* The rows of one of them, borrowed from the group. */
typedef struct
{
  GtkWidget *who; /* (nullable) */
  GtkWidget *hours;
} Span;

struct _MusterHoursEditor
{
  AdwPreferencesGroup parent_instance;

  MusterSession *session; /* (owned) */
  GPtrArray     *spans;   /* (owned) (element-type Span) */
  gboolean       with_people;
};

G_DEFINE_FINAL_TYPE (MusterHoursEditor, muster_hours_editor, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_hours_editor_changed (MusterHoursEditor *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full); NULL: it is not whole. */
static MusterHours *
read_span (const Span *span)
{
  g_autoptr (MusterHours) hours = muster_hours_row_dup_hours (MUSTER_HOURS_ROW (span->hours));

  if (hours != NULL && span->who != NULL)
    hours->who = g_strdup (muster_reference_row_get_id (MUSTER_REFERENCE_ROW (span->who)));
  return hours != NULL && (span->who == NULL || hours->who != NULL) ? g_steal_pointer (&hours)
                                                                    : NULL;
}

/* --- rows --- */

static void
remove_span (MusterHoursEditor *self, Span *span)
{
  if (span->who != NULL)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), span->who);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), span->hours);
  g_ptr_array_remove (self->spans, span);
}

static void
muster_hours_editor_removed_cb (MusterHoursEditor *self, GtkWidget *hours)
{
  for (unsigned i = 0; i < self->spans->len; i++)
    if (((Span *)self->spans->pdata[i])->hours == hours)
      {
        remove_span (self, self->spans->pdata[i]);
        break;
      }
  muster_hours_editor_changed (self);
}

static GtkWidget *
create_who (MusterHoursEditor *self, const char *who)
{
  GtkWidget *row = muster_reference_row_new (self->session, "person", _ ("Who"), FALSE);

  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (row), who);
  g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_hours_editor_changed), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
add_span (MusterHoursEditor *self, unsigned days, int from, int to, const char *who)
{
  Span *span = g_new0 (Span, 1);

  if (self->with_people)
    {
      span->who = create_who (self, who);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), span->who);
    }
  span->hours = muster_hours_row_new (TRUE);
  muster_hours_row_set_hours (MUSTER_HOURS_ROW (span->hours), days, from, to);
  g_signal_connect_object (span->hours, "changed", G_CALLBACK (muster_hours_editor_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (span->hours, "removed", G_CALLBACK (muster_hours_editor_removed_cb),
                           self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), span->hours);
  g_ptr_array_add (self->spans, span);
}

/* Night hours are what people mean most; a shift is a working day. */
static void
muster_hours_editor_add_cb (MusterHoursEditor *self)
{
  if (self->with_people)
    add_span (self, 0x1f, 6 * 60, 14 * 60, NULL);
  else
    add_span (self, MUSTER_HOURS_EVERY_DAY, 22 * 60, 6 * 60, NULL);
  muster_hours_editor_focus (self, self->spans->len - 1);
  muster_hours_editor_changed (self);
}

/* --- life --- */

static void
muster_hours_editor_finalize (GObject *object)
{
  MusterHoursEditor *self = MUSTER_HOURS_EDITOR (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->spans);
  G_OBJECT_CLASS (muster_hours_editor_parent_class)->finalize (object);
}

static void
muster_hours_editor_class_init (MusterHoursEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_hours_editor_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_HOURS_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_hours_editor_init (MusterHoursEditor *self)
{
  self->spans = g_ptr_array_new_with_free_func (g_free);
}

GtkWidget *
muster_hours_editor_new (MusterSession *session, gboolean with_people)
{
  MusterHoursEditor *self = g_object_new (MUSTER_TYPE_HOURS_EDITOR, NULL);
  const char        *text = with_people ? _ ("Add a shift") : _ ("Add hours");
  GtkWidget         *add = gtk_button_new_from_icon_name ("list-add-symbolic");

  self->session = g_object_ref (session);
  self->with_people = with_people;
  gtk_widget_add_css_class (add, "flat");
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (add, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (add), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_signal_connect_object (add, "clicked", G_CALLBACK (muster_hours_editor_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), add);
  return GTK_WIDGET (self);
}

void
muster_hours_editor_set_json (MusterHoursEditor *self, const char *text)
{
  g_autoptr (GPtrArray) list = muster_hours_list_from_json (text);

  g_return_if_fail (MUSTER_IS_HOURS_EDITOR (self));

  while (self->spans->len > 0)
    remove_span (self, self->spans->pdata[0]);
  for (unsigned i = 0; i < list->len; i++)
    {
      const MusterHours *hours = list->pdata[i];

      add_span (self, hours->days, hours->from, hours->to, hours->who);
    }
  muster_hours_editor_changed (self);
}

GPtrArray *
muster_hours_editor_list (MusterHoursEditor *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_hours_free);

  g_return_val_if_fail (MUSTER_IS_HOURS_EDITOR (self), list);

  for (unsigned i = 0; i < self->spans->len; i++)
    {
      MusterHours *hours = read_span (self->spans->pdata[i]);

      if (hours != NULL)
        g_ptr_array_add (list, hours);
    }
  return list;
}

gboolean
muster_hours_editor_is_complete (MusterHoursEditor *self)
{
  g_autoptr (GPtrArray) list = muster_hours_editor_list (self);

  return list->len == self->spans->len;
}

void
muster_hours_editor_add (MusterHoursEditor *self, const MusterHours *hours)
{
  g_return_if_fail (MUSTER_IS_HOURS_EDITOR (self));

  add_span (self, hours->days, hours->from, hours->to, hours->who);
  muster_hours_editor_changed (self);
}

void
muster_hours_editor_focus (MusterHoursEditor *self, unsigned index)
{
  Span *span;

  g_return_if_fail (MUSTER_IS_HOURS_EDITOR (self));

  if (self->spans->len == 0)
    return;
  span = self->spans->pdata[MIN (index, self->spans->len - 1)];
  gtk_widget_grab_focus (span->who != NULL ? span->who : span->hours);
}
