/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-keys-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-signing-key.h"
#include "muster-key-asks.h"
#include "muster-keys-view.h"
#include "muster-record-peek.h"
#include "widgets/muster-records-view.h"

struct _MusterKeysView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterKeysView, muster_keys_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 160, .flags = MUSTER_COLUMN_TITLE, .icon_name = "dialog-password-symbolic" },
  { "status", 120 },
  { "place", 130, 2 },
  { "key_id", 150, 3 },
  { "endorsed_by_id", 130, 4, MUSTER_COLUMN_UNSORTED },
  { "created_at", 120, 1, MUSTER_COLUMN_AGE, N_ ("Made") },
  { "to_check", 110, 5, MUSTER_COLUMN_HIDDEN },
  { "revocation", 180, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "active" },
  { "status", "replaced" },
  { "status", "revoked" },
};

static const char *const below[] = { "status", "place", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("Re_name…"), NULL, "keys.rename", "updateSigningKey", .single = TRUE },
  { N_ ("Let Another _Follow…"), "view-refresh-symbolic", "keys.rotate", "rotateSigningKey",
    .single = TRUE },
  { N_ ("Re_voke…"), "action-unavailable-symbolic", "keys.revoke", "revokeSigningKey",
    .single = TRUE },
};

static const MusterRecordsSpec spec = {
  .info = &muster_signing_key_info,
  .name = "signing-keys",
  .title = N_ ("Keys"),
  .search = N_ ("Name"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "dialog-password-symbolic",
  .empty_title = N_ ("No Keys Yet"),
  .empty_text = N_ ("Devices take only firmware that bears the signature of a key they know. Its "
                    "secret half never leaves this site."),
  .new_label = N_ ("_Make a Key…"),
  .new_operation = "createSigningKey",
};

/* --- actions --- */

static MusterEntity *
get_chosen (MusterKeysView *self)
{
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);
  MusterIndexItem *item =
    ids[0] != NULL ? muster_index_model_find (muster_records_view_get_model (self->records), ids[0])
                   : NULL;

  return item != NULL ? muster_index_item_get_entity (item) : NULL;
}

static const struct
{
  const char *name;
  const char *operation;
  void (*ask) (MusterSession *session, GtkWidget *parent, MusterEntity *key);
} doings[] = {
  { "keys.rename", "updateSigningKey", muster_key_ask_rename },
  { "keys.rotate", "rotateSigningKey", muster_key_ask_rotate },
  { "keys.revoke", "revokeSigningKey", muster_key_ask_revoke },
};

static const struct
{
  const char *name;
  void (*ask) (MusterSession *session, GtkWidget *parent);
} makings[] = {
  { "keys.add-token", muster_key_ask_add_token },
  { "keys.take-over", muster_key_ask_take_over },
  { "keys.take-over-file", muster_key_ask_take_over_file },
  { "keys.trust", muster_key_ask_trust },
  { "keys.trust-certificate", muster_key_ask_trust_certificate },
};

static void
muster_keys_view_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterKeysView *self = MUSTER_KEYS_VIEW (widget);
  MusterEntity   *key = get_chosen (self);

  for (unsigned i = 0; key != NULL && i < G_N_ELEMENTS (doings); i++)
    if (g_str_equal (doings[i].name, name))
      doings[i].ask (self->session, widget, key);
  muster_records_view_end_selection (self->records);
}

static void
muster_keys_view_make_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (makings); i++)
    if (g_str_equal (makings[i].name, name))
      makings[i].ask (MUSTER_KEYS_VIEW (widget)->session, widget);
}

static void
muster_keys_view_new_cb (MusterKeysView *self)
{
  muster_key_ask_create (self->session, GTK_WIDGET (self));
}

static void
muster_keys_view_activate_cb (MusterKeysView *self, MusterIndexItem *item)
{
  static const char *const fields[] = { "status",     "place",          "key_id",      "public_key",
                                        "token_uri",  "endorsed_by_id", "endorsement", "created_at",
                                        "revoked_at", "revocation",     "certificate", "to_check",
                                        NULL };
  MusterEntity            *key = muster_index_item_get_entity (item);

  if (key != NULL)
    muster_record_peek_present (self->session, GTK_WIDGET (self), key, fields);
}

static void
muster_keys_view_rights_cb (MusterKeysView *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), doings[i].name,
                                   muster_session_may (self->session, doings[i].operation));
  for (unsigned i = 0; i < G_N_ELEMENTS (makings); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), makings[i].name,
                                   muster_session_may (self->session, "createSigningKey"));
}

/* --- life --- */

static void
muster_keys_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_KEYS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_keys_view_parent_class)->dispose (object);
}

static void
muster_keys_view_class_init (MusterKeysViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_keys_view_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_class_install_action (widget_class, doings[i].name, NULL,
                                     muster_keys_view_do_action);
  for (unsigned i = 0; i < G_N_ELEMENTS (makings); i++)
    gtk_widget_class_install_action (widget_class, makings[i].name, NULL,
                                     muster_keys_view_make_action);
}

static void
muster_keys_view_init (MusterKeysView *self)
{
}

GtkWidget *
muster_keys_view_new (MusterSession *session)
{
  MusterKeysView *self = g_object_new (MUSTER_TYPE_KEYS_VIEW, NULL);
  g_autoptr (GMenu) menu = g_menu_new ();

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_menu_append (menu, _ ("Take a Key _Over…"), "keys.take-over");
  g_menu_append (menu, _ ("_Trust a Key…"), "keys.trust");
  g_menu_append (menu, _ ("Trust a _Certificate…"), "keys.trust-certificate");
  g_menu_append (menu, _ ("Add a Key of a To_ken…"), "keys.add-token");
  g_menu_append (menu, _ ("Take a Key Over from a _File…"), "keys.take-over-file");
  muster_records_view_add_menu (self->records, G_MENU_MODEL (menu));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_keys_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_keys_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_keys_view_rights_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_keys_view_rights_cb (self);
  return GTK_WIDGET (self);
}
