/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-station-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "muster-ports-ask.h"
#include "muster-station-page-private.h"
#include "print/muster-print-dialog.h"

static void
set_unit (MusterStationPage *self, MusterEntity *unit)
{
  g_set_object (&self->station.unit, unit);
  g_set_str (&self->unit_id, unit != NULL ? muster_entity_get_id (unit) : NULL);
  muster_station_page_show (self);
}

static DexFuture *
muster_station_page_begun_cb (DexFuture *future, gpointer user_data)
{
  MusterStationPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *units = value != NULL ? g_value_get_object (value) : NULL;

  self->station.is_sending = FALSE;
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (units == NULL)
    muster_session_tell_error (session_of (self), _ ("The board was not begun"), error);
  set_unit (self, units != NULL && muster_api_page_get_length (units) > 0
                    ? muster_api_page_get (units, 0)
                    : NULL);
  muster_station_page_reload (self);
  return dex_future_new_true ();
}

static JsonArray *
make_ports (MusterStationPage *self)
{
  JsonArray  *ports = json_array_new ();
  JsonObject *port = json_object_new ();

  json_object_set_string_member (port, "port", self->station.port);
  if (self->station.tool != NULL)
    json_object_set_string_member (port, "flash_port", self->station.tool);
  json_array_add_object_element (ports, port);
  return ports;
}

static void
muster_station_page_start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  if (self->station.is_sending || self->station.port == NULL)
    return;
  self->station.is_sending = TRUE;
  set_unit (self, NULL);
  dex_future_disown (dex_future_finally (muster_api_factory_add_units (client_of (self), self->id,
                                                                       make_ports (self)),
                                         muster_station_page_begun_cb, g_object_ref (self),
                                         g_object_unref));
}

static void
muster_station_page_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_unit (MUSTER_STATION_PAGE (widget), NULL);
}

static DexFuture *
muster_station_page_told_cb (DexFuture *future, gpointer user_data)
{
  MusterStationPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (value == NULL)
    muster_session_tell_error (session_of (self), _ ("That was not done"), error);
  muster_station_page_reload (self);
  return dex_future_new_true ();
}

static void
follow (MusterStationPage *self, DexFuture *work)
{
  dex_future_disown (
    dex_future_finally (work, muster_station_page_told_cb, g_object_ref (self), g_object_unref));
}

static void
muster_station_page_answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  if (self->unit_id != NULL && muster_station_find_state (&self->station) == MUSTER_STATION_ASKING)
    follow (self, muster_api_factory_answer_unit (
                    client_of (self), self->unit_id,
                    g_str_equal (g_variant_get_string (parameter, NULL), "yes"), NULL));
}

/* Where it was printed before: at the station the printer is asked for anew. */
static void
reprint (MusterStationPage *self)
{
  if (muster_entity_get_enum (self->station.batch, "labels") == MUSTER_FACTORY_LABELS_STATION)
    muster_station_label_print (self->label, TRUE);
  else
    follow (self, muster_api_factory_print_label (client_of (self), self->unit_id, NULL, NULL));
}

static void
muster_station_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);
  const char        *ids[] = { NULL, NULL };

  if (self->unit_id == NULL || self->station.unit == NULL)
    return;
  ids[0] = muster_entity_get_string (self->station.unit, "device_id");
  if (g_str_equal (name, "station.retry"))
    follow (self, muster_api_factory_retry_unit (client_of (self), self->unit_id));
  else if (g_str_equal (name, "station.cancel"))
    follow (self, muster_api_factory_cancel_unit (client_of (self), self->unit_id));
  else if (g_str_equal (name, "station.reprint"))
    reprint (self);
  else if (ids[0] != NULL)
    muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DEVICE_LABELS, ids);
}

static void
choose_port (const char *const *ports, gpointer user_data)
{
  MusterStationPage *self = user_data;

  g_set_str (&self->station.port, ports[0]);
  g_set_str (&self->station.tool, ports[1]);
  muster_station_page_show (self);
}

/* Whether a tool writes the firmware of the batch's boards. */
static gboolean
is_flashed (MusterStationPage *self)
{
  return self->station.batch != NULL && !muster_entity_is_null (self->station.batch, "artifact_id");
}

static void
muster_station_page_port_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  muster_ports_ask (widget, session_of (self), _ ("Which Port?"),
                    _ ("Every board of this station is put on it."), _ ("_Choose"),
                    is_flashed (self) ? MUSTER_PORTS_ONE_AND_TOOL : MUSTER_PORTS_ONE, choose_port,
                    G_OBJECT (self));
}

void
muster_station_page_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const done[] = { "station.retry", "station.cancel", "station.label",
                                      "station.reprint" };

  for (unsigned i = 0; i < G_N_ELEMENTS (done); i++)
    gtk_widget_class_install_action (widget_class, done[i], NULL, muster_station_page_do_action);
  gtk_widget_class_install_action (widget_class, "station.start", NULL,
                                   muster_station_page_start_action);
  gtk_widget_class_install_action (widget_class, "station.next", NULL,
                                   muster_station_page_next_action);
  gtk_widget_class_install_action (widget_class, "station.port", NULL,
                                   muster_station_page_port_action);
  gtk_widget_class_install_action (widget_class, "station.answer", "s",
                                   muster_station_page_answer_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, 0, "station.answer", "s", "yes");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, 0, "station.answer", "s", "no");
}
