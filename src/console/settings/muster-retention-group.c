/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "client/muster-api-stream.h"
#include "client/muster-api-telemetry.h"
#include "model/muster-retention-class.h"
#include "muster-doing.h"
#include "muster-permission.h"
#include "muster-retention-ask.h"
#include "muster-retention-group.h"
#include "widgets/muster-format.h"
#include "widgets/muster-record-dialog.h"

/* More classes than this nobody can oversee. */
#define MOST_CLASSES 1000

struct _MusterRetentionGroup
{
  MusterSettingsGroup    parent_instance;
  MusterApiSubscription *journal; /* (owned) */
  GtkWidget             *add;
  GtkWidget             *elsewhere; /* says that samples are kept by another program */
  gboolean               is_elsewhere;
  GPtrArray             *rows;    /* (owned) (element-type GtkWidget) borrowed from the group */
  GPtrArray             *classes; /* (owned) (element-type MusterEntity) */
  DexFuture             *reading; /* (owned) (nullable) */
  DexFuture             *asking;  /* (owned) (nullable) what is stored */
};

G_DEFINE_FINAL_TYPE (MusterRetentionGroup, muster_retention_group, MUSTER_TYPE_SETTINGS_GROUP)

static MusterSession *
session_of (MusterRetentionGroup *self)
{
  return muster_settings_group_get_session (MUSTER_SETTINGS_GROUP (self));
}

/* --- words --- */

static char *
format_days (MusterEntity *class, const char *field)
{
  gint64 days = muster_entity_get_integer (class, field);

  if (muster_entity_is_null (class, field))
    return g_strdup (_ ("for ever"));
  /* Translators: for how long something is kept. */
  return g_strdup_printf (ngettext ("%d day", "%d days", days), (int)days);
}

static gboolean
is_none (MusterEntity *class, const char *field)
{
  return !muster_entity_is_null (class, field) && muster_entity_get_integer (class, field) == 0;
}

static char *
describe_class (MusterEntity *class)
{
  GString         *text = g_string_new (muster_entity_get_string (class, "pattern"));
  g_autofree char *samples = format_days (class, "raw_days");

  g_string_append (text, "\n");
  /* Translators: %s is a number of days, or "for ever". */
  g_string_append_printf (text, _ ("Samples %s"), samples);
  if (muster_entity_is_null (class, "raw_days"))
    return g_string_free_and_steal (text);
  if (!is_none (class, "minute_days"))
    {
      g_autofree char *minutes = format_days (class, "minute_days");

      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("minutes %s"), minutes);
    }
  if (!is_none (class, "hour_days"))
    {
      g_autofree char *hours = format_days (class, "hour_days");

      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("hours %s"), hours);
    }
  return g_string_free_and_steal (text);
}

/* --- asking before something is deleted --- */

/* What a person wants to do. */
typedef struct
{
  MusterRetentionGroup *group;   /* (owned) */
  MusterRecordDialog   *dialog;  /* (owned) (nullable): where CHANGES were typed in */
  JsonObject           *changes; /* (owned) (nullable): it is to be deleted */
  MusterEntity *class;           /* (owned) (nullable): a new one is to be made */
} Wish;

static void
wish_clear (gpointer data)
{
  Wish *wish = data;

  g_clear_object (&wish->group);
  g_clear_object (&wish->dialog);
  g_clear_pointer (&wish->changes, json_object_unref);
  g_clear_object (&wish->class);
}

static void
wish_unref (gpointer data)
{
  g_rc_box_release_full (data, wish_clear);
}

static void
fulfil (gpointer data)
{
  Wish          *wish = data;
  MusterSession *session = session_of (wish->group);
  const char    *id;

  if (session == NULL)
    return;
  if (wish->dialog != NULL)
    {
      muster_record_dialog_send (wish->dialog, json_object_ref (wish->changes));
      return;
    }
  id = muster_entity_get_id (wish->class);
  muster_do_and_offer (session,
                       muster_api_collection_delete (muster_session_get_client (session),
                                                     &muster_retention_class_info, id, 0),
                       muster_retention_class_info.name, id,
                       g_strdup_printf (_ ("“%s” was deleted"),
                                        muster_entity_get_string (wish->class, "name")),
                       _ ("Could not delete it"));
}

/* Takes what is given but SELF. */
static void
begin_wish (MusterRetentionGroup *self,
            MusterRecordDialog   *dialog,
            JsonObject           *changes,
            MusterEntity *class)
{
  Wish *wish = g_rc_box_new (Wish);

  *wish = (Wish){ g_object_ref (self), dialog, changes, class };
  muster_retention_ask (session_of (self), GTK_WIDGET (self),
                        muster_api_retention_preview_change (
                          muster_session_get_client (session_of (self)), self->classes,
                          class != NULL ? muster_entity_get_id (class) : NULL, changes),
                        fulfil, wish, wish_unref);
}

/* --- editing --- */

static gboolean
muster_retention_group_confirm_cb (MusterRecordDialog *dialog,
                                   JsonObject         *changes,
                                   gpointer            user_data)
{
  MusterRetentionGroup *self = user_data;
  MusterEntity *class = g_object_get_data (G_OBJECT (dialog), "muster-class");

  begin_wish (self, g_object_ref (dialog), json_object_ref (changes),
              class != NULL ? g_object_ref (class) : NULL);
  return TRUE;
}

static void
edit (MusterRetentionGroup *self, MusterEntity *class)
{
  static const char *const         what[] = { "name", "pattern", "position", NULL };
  static const char *const         long_[] = { "raw_days", "minute_days", "hour_days", NULL };
  static const MusterRecordSection sections[] = { { NULL, what },
                                                  { N_ ("Days; empty: for ever"), long_ },
                                                  { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session_of (self), &muster_retention_class_info, class, sections,
                              class != NULL ? _ ("Edit Retention") : _ ("Add Retention"));

  if (class != NULL)
    g_object_set_data_full (G_OBJECT (dialog), "muster-class", g_object_ref (class),
                            g_object_unref);
  g_signal_connect_object (dialog, "confirm", G_CALLBACK (muster_retention_group_confirm_cb), self,
                           0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_retention_group_add_cb (MusterRetentionGroup *self)
{
  edit (self, NULL);
}

static void
muster_retention_group_edit_cb (MusterRetentionGroup *self, GtkButton *button)
{
  edit (self, g_object_get_data (G_OBJECT (button), "muster-class"));
}

static void
muster_retention_group_delete_cb (MusterRetentionGroup *self, GtkButton *button)
{
  MusterEntity *class = g_object_get_data (G_OBJECT (button), "muster-class");

  begin_wish (self, NULL, NULL, g_object_ref (class));
}

/* --- rows --- */

static void
clear_rows (MusterRetentionGroup *self)
{
  for (unsigned i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_row (MusterRetentionGroup *self, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

/* A button for CLASS at the end of ROW: LABEL names what it does, OPERATION who may. */
static GtkWidget *
add_button (MusterRetentionGroup *self,
            GtkWidget            *row,
            MusterEntity *class,
            const char *icon,
            const char *label,
            const char *operation,
            GCallback   callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  muster_entity_get_string (class, "name"), -1);
  g_object_set_data_full (G_OBJECT (button), "muster-class", g_object_ref (class), g_object_unref);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  muster_permission_guard (session_of (self), button, operation);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static GtkWidget *
create_row (MusterRetentionGroup *self, MusterEntity *class)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *text = describe_class (class);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 muster_entity_get_string (class, "name"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  add_button (self, row, class, "user-trash-symbolic", _ ("Delete"), "deleteRetentionClass",
              G_CALLBACK (muster_retention_group_delete_cb));
  if (!self->is_elsewhere)
    adw_action_row_set_activatable_widget (
      ADW_ACTION_ROW (row),
      add_button (self, row, class, "document-edit-symbolic", _ ("Edit"), "updateRetentionClass",
                  G_CALLBACK (muster_retention_group_edit_cb)));
  return row;
}

static void
show_classes (MusterRetentionGroup *self)
{
  clear_rows (self);
  for (unsigned i = 0; i < self->classes->len; i++)
    add_row (self, create_row (self, self->classes->pdata[i]));
  if (self->classes->len == 0 && !self->is_elsewhere)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                     _ ("All samples are kept for ever"));
      add_row (self, row);
    }
}

/* Another program deletes what is too old there by a rule of its own. */
static void
show_elsewhere (MusterRetentionGroup *self, gboolean is_elsewhere)
{
  if (self->is_elsewhere == is_elsewhere)
    return;
  self->is_elsewhere = is_elsewhere;
  gtk_widget_set_visible (self->elsewhere, is_elsewhere);
  gtk_widget_set_visible (self->add, !is_elsewhere);
  show_classes (self);
}

static DexFuture *
muster_retention_group_totals_cb (DexFuture *future, gpointer user_data)
{
  MusterRetentionGroup *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);
  JsonObject           *totals = value != NULL ? g_value_get_boxed (value) : NULL;
  JsonArray            *items = totals != NULL ? muster_api_json_get_array (totals, "items") : NULL;

  if (totals != NULL)
    show_elsewhere (self, g_strcmp0 (muster_api_json_get_string (totals, "kept_in"),
                                     "victoria-metrics") == 0);
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      const char *id = muster_api_json_get_string (item, "id");

      for (unsigned k = 0; id != NULL && k < self->classes->len; k++)
        if (g_strcmp0 (muster_entity_get_id (self->classes->pdata[k]), id) == 0)
          {
            g_autofree char *about = describe_class (self->classes->pdata[k]);
            g_autofree char *stored = muster_retention_describe_totals (item);
            g_autofree char *text = g_strconcat (about, "\n", stored, NULL);

            adw_action_row_set_subtitle (self->rows->pdata[k], text);
          }
    }
  return dex_future_new_true ();
}

static DexFuture *
muster_retention_group_read_cb (DexFuture *future, gpointer user_data)
{
  MusterRetentionGroup *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GPtrArray    *items;

  gtk_widget_set_visible (GTK_WIDGET (self), value != NULL);
  if (value == NULL)
    {
      g_message ("could not read for how long samples are kept: %s", error->message);
      return dex_future_new_true ();
    }
  items = muster_api_page_get_items (g_value_get_object (value));
  g_ptr_array_set_size (self->classes, 0);
  for (unsigned i = 0; i < items->len; i++)
    g_ptr_array_add (self->classes, g_object_ref (items->pdata[i]));
  show_classes (self);
  dex_clear (&self->asking);
  self->asking = dex_future_finally (muster_api_retention_get_statistics (
                                       muster_session_get_client (session_of (self))),
                                     muster_retention_group_totals_cb, self, NULL);
  return dex_future_new_true ();
}

static void
muster_retention_group_refresh (MusterSettingsGroup *group)
{
  MusterRetentionGroup *self = MUSTER_RETENTION_GROUP (group);
  MusterApiListQuery    query = { .sort = "position", .limit = MOST_CLASSES };

  dex_clear (&self->asking);
  dex_clear (&self->reading);
  if (!muster_session_may (session_of (self), "listRetentionClasses"))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }
  self->reading =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (session_of (self)),
                                                    &muster_retention_class_info, &query),
                        muster_retention_group_read_cb, self, NULL);
}

static void
muster_retention_group_journal_cb (MusterRetentionGroup *self,
                                   const char           *topic,
                                   const char           *subject,
                                   JsonObject           *data)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      g_strcmp0 (muster_api_json_get_string (data, "entity"), muster_retention_class_info.name) ==
        0)
    muster_settings_group_refresh (MUSTER_SETTINGS_GROUP (self));
}

/* --- life --- */

static void
muster_retention_group_constructed (GObject *object)
{
  MusterRetentionGroup *self = MUSTER_RETENTION_GROUP (object);
  MusterSession        *session = session_of (self);

  G_OBJECT_CLASS (muster_retention_group_parent_class)->constructed (object);
  muster_permission_guard (session, self->add, "createRetentionClass");
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_retention_group_journal_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
muster_retention_group_dispose (GObject *object)
{
  MusterRetentionGroup *self = MUSTER_RETENTION_GROUP (object);

  dex_clear (&self->reading);
  dex_clear (&self->asking);
  g_clear_object (&self->journal);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_retention_group_parent_class)->dispose (object);
}

static void
muster_retention_group_class_init (MusterRetentionGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = muster_retention_group_constructed;
  G_OBJECT_CLASS (klass)->dispose = muster_retention_group_dispose;
  MUSTER_SETTINGS_GROUP_CLASS (klass)->refresh = muster_retention_group_refresh;
}

static GtkWidget *
create_elsewhere (void)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-information-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Kept in VictoriaMetrics"));
  adw_action_row_set_subtitle (
    ADW_ACTION_ROW (row),
    _ ("How long, the setting -retentionPeriod of that server says, for all metrics alike. Classes "
       "hold for what is still on this machine, and can only be deleted."));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_visible (row, FALSE);
  return row;
}

static void
muster_retention_group_init (MusterRetentionGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->classes = g_ptr_array_new_with_free_func (g_object_unref);
  self->add = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_widget_add_css_class (self->add, "flat");
  gtk_widget_set_valign (self->add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->add, _ ("Add Retention"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add Retention"), -1);
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (muster_retention_group_add_cb), self);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("How Long Samples Are Kept"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("A metric is of the first class that names it; what is of none is kept for ever. Minutes "
       "and hours tell mean, least and greatest of samples that are gone."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->add);
  self->elsewhere = create_elsewhere ();
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->elsewhere);
}
