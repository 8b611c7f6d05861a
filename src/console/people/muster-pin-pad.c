/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pin-pad"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-pin-pad.h"

#define SHORTEST 4
#define LONGEST 12

struct _MusterPinPad
{
  GtkWidget parent_instance;

  GString   *digits; /* (owned) */
  GtkWidget *box;
  GtkWidget *dots;
  GtkWidget *message;
  GtkWidget *done;
  GtkWidget *first; /* has the focus at first */
};

G_DEFINE_FINAL_TYPE (MusterPinPad, muster_pin_pad, GTK_TYPE_WIDGET)

enum
{
  ENTERED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
update (MusterPinPad *self)
{
  g_autoptr (GString) dots = g_string_new (NULL);
  g_autofree char *spoken = g_strdup_printf (ngettext ("%u digit", "%u digits", self->digits->len),
                                             (unsigned)self->digits->len);

  for (unsigned i = 0; i < self->digits->len; i++)
    g_string_append (dots, "●");
  gtk_label_set_label (GTK_LABEL (self->dots), dots->len > 0 ? dots->str : "○ ○ ○ ○");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->dots), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_widget_set_sensitive (self->done, self->digits->len >= SHORTEST);
}

static void
add_digit (MusterPinPad *self, char digit)
{
  if (self->digits->len >= LONGEST)
    return;
  g_string_append_c (self->digits, digit);
  gtk_label_set_label (GTK_LABEL (self->message), "");
  update (self);
}

static void
muster_pin_pad_digit_cb (MusterPinPad *self, GtkButton *button)
{
  add_digit (self, *gtk_button_get_label (button));
}

static void
muster_pin_pad_erase_cb (MusterPinPad *self)
{
  if (self->digits->len > 0)
    g_string_truncate (self->digits, self->digits->len - 1);
  update (self);
}

static void
muster_pin_pad_done_cb (MusterPinPad *self)
{
  g_autofree char *pin = NULL;

  if (self->digits->len < SHORTEST)
    return;
  pin = g_strdup (self->digits->str);
  g_signal_emit (self, signals[ENTERED], 0, pin);
}

static gboolean
muster_pin_pad_key_cb (MusterPinPad *self, unsigned keyval)
{
  gunichar character = gdk_keyval_to_unicode (keyval);

  if (character >= '0' && character <= '9')
    add_digit (self, character);
  else if (keyval == GDK_KEY_BackSpace)
    muster_pin_pad_erase_cb (self);
  else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    muster_pin_pad_done_cb (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
muster_pin_pad_dispose (GObject *object)
{
  MusterPinPad *self = MUSTER_PIN_PAD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_pin_pad_parent_class)->dispose (object);
}

static void
muster_pin_pad_finalize (GObject *object)
{
  g_string_free (MUSTER_PIN_PAD (object)->digits, TRUE);
  G_OBJECT_CLASS (muster_pin_pad_parent_class)->finalize (object);
}

static gboolean
muster_pin_pad_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (MUSTER_PIN_PAD (widget)->first);
}

static void
muster_pin_pad_class_init (MusterPinPadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_pin_pad_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_pin_pad_finalize;
  widget_class->grab_focus = muster_pin_pad_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pinpad");
  signals[ENTERED] = g_signal_new ("entered", MUSTER_TYPE_PIN_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GtkWidget *
create_symbol_button (MusterPinPad *self,
                      const char   *icon_name,
                      const char   *label,
                      GCallback     clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
create_keys (MusterPinPad *self)
{
  static const char *const digits[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };
  GtkWidget               *grid = gtk_grid_new ();
  GtkWidget               *zero = gtk_button_new_with_label ("0");

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (unsigned i = 0; i < G_N_ELEMENTS (digits); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (digits[i]);

      if (i == 0)
        self->first = button;
      g_signal_connect_object (button, "clicked", G_CALLBACK (muster_pin_pad_digit_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_grid_attach (GTK_GRID (grid), button, i % 3, i / 3, 1, 1);
    }
  g_signal_connect_object (zero, "clicked", G_CALLBACK (muster_pin_pad_digit_cb), self,
                           G_CONNECT_SWAPPED);
  self->done = create_symbol_button (self, "object-select-symbolic", _ ("Enter the PIN"),
                                     G_CALLBACK (muster_pin_pad_done_cb));
  gtk_widget_add_css_class (self->done, "suggested-action");
  gtk_grid_attach (GTK_GRID (grid),
                   create_symbol_button (self, "edit-clear-symbolic", _ ("Erase the last digit"),
                                         G_CALLBACK (muster_pin_pad_erase_cb)),
                   0, 3, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), zero, 1, 3, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->done, 2, 3, 1, 1);
  return grid;
}

static void
muster_pin_pad_init (MusterPinPad *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  self->digits = g_string_new (NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->dots = gtk_label_new (NULL);
  self->message = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->message), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->message), 28);
  gtk_label_set_justify (GTK_LABEL (self->message), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->dots, "dots");
  gtk_widget_add_css_class (self->message, "error");
  gtk_box_append (GTK_BOX (self->box), self->dots);
  gtk_box_append (GTK_BOX (self->box), create_keys (self));
  gtk_box_append (GTK_BOX (self->box), self->message);
  gtk_widget_set_halign (self->box, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  /* Before the buttons, for which Enter is a press. */
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (muster_pin_pad_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  update (self);
}

GtkWidget *
muster_pin_pad_new (void)
{
  return g_object_new (MUSTER_TYPE_PIN_PAD, NULL);
}

void
muster_pin_pad_reset (MusterPinPad *self, const char *message)
{
  g_return_if_fail (MUSTER_IS_PIN_PAD (self));

  g_string_truncate (self->digits, 0);
  gtk_label_set_label (GTK_LABEL (self->message), message != NULL ? message : "");
  if (message != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), message,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  update (self);
}
