/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-update"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-firmware.h"
#include "client/muster-api-json.h"
#include "client/muster-api-rollouts.h"
#include "muster-device-update.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-entity-form.h"
#include "widgets/muster-format.h"
#include "widgets/muster-reference-row.h"

struct _MusterDeviceUpdate
{
  AdwDialog parent_instance;

  MusterSession    *session; /* (owned) */
  MusterEntity     *device;  /* (owned) */
  MusterEntityForm *form;    /* (owned) */
  DexFuture        *asking;  /* (owned) (nullable) pre-flight */
  DexFuture        *giving;  /* (owned) (nullable) */

  AdwBanner          *banner;
  AdwPreferencesPage *page;
  GtkLabel           *verdict;
  GtkWidget          *verdict_group;
  GtkWidget          *update;
};

G_DEFINE_FINAL_TYPE (MusterDeviceUpdate, muster_device_update, ADW_TYPE_DIALOG)

static const char *
get_artifact_id (MusterDeviceUpdate *self)
{
  return muster_reference_row_get_id (
    MUSTER_REFERENCE_ROW (muster_entity_form_get_row (self->form, "artifact_id")));
}

/* --- what stands against it --- */

static void
show_verdict (MusterDeviceUpdate *self, JsonObject *row)
{
  const char *verdict = muster_api_json_get_string (row, "verdict");
  JsonArray  *reasons = muster_api_json_get_array (row, "reasons");
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; reasons != NULL && i < json_array_get_length (reasons); i++)
    {
      g_autofree char *sentence =
        muster_format_sentence (json_array_get_string_element (reasons, i));

      g_string_append_printf (text, "%s%s.", i > 0 ? "\n" : "", sentence);
    }
  if (text->len == 0)
    g_string_append (text,
                     _ ("Nothing stands against it: the device begins at once, and restarts."));
  gtk_label_set_label (self->verdict, text->str);
  gtk_widget_set_visible (self->verdict_group, TRUE);
  gtk_widget_set_sensitive (self->update, g_strcmp0 (verdict, "never") != 0);
}

static DexFuture *
muster_device_update_asked_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceUpdate *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *rows =
    value != NULL ? muster_api_json_get_array (g_value_get_boxed (value), "items") : NULL;
  JsonObject *row = rows != NULL && json_array_get_length (rows) > 0
                      ? muster_api_json_as_object (json_array_get_element (rows, 0))
                      : NULL;

  if (value == NULL && self->verdict != NULL)
    muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
  if (row != NULL && self->verdict != NULL)
    show_verdict (self, row);
  return dex_future_new_true ();
}

static void
muster_device_update_changed_cb (MusterDeviceUpdate *self)
{
  const char *id = get_artifact_id (self);
  g_autoptr (MusterEntity) rollout = NULL;
  g_autofree char *filter = NULL;

  dex_clear (&self->asking);
  gtk_widget_set_sensitive (self->update, FALSE);
  gtk_widget_set_visible (self->verdict_group, FALSE);
  adw_banner_set_revealed (self->banner, FALSE);
  if (id == NULL)
    return;
  rollout = muster_entity_new (&muster_rollout_info);
  filter = g_strdup_printf ("id=%s", muster_entity_get_id (self->device));
  muster_entity_set_string (rollout, "name", "?");
  muster_entity_set_string (rollout, "artifact_id", id);
  muster_entity_set_string (rollout, "filter", filter);
  self->asking =
    dex_future_finally (muster_api_rollouts_preflight (muster_session_get_client (self->session),
                                                       rollout),
                        muster_device_update_asked_cb, self, NULL);
}

/* --- giving it --- */

static DexFuture *
muster_device_update_given_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceUpdate *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  dex_clear (&self->giving);
  gtk_widget_set_sensitive (self->update, TRUE);
  if (dex_future_get_value (future, &error) == NULL)
    {
      muster_entity_form_show_error (self->form, error);
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  text =
    g_strdup_printf (_ ("%s is told to update"), muster_entity_get_string (self->device, "name"));
  muster_session_tell (self->session, text);
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_device_update_give_cb (MusterDeviceUpdate *self)
{
  g_autoptr (MusterEntity) update = muster_entity_new (&muster_firmware_update_info);
  g_autoptr (JsonObject) sketch = muster_entity_form_sketch (self->form);
  const char *kind = muster_api_json_get_string (sketch, "kind");

  adw_banner_set_revealed (self->banner, FALSE);
  muster_entity_set_string (update, "device_id", muster_entity_get_id (self->device));
  muster_entity_set_string (update, "artifact_id", get_artifact_id (self));
  muster_entity_set_integer (update, "confirm_within",
                             muster_api_json_get_integer (sketch, "confirm_within", 300));
  if (kind != NULL)
    muster_entity_set_enum (update, "kind", muster_enum_parse (&muster_update_kind_enum, kind));
  gtk_widget_set_sensitive (self->update, FALSE);
  self->giving =
    dex_future_finally (muster_api_updates_create (muster_session_get_client (self->session),
                                                   update),
                        muster_device_update_given_cb, g_object_ref (self), g_object_unref);
}

/* --- life --- */

static void
muster_device_update_dispose (GObject *object)
{
  MusterDeviceUpdate *self = MUSTER_DEVICE_UPDATE (object);

  dex_clear (&self->asking);
  dex_clear (&self->giving);
  self->verdict = NULL;
  G_OBJECT_CLASS (muster_device_update_parent_class)->dispose (object);
}

static void
muster_device_update_finalize (GObject *object)
{
  MusterDeviceUpdate *self = MUSTER_DEVICE_UPDATE (object);

  g_clear_object (&self->form);
  g_clear_object (&self->device);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_device_update_parent_class)->finalize (object);
}

static void
muster_device_update_class_init (MusterDeviceUpdateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_device_update_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_device_update_finalize;
}

static GtkWidget *
create_header (MusterDeviceUpdate *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->update = gtk_button_new_with_mnemonic (_ ("_Update"));
  gtk_widget_add_css_class (self->update, "suggested-action");
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (adw_dialog_close), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->update, "clicked", G_CALLBACK (muster_device_update_give_cb), self,
                           G_CONNECT_SWAPPED);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->update);
  return header;
}

static void
muster_device_update_init (MusterDeviceUpdate *self)
{
  GtkWidget *view = adw_toolbar_view_new ();

  self->banner = ADW_BANNER (adw_banner_new (""));
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  adw_banner_set_use_markup (self->banner, FALSE);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), create_header (self));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), GTK_WIDGET (self->banner));
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), GTK_WIDGET (self->page));
  adw_dialog_set_child (ADW_DIALOG (self), view);
  adw_dialog_set_content_width (ADW_DIALOG (self), 480);
  adw_dialog_set_content_height (ADW_DIALOG (self), 460);
  adw_dialog_set_default_widget (ADW_DIALOG (self), self->update);
}

static void
build (MusterDeviceUpdate *self, const char *artifact_id)
{
  static const char *const fields[] = { "artifact_id", "kind", "confirm_within", NULL };
  static const char *const ready[] = { "status", "ready", NULL };
  GtkWidget               *artifact;

  self->form = muster_entity_form_new (self->session, &muster_firmware_update_info, NULL);
  muster_entity_form_add_group (self->form, self->page, NULL, fields);
  artifact = muster_entity_form_get_row (self->form, "artifact_id");
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (artifact), ready);
  self->verdict = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->verdict, TRUE);
  gtk_label_set_xalign (self->verdict, 0);
  self->verdict_group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->verdict_group),
                                   _ ("What Stands Against It"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->verdict_group),
                             GTK_WIDGET (self->verdict));
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->verdict_group));
  if (artifact_id != NULL)
    muster_entity_form_preset (self->form, "artifact_id", artifact_id);
  g_signal_connect_object (artifact, "notify::record-id",
                           G_CALLBACK (muster_device_update_changed_cb), self, G_CONNECT_SWAPPED);
  muster_device_update_changed_cb (self);
}

void
muster_device_update_ask (MusterSession *session,
                          GtkWidget     *parent,
                          MusterEntity  *device,
                          const char    *artifact_id)
{
  MusterDeviceUpdate *self = g_object_new (MUSTER_TYPE_DEVICE_UPDATE, NULL);
  g_autofree char    *title =
    g_strdup_printf (_ ("Update %s"), muster_entity_get_string (device, "name"));

  self->session = g_object_ref (session);
  self->device = g_object_ref (device);
  adw_dialog_set_title (ADW_DIALOG (self), title);
  build (self, artifact_id);
  adw_dialog_present (ADW_DIALOG (self), parent);
}
