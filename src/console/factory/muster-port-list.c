/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-port-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-flash.h"
#include "client/muster-api-json.h"
#include "muster-factory-words.h"
#include "muster-port-list.h"
#include "widgets/muster-format.h"

/* A row and what it stands for. */
typedef struct
{
  char      *port;   /* (owned) */
  gboolean   is_own; /* somebody typed it: it stays when the ports are asked for again */
  GtkWidget *row;
  GtkWidget *check;
} Port;

struct _MusterPortList
{
  AdwPreferencesGroup parent_instance;

  MusterSession *session; /* (owned) */
  gboolean       single;
  GPtrArray     *ports;   /* (owned) (element-type Port) */
  DexFuture     *reading; /* (owned) (nullable) */
  GtkWidget     *refresh;
  GtkWidget     *other;   /* the row to type one into */
  GtkWidget     *nothing; /* (nullable) says that there is none */
};

G_DEFINE_FINAL_TYPE (MusterPortList, muster_port_list, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
port_free (gpointer data)
{
  Port *self = data;

  g_free (self->port);
  g_free (self);
}

static Port *
find_port (MusterPortList *self, const char *port)
{
  for (unsigned i = 0; i < self->ports->len; i++)
    if (g_strcmp0 (((Port *)self->ports->pdata[i])->port, port) == 0)
      return self->ports->pdata[i];
  return NULL;
}

static void
muster_port_list_toggled_cb (MusterPortList *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The row to type into stays the last. */
static void
put_last (MusterPortList *self, GtkWidget *row)
{
  g_autoptr (GtkWidget) other = g_object_ref (self->other);

  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), other);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), other);
}

static void
show_nothing (MusterPortList *self)
{
  gboolean wanted = self->ports->len == 0;

  if (wanted && self->nothing == NULL)
    {
      self->nothing =
        g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("No boards found"), "subtitle",
                      _ ("Plug one into the machine that the daemon runs on, then refresh."), NULL);
      put_last (self, self->nothing);
    }
  else if (!wanted && self->nothing != NULL)
    {
      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->nothing);
      self->nothing = NULL;
    }
}

/* Below the name of a port: who has it, else its path where that says more than the name. */
static void
show_use (Port *port, const char *used_by)
{
  g_autofree char *name = muster_port_dup_name (port->port);
  g_autofree char *use = used_by != NULL ? g_strdup_printf (_ ("In use: %s"), used_by) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (port->row), use != NULL ? use
                                                           : g_strcmp0 (name, port->port) != 0
                                                             ? port->port
                                                             : "");
}

static Port *
add_port (MusterPortList *self, const char *path, gboolean is_own)
{
  Port            *port = g_new0 (Port, 1);
  Port            *first = self->ports->len > 0 ? self->ports->pdata[0] : NULL;
  g_autofree char *name = muster_port_dup_name (path);

  port->port = g_strdup (path);
  port->is_own = is_own;
  port->check = gtk_check_button_new ();
  gtk_widget_set_valign (port->check, GTK_ALIGN_CENTER);
  if (self->single && first != NULL)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (port->check), GTK_CHECK_BUTTON (first->check));
  port->row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name,
                            "subtitle-lines", 2, "activatable-widget", port->check, NULL);
  show_use (port, NULL);
  gtk_widget_set_tooltip_text (port->row, path);
  adw_action_row_add_prefix (ADW_ACTION_ROW (port->row), port->check);
  gtk_accessible_update_property (GTK_ACCESSIBLE (port->check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_signal_connect_object (port->check, "toggled", G_CALLBACK (muster_port_list_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->ports, port);
  put_last (self, port->row);
  show_nothing (self);
  return port;
}

static void
remove_port (MusterPortList *self, Port *port)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), port->row);
  g_ptr_array_remove (self->ports, port);
}

/* --- reading --- */

static gboolean
is_listed (JsonArray *items, const char *port)
{
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = muster_api_json_as_object (json_array_get_element (items, i));

      if (item != NULL && g_strcmp0 (muster_api_json_get_string (item, "port"), port) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
show_ports (MusterPortList *self, JsonArray *items)
{
  for (unsigned i = self->ports->len; i > 0; i--)
    {
      Port *port = self->ports->pdata[i - 1];

      if (!port->is_own && !is_listed (items, port->port))
        remove_port (self, port);
    }
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = muster_api_json_as_object (json_array_get_element (items, i));
      const char *path = item != NULL ? muster_api_json_get_string (item, "port") : NULL;
      Port       *port;

      if (path == NULL)
        continue;
      port = find_port (self, path);
      if (port == NULL)
        port = add_port (self, path, FALSE);
      show_use (port, muster_api_json_get_string (item, "used_by"));
    }
  show_nothing (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static DexFuture *
muster_port_list_read_cb (DexFuture *future, gpointer user_data)
{
  MusterPortList *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  gtk_widget_set_sensitive (self->refresh, TRUE);
  if (value != NULL)
    show_ports (self, muster_api_json_get_array (g_value_get_boxed (value), "items"));
  else
    muster_session_tell_error (self->session, _ ("The ports could not be read"), error);
  return dex_future_new_true ();
}

void
muster_port_list_refresh (MusterPortList *self)
{
  g_return_if_fail (MUSTER_IS_PORT_LIST (self));

  gtk_widget_set_sensitive (self->refresh, FALSE);
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_flash_list_ports (muster_session_get_client (self->session)),
                        muster_port_list_read_cb, self, NULL);
}

/* --- what is chosen --- */

void
muster_port_list_add (MusterPortList *self, const char *path)
{
  Port *port;

  g_return_if_fail (MUSTER_IS_PORT_LIST (self) && path != NULL);

  port = find_port (self, path);
  if (port == NULL)
    port = add_port (self, path, TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (port->check), TRUE);
}

static void
muster_port_list_apply_cb (MusterPortList *self)
{
  g_autofree char *path =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->other))));

  if (*path == '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->other), "");
  muster_port_list_add (self, path);
}

char **
muster_port_list_dup_chosen (MusterPortList *self)
{
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_PORT_LIST (self), NULL);

  for (unsigned i = 0; i < self->ports->len; i++)
    {
      const Port *port = self->ports->pdata[i];

      if (gtk_check_button_get_active (GTK_CHECK_BUTTON (port->check)))
        g_strv_builder_add (chosen, port->port);
    }
  return g_strv_builder_end (chosen);
}

unsigned
muster_port_list_count_chosen (MusterPortList *self)
{
  g_auto (GStrv) chosen = muster_port_list_dup_chosen (self);

  return chosen != NULL ? g_strv_length (chosen) : 0;
}

/* --- life --- */

static void
muster_port_list_dispose (GObject *object)
{
  MusterPortList *self = MUSTER_PORT_LIST (object);

  dex_clear (&self->reading);
  G_OBJECT_CLASS (muster_port_list_parent_class)->dispose (object);
}

static void
muster_port_list_finalize (GObject *object)
{
  MusterPortList *self = MUSTER_PORT_LIST (object);

  g_clear_pointer (&self->ports, g_ptr_array_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_port_list_parent_class)->finalize (object);
}

static void
muster_port_list_class_init (MusterPortListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_port_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_port_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_PORT_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
create_button (const char *icon_name, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

static void
muster_port_list_init (MusterPortList *self)
{
  GtkWidget *add;

  self->ports = g_ptr_array_new_with_free_func (port_free);
  self->refresh = create_button ("view-refresh-symbolic", _ ("Look for Boards Again"));
  g_signal_connect_object (self->refresh, "clicked", G_CALLBACK (muster_port_list_refresh), self,
                           G_CONNECT_SWAPPED);
  self->other = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->other), _ ("Another port"));
  add = create_button ("list-add-symbolic", _ ("Add This Port"));
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->other), add);
  g_signal_connect_object (add, "clicked", G_CALLBACK (muster_port_list_apply_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->other, "entry-activated", G_CALLBACK (muster_port_list_apply_cb),
                           self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->other);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->refresh);
}

GtkWidget *
muster_port_list_new (MusterSession *session, gboolean single)
{
  MusterPortList *self =
    g_object_new (MUSTER_TYPE_PORT_LIST, "title", single ? _ ("Port") : _ ("Boards"), NULL);

  self->session = g_object_ref (session);
  self->single = single;
  muster_port_list_refresh (self);
  return GTK_WIDGET (self);
}
