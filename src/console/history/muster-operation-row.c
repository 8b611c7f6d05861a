/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operation-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "muster-change-table.h"
#include "muster-kind.h"
#include "muster-operation-row.h"
#include "widgets/muster-format.h"

/* More records than somebody reads one by one. */
#define MAX_RECORDS 50

struct _MusterOperationRow
{
  AdwExpanderRow parent_instance;

  MusterSession      *session;   /* (owned) */
  MusterApiOperation *operation; /* (owned) */
  GPtrArray          *details;   /* (element-type GtkWidget) rows, borrowed */
  gboolean            is_reading;

  GtkWidget *icon;
  GtkWidget *mark; /* "Taken back" */
  GtkWidget *undo;
};

G_DEFINE_FINAL_TYPE (MusterOperationRow, muster_operation_row, ADW_TYPE_EXPANDER_ROW)

/* --- what it changed --- */

static GtkWidget *
create_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_margin_top (label, 10);
  gtk_widget_set_margin_bottom (label, 10);
  return label;
}

static void
add_detail (MusterOperationRow *self, GtkWidget *row)
{
  g_ptr_array_add (self->details, row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static void
clear_details (MusterOperationRow *self)
{
  for (unsigned i = 0; i < self->details->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->details->pdata[i]);
  g_ptr_array_set_size (self->details, 0);
}

static void
show_changes (MusterOperationRow *self, MusterApiPage *page)
{
  unsigned length = muster_api_page_get_length (page);
  gint64   left = muster_api_operation_get_count (self->operation) - length;

  clear_details (self);
  for (unsigned i = 0; i < length; i++)
    add_detail (self, muster_change_table_new (self->session, muster_api_page_get (page, i)));
  if (left > 0)
    {
      g_autofree char *text =
        g_strdup_printf (ngettext ("and %u more record", "and %u more records", (unsigned)left),
                         (unsigned)left);

      add_detail (self, create_note (text));
    }
}

static gboolean
is_open (MusterOperationRow *self)
{
  /* A row that goes while it is open closes. */
  return self->operation != NULL && adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self));
}

/* Whether it can be taken back is asked once more, too: what stood in the way may be gone. */
static DexFuture *
muster_operation_row_read_fiber (gpointer user_data)
{
  MusterOperationRow *self = user_data;
  g_autoptr (MusterApiClient) client = NULL;
  g_autoptr (MusterApiOperation) operation = NULL;
  g_autoptr (MusterApiPage) page = NULL;
  g_autoptr (GError) error = NULL;

  if (self->operation == NULL)
    return dex_future_new_true ();
  client = g_object_ref (muster_session_get_client (self->session));
  operation = dex_await_object (
    muster_api_history_get (client, muster_api_operation_get_sequence (self->operation)), &error);
  if (operation != NULL && self->operation != NULL)
    {
      muster_operation_row_set_operation (self, operation);
      page = dex_await_object (muster_api_journal_list_operation (
                                 client, muster_api_operation_get_id (operation), MAX_RECORDS),
                               &error);
    }
  self->is_reading = FALSE;
  if (!is_open (self))
    return dex_future_new_true ();
  if (page != NULL)
    show_changes (self, page);
  else if (error != NULL && self->details->len == 0)
    add_detail (self, create_note (error->message));
  return dex_future_new_true ();
}

static void
muster_operation_row_expanded_cb (MusterOperationRow *self)
{
  if (!is_open (self))
    {
      clear_details (self);
      return;
    }
  if (self->is_reading)
    return;
  self->is_reading = TRUE;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_operation_row_read_fiber,
                                          g_object_ref (self), g_object_unref));
}

/* --- what was done --- */

/* "12 devices" where many records of one kind were changed: (transfer full), else NULL. */
static char *
describe_records (MusterApiOperation *operation)
{
  const char       *entity = muster_api_operation_get_entity (operation);
  const MusterKind *kind = muster_kind_find (entity);
  JsonObject       *changes = muster_api_operation_get_changes (operation);
  gint64            n_same = changes != NULL && entity != NULL
                               ? json_object_get_int_member_with_default (changes, entity, 0)
                               : 0;

  if (n_same > 1 && kind != NULL && kind->plural != NULL)
    return muster_kind_dup_count (kind, n_same);
  return NULL;
}

static char *
dup_title (MusterApiOperation *operation)
{
  const char      *summary = muster_api_operation_get_summary (operation);
  g_autofree char *sentence = muster_format_sentence (summary != NULL ? summary : _ ("changed"));
  g_autofree char *records = describe_records (operation);

  if (records == NULL || strstr (sentence, records) != NULL)
    return g_steal_pointer (&sentence);
  return g_strdup_printf ("%s: %s", sentence, records);
}

static void
show_undo (MusterOperationRow *self)
{
  const char      *obstacle = muster_api_operation_get_reason (self->operation);
  gboolean         undone = muster_api_operation_get_undone_by (self->operation) > 0;
  g_autofree char *reason = muster_session_explain (self->session, "undoChange");

  gtk_widget_set_visible (self->mark, undone);
  gtk_widget_set_visible (self->undo, !undone);
  gtk_widget_set_sensitive (self->undo, obstacle == NULL && reason == NULL);
  gtk_widget_set_tooltip_text (self->undo, obstacle != NULL ? obstacle
                                           : reason != NULL ? reason
                                                            : _ ("Take this back"));
  if (undone)
    gtk_widget_add_css_class (GTK_WIDGET (self), "undone");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "undone");
}

static void
muster_operation_row_update (MusterOperationRow *self)
{
  const MusterKind *kind = muster_kind_find (muster_api_operation_get_entity (self->operation));
  g_autofree char  *title = dup_title (self->operation);
  g_autofree char  *time = NULL, *who = NULL, *subtitle = NULL, *undo_label = NULL;
  g_autoptr (GDateTime) at =
              g_date_time_new_from_unix_utc_usec (muster_api_operation_get_time (self->operation));
  g_autoptr (GDateTime) here = g_date_time_to_timezone (at, muster_session_get_zone (self->session));

  time = g_date_time_format (here, "%H:%M");
  who =
    muster_session_dup_actor_name (self->session, muster_api_operation_get_actor (self->operation));
  subtitle = g_strdup_printf ("%s · %s", time, who);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                muster_api_operation_get_undoes (self->operation) > 0
                                  ? "edit-undo-symbolic"
                                : kind != NULL ? kind->icon_name
                                               : "document-edit-symbolic");
  /* Translators: the name of a button that takes back what is named. */
  undo_label = g_strdup_printf (_ ("Take back: %s"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->undo), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  undo_label, -1);
  show_undo (self);
}

/* --- undo --- */

static DexFuture *
muster_operation_row_undone_cb (DexFuture *future, gpointer user_data)
{
  MusterOperationRow *self = user_data;

  if (self->operation != NULL)
    show_undo (self);
  return dex_future_new_true ();
}

static void
muster_operation_row_undo_cb (MusterOperationRow *self)
{
  gtk_widget_set_sensitive (self->undo, FALSE);
  dex_future_disown (dex_future_finally (
    muster_session_undo_change (self->session, muster_api_operation_get_sequence (self->operation)),
    muster_operation_row_undone_cb, g_object_ref (self), g_object_unref));
}

/* --- life --- */

static void
muster_operation_row_dispose (GObject *object)
{
  MusterOperationRow *self = MUSTER_OPERATION_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->operation);
  G_OBJECT_CLASS (muster_operation_row_parent_class)->dispose (object);
}

static void
muster_operation_row_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_OPERATION_ROW (object)->details);
  G_OBJECT_CLASS (muster_operation_row_parent_class)->finalize (object);
}

static void
muster_operation_row_class_init (MusterOperationRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_operation_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_operation_row_finalize;
}

static void
muster_operation_row_init (MusterOperationRow *self)
{
  self->details = g_ptr_array_new ();
  self->icon = gtk_image_new ();
  self->mark = gtk_label_new (_ ("Taken back"));
  self->undo = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_add_css_class (self->icon, "dim-label");
  gtk_widget_add_css_class (self->mark, "dim-label");
  gtk_widget_add_css_class (self->undo, "flat");
  gtk_widget_set_valign (self->undo, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_expander_row_set_title_lines (ADW_EXPANDER_ROW (self), 2);
  adw_expander_row_set_subtitle_lines (ADW_EXPANDER_ROW (self), 1);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), self->icon);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (self), self->mark);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (self), self->undo);
  g_signal_connect_object (self->undo, "clicked", G_CALLBACK (muster_operation_row_undo_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (muster_operation_row_expanded_cb), NULL);
}

GtkWidget *
muster_operation_row_new (MusterSession *session, MusterApiOperation *operation)
{
  MusterOperationRow *self = NULL;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (MUSTER_IS_API_OPERATION (operation), NULL);

  self = g_object_new (MUSTER_TYPE_OPERATION_ROW, NULL);
  self->session = g_object_ref (session);
  self->operation = g_object_ref (operation);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (show_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "names-changed", G_CALLBACK (muster_operation_row_update), self,
                           G_CONNECT_SWAPPED);
  muster_operation_row_update (self);
  return GTK_WIDGET (self);
}

void
muster_operation_row_set_operation (MusterOperationRow *self, MusterApiOperation *operation)
{
  g_return_if_fail (MUSTER_IS_OPERATION_ROW (self));
  g_return_if_fail (MUSTER_IS_API_OPERATION (operation));

  g_set_object (&self->operation, operation);
  muster_operation_row_update (self);
}

MusterApiOperation *
muster_operation_row_get_operation (MusterOperationRow *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION_ROW (self), NULL);

  return self->operation;
}
