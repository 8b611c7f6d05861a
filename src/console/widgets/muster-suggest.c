/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-suggest"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-list.h"
#include "muster-suggest.h"

/* From the last key to the question, in ms. */
#define DELAY 120
#define MAX_HEIGHT 340
#define MIN_WIDTH 260

struct _MusterSuggest
{
  GObject parent_instance;

  GtkWidget                 *entry;   /* the owner */
  MusterSession             *session; /* (owned) */
  const MusterSuggestSource *source;
  gpointer                   user_data;

  GtkWidget  *popover; /* child of the entry */
  GtkListBox *list;
  DexFuture  *finding;    /* (owned) (nullable) */
  char       *found_for;  /* (owned) (nullable) text that the list is about */
  unsigned    delay_id;   /* timeout */
  gboolean    quiet;      /* the text is set, not typed */
  gboolean    take_first; /* Enter came before the answer */
  gboolean    eager;
};

G_DEFINE_FINAL_TYPE (MusterSuggest, muster_suggest, G_TYPE_OBJECT)

enum
{
  CHOSEN,
  ENTERED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static char *
dup_text (MusterSuggest *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

static void
close_list (MusterSuggest *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
choose (MusterSuggest *self, GtkListBoxRow *row)
{
  g_autoptr (GObject) item = g_object_ref (g_object_get_data (G_OBJECT (row), "muster-item"));

  self->take_first = FALSE;
  close_list (self);
  g_signal_emit (self, signals[CHOSEN], 0, item);
}

static void
muster_suggest_activated_cb (MusterSuggest *self, GtkListBoxRow *row)
{
  choose (self, row);
}

/* Enter: what is marked, else the first. */
static void
take (MusterSuggest *self)
{
  GtkListBoxRow   *row = gtk_list_box_get_selected_row (self->list);
  g_autofree char *text = dup_text (self);

  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row != NULL)
    choose (self, row);
  else
    {
      self->take_first = FALSE;
      close_list (self);
      g_signal_emit (self, signals[ENTERED], 0, text);
    }
}

static void
show (MusterSuggest *self, GListModel *items)
{
  unsigned n_items = g_list_model_get_n_items (items);

  muster_list_clear (self->list);
  for (unsigned i = 0; i < n_items; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);
      GtkWidget *row = self->source->create_row (self->session, item, self->user_data);

      g_object_set_data_full (G_OBJECT (row), "muster-item", g_object_ref (item), g_object_unref);
      gtk_list_box_append (self->list, row);
    }
  if (n_items > 0 && !self->take_first && gtk_widget_get_mapped (self->entry))
    {
      g_autofree char *text =
        g_strdup_printf (ngettext ("%u suggestion", "%u suggestions", n_items), n_items);

      gtk_widget_set_size_request (self->popover,
                                   MAX (gtk_widget_get_width (self->entry), MIN_WIDTH), -1);
      gtk_popover_popup (GTK_POPOVER (self->popover));
      gtk_accessible_announce (GTK_ACCESSIBLE (self->entry), text,
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
    }
  else
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static DexFuture *
muster_suggest_found_cb (DexFuture *future, gpointer user_data)
{
  MusterSuggest *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->finding);
  if (self->popover == NULL)
    return dex_future_new_true ();
  if (value == NULL)
    {
      g_message ("nothing can be suggested: %s", error->message);
      if (self->take_first)
        muster_session_tell_error (self->session, _ ("Could not look for it"), error);
      self->take_first = FALSE;
      return dex_future_new_true ();
    }
  g_free (self->found_for);
  self->found_for = dup_text (self);
  show (self, g_value_get_object (value));
  if (self->take_first)
    take (self);
  return dex_future_new_true ();
}

static void
find (MusterSuggest *self)
{
  g_autofree char *text = dup_text (self);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  dex_clear (&self->finding);
  if (*text == '\0' && !self->eager)
    {
      g_clear_pointer (&self->found_for, g_free);
      muster_list_clear (self->list);
      close_list (self);
      return;
    }
  self->finding = dex_future_finally (self->source->find (self->session, text, self->user_data),
                                      muster_suggest_found_cb, g_object_ref (self), g_object_unref);
}

static gboolean
muster_suggest_delay_cb (gpointer user_data)
{
  MusterSuggest *self = user_data;

  self->delay_id = 0;
  find (self);
  return G_SOURCE_REMOVE;
}

static void
muster_suggest_changed_cb (MusterSuggest *self)
{
  if (self->quiet)
    return;
  self->take_first = FALSE;
  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->delay_id = g_timeout_add (DELAY, muster_suggest_delay_cb, self);
}

static void
move (MusterSuggest *self, int step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int            index = row != NULL ? gtk_list_box_row_get_index (row) + step : step > 0 ? 0 : -1;

  row = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL;
  if (row == NULL && index >= 0)
    return;
  gtk_list_box_select_row (self->list, row);
  if (row != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->entry),
                             g_object_get_data (G_OBJECT (row), "muster-title"),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static gboolean
press_enter (MusterSuggest *self)
{
  g_autofree char *text = dup_text (self);

  if (*text == '\0')
    return FALSE;
  if (self->delay_id == 0 && self->finding == NULL && g_strcmp0 (self->found_for, text) == 0)
    take (self);
  else
    {
      self->take_first = TRUE;
      find (self);
    }
  return TRUE;
}

static gboolean
muster_suggest_key_cb (MusterSuggest *self, guint key, guint code, GdkModifierType state)
{
  gboolean open = gtk_widget_get_visible (self->popover);

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return press_enter (self) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    case GDK_KEY_Escape:
      close_list (self);
      return open ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    case GDK_KEY_Down:
    case GDK_KEY_Up:
      if (!open)
        return GDK_EVENT_PROPAGATE;
      move (self, key == GDK_KEY_Down ? 1 : -1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
muster_suggest_left_cb (MusterSuggest *self)
{
  close_list (self);
}

static void
muster_suggest_destroyed_cb (MusterSuggest *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  dex_clear (&self->finding);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

static void
muster_suggest_finalize (GObject *object)
{
  MusterSuggest *self = MUSTER_SUGGEST (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  dex_clear (&self->finding);
  g_clear_object (&self->session);
  g_free (self->found_for);
  G_OBJECT_CLASS (muster_suggest_parent_class)->finalize (object);
}

static void
muster_suggest_class_init (MusterSuggestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_suggest_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[ENTERED] = g_signal_new ("entered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
muster_suggest_init (MusterSuggest *self)
{
}

static void
make_popover (MusterSuggest *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_set_can_focus (GTK_WIDGET (self->list), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (self->source->label), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "suggestions");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (muster_suggest_activated_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_add_css_class (self->popover, "suggest");
  gtk_popover_set_child (GTK_POPOVER (self->popover), scroller);
  gtk_widget_set_parent (self->popover, self->entry);
}

MusterSuggest *
muster_suggest_attach (GtkWidget                 *entry,
                       MusterSession             *session,
                       const MusterSuggestSource *source,
                       gpointer                   user_data)
{
  MusterSuggest      *self;
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_return_val_if_fail (GTK_IS_EDITABLE (entry), NULL);
  g_return_val_if_fail (source != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SUGGEST, NULL);
  self->entry = entry;
  self->session = g_object_ref (session);
  self->source = source;
  self->user_data = user_data;
  make_popover (self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (muster_suggest_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry, keys);
  g_signal_connect_object (focus, "leave", G_CALLBACK (muster_suggest_left_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry, focus);
  g_signal_connect_object (entry, "changed", G_CALLBACK (muster_suggest_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "destroy", G_CALLBACK (muster_suggest_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (entry), "muster-suggest", self, g_object_unref);
  return self;
}

void
muster_suggest_set_text (MusterSuggest *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_SUGGEST (self));

  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->take_first = FALSE;
  self->quiet = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  self->quiet = FALSE;
  g_clear_pointer (&self->found_for, g_free);
  close_list (self);
}

void
muster_suggest_take (MusterSuggest *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_SUGGEST (self));

  muster_suggest_set_text (self, text);
  press_enter (self);
}

void
muster_suggest_set_eager (MusterSuggest *self, gboolean eager)
{
  g_return_if_fail (MUSTER_IS_SUGGEST (self));

  self->eager = !!eager;
}

GtkWidget *
muster_suggest_row_new (const char *title, const char *subtitle, GtkWidget *suffix)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *about = gtk_label_new (subtitle);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (about), 0);
  gtk_label_set_ellipsize (GTK_LABEL (about), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (about, "dim-label");
  gtk_widget_add_css_class (about, "caption");
  gtk_widget_set_visible (about, subtitle != NULL && *subtitle != '\0');
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), about);
  gtk_box_append (GTK_BOX (box), texts);
  if (suffix != NULL)
    {
      gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), suffix);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "muster-title", g_strdup (title), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  subtitle != NULL ? subtitle : "", -1);
  return row;
}
