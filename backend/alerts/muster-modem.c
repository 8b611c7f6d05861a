/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-modem"

#include "config.h"

#include <gio/gio.h>

#include "model/muster-error.h"
#include "muster-modem.h"

/* ModemManager's D-Bus interface:
 * https://www.freedesktop.org/software/ModemManager/doc/latest/ModemManager/ref-dbus.html */
#define NAME "org.freedesktop.ModemManager1"
#define PATH "/org/freedesktop/ModemManager1"
#define MESSAGING NAME ".Modem.Messaging"
#define CALL_MILLISECONDS 60000

typedef struct
{
  char *number;
  char *text;
} Message;

static void
message_free (gpointer data)
{
  Message *self = data;

  g_free (self->number);
  g_free (self->text);
  g_free (self);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      g_dbus_error_strip_remote_error (error);
      dex_promise_reject (promise, g_error_new (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                                "ModemManager: %s", error->message));
    }
  else
    dex_promise_resolve_variant (promise, reply);
}

/* In a fiber: PARAMETERS is floating. */
static GVariant *
call (GDBusConnection *bus,
      const char      *path,
      const char      *interface,
      const char      *method,
      GVariant        *parameters,
      GError         **error)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  g_dbus_connection_call (bus, NAME, path, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, CALL_MILLISECONDS,
                          dex_promise_get_cancellable (promise), called_cb, dex_ref (promise));
  return dex_await_variant (DEX_FUTURE (promise), error);
}

/* In a fiber: the path of the first modem that takes messages: (transfer full). */
static char *
find_modem (GDBusConnection *bus, GError **error)
{
  g_autoptr (GVariant) reply = call (bus, PATH, "org.freedesktop.DBus.ObjectManager",
                                    "GetManagedObjects", NULL, error);
  g_autoptr (GVariantIter) objects = NULL;
  g_autoptr (GVariant) interfaces = NULL;
  const char *path;

  if (reply == NULL)
    return NULL;
  if (g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a{oa{sa{sv}}})")))
    g_variant_get (reply, "(a{oa{sa{sv}}})", &objects);
  while (objects != NULL && g_variant_iter_loop (objects, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      g_autoptr (GVariant) messaging = g_variant_lookup_value (interfaces, MESSAGING, NULL);

      if (messaging != NULL)
        return g_strdup (path);
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                       "there is no modem that sends messages");
  return NULL;
}

/* In a fiber. */
static gboolean
send_over (GDBusConnection *bus, const char *modem, const Message *message, GError **error)
{
  GVariantBuilder properties = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sv}"));
  g_autoptr (GVariant) created = NULL;
  g_autoptr (GVariant) sent = NULL;
  g_autoptr (GVariant) deleted = NULL;
  const char *sms = NULL;

  g_variant_builder_add (&properties, "{sv}", "number", g_variant_new_string (message->number));
  g_variant_builder_add (&properties, "{sv}", "text", g_variant_new_string (message->text));
  created = call (bus, modem, MESSAGING, "Create", g_variant_new ("(a{sv})", &properties), error);
  if (created == NULL)
    return FALSE;
  if (!g_variant_is_of_type (created, G_VARIANT_TYPE ("(o)")))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                           "ModemManager gave no message");
      return FALSE;
    }
  g_variant_get (created, "(&o)", &sms);
  sent = call (bus, sms, NAME ".Sms", "Send", NULL, error);
  /* The modem's memory is small; what it cannot delete it keeps. */
  deleted = call (bus, modem, MESSAGING, "Delete", g_variant_new ("(o)", sms), NULL);
  return sent != NULL;
}

static DexFuture *
send_fiber (gpointer user_data)
{
  const Message *message = user_data;
  GError        *error = NULL;
  g_autoptr (GDBusConnection) bus = dex_await_object (dex_bus_get (G_BUS_TYPE_SYSTEM), &error);
  g_autofree char *modem = NULL;

  if (bus == NULL)
    {
      g_autoptr (GError) cause = error;

      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "the system bus: %s",
                                    cause->message);
    }
  modem = find_modem (bus, &error);
  if (modem == NULL || !send_over (bus, modem, message, &error))
    return dex_future_new_for_error (error);
  return dex_future_new_true ();
}

DexFuture *
muster_modem_send (const char *number, const char *text)
{
  Message *message = NULL;

  g_return_val_if_fail (number != NULL && text != NULL, NULL);

  message = g_new (Message, 1);
  *message = (Message){ g_strdup (number), g_strdup (text) };
  return dex_scheduler_spawn (NULL, 0, send_fiber, message, message_free);
}
