/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "muster-gate.h"
#include "muster-pin-pad.h"
#include "widgets/muster-format.h"

struct _MusterGate
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
  MusterPerson  *person;  /* (owned) (nullable) who locked the window */
  DexFuture     *trying;  /* (owned) (nullable) */

  /* Template children */
  GtkWidget    *back;
  GtkWidget    *emblem;
  AdwAvatar    *avatar;
  GtkLabel     *title;
  GtkLabel     *subtitle;
  GtkStack     *stack;
  GtkWidget    *email;
  GtkWidget    *password;
  GtkLabel     *trouble;
  GtkWidget    *sign_in;
  MusterPinPad *pad;
  GtkWidget    *use_pin;
  GtkWidget    *use_password;
  GtkWidget    *other;
  GtkWidget    *this_machine;
  GtkWidget    *badge_hint;
};

G_DEFINE_FINAL_TYPE (MusterGate, muster_gate, ADW_TYPE_BIN)

enum
{
  PASSED,
  LEFT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterApiClient *
client_of (MusterGate *self)
{
  return muster_session_get_client (self->session);
}

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static gboolean
uses_pin (MusterGate *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "pin") == 0;
}

static void
set_trouble (MusterGate *self, const char *text)
{
  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
muster_gate_changed_cb (MusterGate *self)
{
  gtk_widget_remove_css_class (self->email, "error");
  gtk_widget_remove_css_class (self->password, "error");
  set_trouble (self, NULL);
  gtk_widget_set_sensitive (self->sign_in,
                            self->trying == NULL && *text_of (self->password) != '\0' &&
                              (self->person != NULL || *text_of (self->email) != '\0'));
}

/* What is wanted of whom: rows, words, buttons. */
static void
show_way (MusterGate *self, gboolean pin)
{
  MusterEntity *person = (MusterEntity *)self->person;
  gboolean      has_pin = person != NULL && muster_entity_get_boolean (person, "has_pin");
  /* The first question is answered: only who is at the console already may be switched from. */
  gboolean can_switch = person != NULL || muster_api_client_is_signed_in (client_of (self));

  pin = pin && has_pin;
  gtk_stack_set_visible_child_name (self->stack, pin ? "pin" : "password");
  gtk_widget_set_visible (self->email, person == NULL);
  gtk_widget_set_visible (self->use_pin, has_pin && !pin);
  gtk_widget_set_visible (self->use_password, pin);
  gtk_widget_set_visible (self->other, person != NULL);
  gtk_widget_set_visible (self->badge_hint, can_switch);
  gtk_widget_set_visible (self->this_machine,
                          person == NULL && !muster_api_client_is_local (client_of (self)));
  gtk_widget_grab_focus (pin              ? GTK_WIDGET (self->pad)
                         : person == NULL ? self->email
                                          : self->password);
}

static void
show_person (MusterGate *self)
{
  const char *name =
    self->person != NULL ? muster_entity_get_string (MUSTER_ENTITY (self->person), "name") : NULL;

  adw_avatar_set_text (self->avatar, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), name != NULL);
  gtk_widget_set_visible (self->emblem, name == NULL);
  gtk_label_set_label (self->title, name != NULL ? name : _ ("Sign In"));
  gtk_label_set_label (self->subtitle, muster_session_get_site_name (self->session));
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  muster_pin_pad_reset (self->pad, NULL);
  muster_gate_changed_cb (self);
}

/* --- trying --- */

static char *
explain (MusterGate *self, const GError *error)
{
  if (uses_pin (self) && g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID))
    return g_strdup (_ ("That is not the PIN"));
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED))
    return g_strdup (self->person != NULL ? _ ("That is not the password")
                                          : _ ("E-mail address or password is wrong"));
  return muster_format_sentence (error->message);
}

static DexFuture *
muster_gate_tried_cb (DexFuture *future, gpointer user_data)
{
  MusterGate *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;

  dex_clear (&self->trying);
  if (dex_future_get_value (future, &error) != NULL)
    {
      g_clear_object (&self->person);
      gtk_editable_set_text (GTK_EDITABLE (self->password), "");
      muster_pin_pad_reset (self->pad, NULL);
      g_signal_emit (self, signals[PASSED], 0);
      return dex_future_new_true ();
    }
  muster_gate_changed_cb (self);
  why = explain (self, error);
  if (uses_pin (self))
    {
      muster_pin_pad_reset (self->pad, why);
      return dex_future_new_true ();
    }
  set_trouble (self, why);
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED))
    gtk_widget_add_css_class (self->password, "error");
  gtk_widget_grab_focus (self->password);
  gtk_editable_select_region (GTK_EDITABLE (self->password), 0, -1);
  return dex_future_new_true ();
}

/* FUTURE is taken. */
static void
attempt (MusterGate *self, DexFuture *future)
{
  dex_clear (&self->trying);
  self->trying =
    dex_future_finally (future, muster_gate_tried_cb, g_object_ref (self), g_object_unref);
  gtk_widget_set_sensitive (self->sign_in, FALSE);
}

static void
muster_gate_sign_in_cb (MusterGate *self)
{
  const char *email = self->person != NULL
                        ? muster_entity_get_string (MUSTER_ENTITY (self->person), "email")
                        : text_of (self->email);

  if (self->trying == NULL && email != NULL && *email != '\0' && *text_of (self->password) != '\0')
    attempt (self, muster_api_sign_in (client_of (self), email, text_of (self->password)));
}

static void
muster_gate_pin_cb (MusterGate *self, const char *pin)
{
  if (self->trying == NULL && self->person != NULL)
    attempt (self,
             muster_api_sign_in_by_pin (client_of (self),
                                        muster_entity_get_id (MUSTER_ENTITY (self->person)), pin));
}

void
muster_gate_take_badge (MusterGate *self, const char *code)
{
  g_return_if_fail (MUSTER_IS_GATE (self));
  g_return_if_fail (code != NULL);

  if (self->trying == NULL)
    attempt (self, muster_api_sign_in_by_badge (client_of (self), code));
}

static void
muster_gate_email_cb (MusterGate *self)
{
  gtk_widget_grab_focus (self->password);
}

static void
muster_gate_use_pin_cb (MusterGate *self)
{
  show_way (self, TRUE);
}

static void
muster_gate_use_password_cb (MusterGate *self)
{
  show_way (self, FALSE);
}

static void
muster_gate_other_cb (MusterGate *self)
{
  g_clear_object (&self->person);
  show_person (self);
  show_way (self, FALSE);
}

static void
muster_gate_back_cb (MusterGate *self)
{
  g_signal_emit (self, signals[LEFT], 0);
}

static gboolean
muster_gate_escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MusterGate *self = MUSTER_GATE (widget);

  if (!gtk_widget_get_visible (self->back))
    return FALSE;
  muster_gate_back_cb (self);
  return TRUE;
}

static void
muster_gate_this_machine_cb (MusterGate *self)
{
  GSettings *settings = muster_session_get_settings (self->session);

  if (settings != NULL)
    g_settings_set_string (settings, "connect", "");
  muster_session_switch (self->session, NULL);
}

static void
muster_gate_dispose (GObject *object)
{
  MusterGate *self = MUSTER_GATE (object);

  dex_clear (&self->trying);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_GATE);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  G_OBJECT_CLASS (muster_gate_parent_class)->dispose (object);
}

static void
muster_gate_class_init (MusterGateClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_gate_dispose;
  signals[PASSED] = g_signal_new ("passed", MUSTER_TYPE_GATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[LEFT] =
    g_signal_new ("left", MUSTER_TYPE_GATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, muster_gate_escape_cb, NULL);
  g_type_ensure (MUSTER_TYPE_PIN_PAD);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/gate.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterGate, back);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, emblem);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, avatar);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, title);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, email);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, password);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, sign_in);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, pad);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, use_pin);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, use_password);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, other);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, this_machine);
  gtk_widget_class_bind_template_child (widget_class, MusterGate, badge_hint);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_email_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_use_pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_use_password_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_other_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_gate_this_machine_cb);
}

static void
muster_gate_init (MusterGate *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_gate_new (MusterSession *session)
{
  MusterGate *self = g_object_new (MUSTER_TYPE_GATE, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

void
muster_gate_open (MusterGate *self, MusterPerson *person, gboolean may_leave)
{
  g_return_if_fail (MUSTER_IS_GATE (self));

  gtk_widget_set_visible (self->back, may_leave);
  g_set_object (&self->person, person);
  show_person (self);
  show_way (self, TRUE);
}
