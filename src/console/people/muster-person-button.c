/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person-button"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "muster-person-button.h"
#include "muster-pin-pad.h"
#include "widgets/muster-format.h"

#define KEY_PERSON "muster-person"

struct _MusterPersonButton
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
  char          *wanted;  /* (owned) (nullable) id of whose PIN is asked for */
  DexFuture     *trying;  /* (owned) (nullable) */

  /* Template children */
  GtkMenuButton *button;
  AdwAvatar     *avatar;
  GtkLabel      *name;
  GtkLabel      *role;
  GtkPopover    *popover;
  GtkStack      *stack;
  GtkWidget     *people_box;
  GtkListBox    *people;
  GtkLabel      *trouble;
  GtkWidget     *sign_out;
  GtkLabel      *chosen;
  MusterPinPad  *pad;
};

G_DEFINE_FINAL_TYPE (MusterPersonButton, muster_person_button, ADW_TYPE_BIN)

static MusterApiClient *
client_of (MusterPersonButton *self)
{
  return muster_session_get_client (self->session);
}

/* --- what is shown --- */

static void
muster_person_button_update (MusterPersonButton *self)
{
  MusterAccess    *access = muster_session_get_access (self->session);
  const char      *name = muster_access_get_name (access);
  int              role = muster_access_get_role (access);
  const char      *role_text = role >= 0 ? _ (muster_enum_get_label (&muster_role_enum, role)) : "";
  g_autofree char *spoken = NULL;

  /* A site that knows no people has nobody to show. */
  gtk_widget_set_visible (GTK_WIDGET (self), name != NULL);
  if (name == NULL)
    return;
  spoken = g_strdup_printf (_ ("At this console: %s, %s"), name, role_text);
  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->role, role_text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_widget_set_visible (self->sign_out, muster_api_client_is_signed_in (client_of (self)));
}

static void
muster_person_button_names_cb (MusterPersonButton *self)
{
  g_auto (GStrv) people =
           muster_directory_list_with_pin (muster_session_get_directory (self->session));

  gtk_list_box_remove_all (self->people);
  for (unsigned i = 0; people[i] != NULL; i += 2)
    {
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                     people[i + 1], "activatable", TRUE, NULL);

      adw_action_row_add_prefix (ADW_ACTION_ROW (row), adw_avatar_new (28, people[i + 1], TRUE));
      g_object_set_data_full (G_OBJECT (row), KEY_PERSON, g_strdup (people[i]), g_free);
      gtk_list_box_append (self->people, row);
    }
  gtk_widget_set_visible (self->people_box, people[0] != NULL);
}

static void
set_trouble (MusterPersonButton *self, const char *text)
{
  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
}

static void
muster_person_button_back_cb (MusterPersonButton *self)
{
  g_clear_pointer (&self->wanted, g_free);
  set_trouble (self, NULL);
  gtk_stack_set_visible_child_name (self->stack, "people");
}

static void
muster_person_button_show_cb (MusterPersonButton *self)
{
  muster_person_button_back_cb (self);
}

static void
muster_person_button_close_cb (MusterPersonButton *self)
{
  gtk_menu_button_popdown (self->button);
}

static void
muster_person_button_activated_cb (MusterPersonButton *self, GtkListBoxRow *row)
{
  g_set_str (&self->wanted, g_object_get_data (G_OBJECT (row), KEY_PERSON));
  gtk_label_set_label (self->chosen, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  muster_pin_pad_reset (self->pad, NULL);
  gtk_stack_set_visible_child_name (self->stack, "pin");
  gtk_widget_grab_focus (GTK_WIDGET (self->pad));
}

/* --- taking over --- */

static DexFuture *
muster_person_button_tried_cb (DexFuture *future, gpointer user_data)
{
  MusterPersonButton *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->trying);
  if (value != NULL)
    {
      text = g_strdup_printf (_ ("%s is at this console now"),
                              muster_entity_get_string (g_value_get_object (value), "name"));
      muster_session_tell (self->session, text);
      gtk_menu_button_popdown (self->button);
      return dex_future_new_true ();
    }
  text = muster_format_sentence (error->message);
  if (self->wanted != NULL)
    muster_pin_pad_reset (self->pad, text);
  else
    set_trouble (self, text);
  return dex_future_new_true ();
}

static void
attempt (MusterPersonButton *self, DexFuture *future)
{
  dex_clear (&self->trying);
  self->trying =
    dex_future_finally (future, muster_person_button_tried_cb, g_object_ref (self), g_object_unref);
}

static void
muster_person_button_pin_cb (MusterPersonButton *self, const char *pin)
{
  if (self->trying == NULL && self->wanted != NULL)
    attempt (self, muster_api_sign_in_by_pin (client_of (self), self->wanted, pin));
}

gboolean
muster_person_button_take_badge (MusterPersonButton *self, const char *code)
{
  g_return_val_if_fail (MUSTER_IS_PERSON_BUTTON (self), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->popover)))
    return FALSE;
  muster_person_button_back_cb (self);
  if (self->trying == NULL)
    attempt (self, muster_api_sign_in_by_badge (client_of (self), code));
  return TRUE;
}

/* --- life --- */

static void
muster_person_button_dispose (GObject *object)
{
  MusterPersonButton *self = MUSTER_PERSON_BUTTON (object);

  dex_clear (&self->trying);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PERSON_BUTTON);
  g_clear_object (&self->session);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (muster_person_button_parent_class)->dispose (object);
}

static void
muster_person_button_class_init (MusterPersonButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_person_button_dispose;
  g_type_ensure (MUSTER_TYPE_PIN_PAD);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/person-button.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, button);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, avatar);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, name);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, role);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, popover);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, people_box);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, people);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, sign_out);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, chosen);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonButton, pad);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_button_show_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_button_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_button_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_button_close_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_button_pin_cb);
}

static void
muster_person_button_init (MusterPersonButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_person_button_set_session (MusterPersonButton *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_PERSON_BUTTON (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_person_button_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "names-changed", G_CALLBACK (muster_person_button_names_cb),
                           self, G_CONNECT_SWAPPED);
  muster_person_button_update (self);
  muster_person_button_names_cb (self);
}
