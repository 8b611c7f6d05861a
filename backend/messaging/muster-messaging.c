/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-messaging"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "model/muster-sample.h"
#include "muster-messaging.h"
#include "muster-mosquitto-client.h"

#define DROPPED_TOPIC "$SYS/broker/publish/messages/dropped"
#define SIDE_TURN 32 /* packets: so that what comes there cannot crowd out the site's own nodes */

struct _MusterMessaging
{
  MusterService parent_instance;

  MusterBroker        *broker;       /* (owned) (nullable) */
  MusterMqttClient    *client;       /* (owned) */
  MusterMqttClient    *side_client;  /* (owned) */
  MusterSparkplugHost *host;         /* (owned) */
  char                *external_uri; /* (nullable) */
  gint64               dropped;      /* messages that the broker could not hand on, -1: unknown */
};

G_DEFINE_FINAL_TYPE (MusterMessaging, muster_messaging, MUSTER_TYPE_SERVICE)

static void
muster_messaging_update_trouble (MusterMessaging *self)
{
  const char *trouble =
    self->broker ? muster_service_get_trouble (MUSTER_SERVICE (self->broker)) : NULL;

  if (trouble == NULL)
    trouble = muster_service_get_trouble (MUSTER_SERVICE (self->host));
  muster_service_set_trouble (MUSTER_SERVICE (self), trouble);
}

/* The broker is back: no need to wait for the next attempt. */
static void
muster_messaging_up_cb (MusterMessaging *self, gboolean up)
{
  if (!up || !muster_service_is_running (MUSTER_SERVICE (self->host)))
    return;
  dex_future_disown (muster_mqtt_client_connect (self->client));
  dex_future_disown (muster_mqtt_client_connect (self->side_client));
}

static DexFuture *
subscribe_failed_cb (DexFuture *future, gpointer user_data)
{
  g_debug ("the broker does not tell its figures");
  return dex_future_new_true ();
}

static void
muster_messaging_connected_cb (MusterMessaging *self)
{
  self->dropped = self->broker != NULL ? 0 : -1;
  dex_future_disown (
    dex_future_catch (muster_mqtt_client_subscribe (self->client, DROPPED_TOPIC, 0),
                      subscribe_failed_cb, NULL, NULL));
}

static void
muster_messaging_message_cb (MusterMessaging *self, const MusterMqttMessage *message)
{
  g_autofree char *text = NULL;

  if (*message->topic != '$' || !g_str_equal (message->topic, DROPPED_TOPIC) || message->size > 20)
    return;
  text = g_strndup ((const char *)message->data, message->size);
  self->dropped = g_ascii_strtoll (text, NULL, 10);
}

/* --- service --- */

static void
muster_messaging_aim (MusterMessaging *self, const MusterMqttTarget *target)
{
  MusterMqttTarget side = *target;
  g_autofree char *client_id = g_strconcat (target->client_id, "-side", NULL);

  side.client_id = client_id;
  muster_mosquitto_client_set_target (MUSTER_MOSQUITTO_CLIENT (self->client), target);
  muster_mosquitto_client_set_target (MUSTER_MOSQUITTO_CLIENT (self->side_client), &side);
}

static DexFuture *
start_fiber (gpointer user_data)
{
  MusterMessaging *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->broker != NULL)
    {
      if (!dex_await (muster_service_start (MUSTER_SERVICE (self->broker)), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
      muster_messaging_aim (self, muster_broker_get_target (self->broker));
    }
  if (!dex_await (muster_service_start (MUSTER_SERVICE (self->host)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  dex_future_disown (muster_mqtt_client_connect (self->side_client));
  muster_messaging_update_trouble (self);
  return dex_future_new_true ();
}

static DexFuture *
muster_messaging_start (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, start_fiber, g_object_ref (service), g_object_unref);
}

static DexFuture *
stop_fiber (gpointer user_data)
{
  MusterMessaging *self = user_data;

  dex_await (muster_mqtt_client_disconnect (self->side_client), NULL);
  dex_await (muster_service_stop (MUSTER_SERVICE (self->host)), NULL);
  if (self->broker != NULL)
    dex_await (muster_service_stop (MUSTER_SERVICE (self->broker)), NULL);
  return dex_future_new_true ();
}

static DexFuture *
muster_messaging_stop (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, stop_fiber, g_object_ref (service), g_object_unref);
}

static void
muster_messaging_finalize (GObject *object)
{
  MusterMessaging *self = MUSTER_MESSAGING (object);

  g_clear_object (&self->host);
  g_clear_object (&self->side_client);
  g_clear_object (&self->client);
  g_clear_object (&self->broker);
  g_free (self->external_uri);
  G_OBJECT_CLASS (muster_messaging_parent_class)->finalize (object);
}

static void
muster_messaging_class_init (MusterMessagingClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_messaging_finalize;
  service_class->name = "messaging";
  service_class->start = muster_messaging_start;
  service_class->stop = muster_messaging_stop;
}

static void
muster_messaging_init (MusterMessaging *self)
{
  self->dropped = -1;
}

static void
muster_messaging_make_clients (MusterMessaging *self, const MusterMessagingOptions *options)
{
  g_autofree char *client_id = g_strdup_printf ("muster-%s", options->host_id);
  MusterMqttTarget target = {
    .uri = options->external_uri,
    .client_id = client_id,
    .username = options->external_user,
    .password = options->external_password,
    .ca_file = options->external_ca_file,
  };

  self->client = MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (NULL));
  self->side_client = MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (NULL));
  muster_mosquitto_client_set_turn (MUSTER_MOSQUITTO_CLIENT (self->side_client), SIDE_TURN);
  if (options->external_uri != NULL)
    muster_messaging_aim (self, &target);
}

MusterMessaging *
muster_messaging_new (const MusterMessagingOptions *options,
                      MusterCertificateAuthority   *authority,
                      MusterClock                  *clock)
{
  MusterMessaging *self;

  g_return_val_if_fail (options != NULL && MUSTER_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (options->external_uri != NULL ||
                          MUSTER_IS_CERTIFICATE_AUTHORITY (authority),
                        NULL);

  self = g_object_new (MUSTER_TYPE_MESSAGING, NULL);
  self->external_uri = g_strdup (options->external_uri);
  muster_messaging_make_clients (self, options);
  self->host =
    muster_sparkplug_host_new (self->client, clock, options->host_id,
                               options->sparkplug.max_nodes > 0 ? &options->sparkplug : NULL);
  if (options->external_uri == NULL)
    {
      self->broker = muster_broker_new (&options->broker, authority, clock);
      g_signal_connect_object (self->broker, "up", G_CALLBACK (muster_messaging_up_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->broker, "notify::trouble",
                               G_CALLBACK (muster_messaging_update_trouble), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (self->host, "notify::trouble",
                           G_CALLBACK (muster_messaging_update_trouble), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "connected", G_CALLBACK (muster_messaging_connected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "message", G_CALLBACK (muster_messaging_message_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

MusterBroker *
muster_messaging_get_broker (MusterMessaging *self)
{
  g_return_val_if_fail (MUSTER_IS_MESSAGING (self), NULL);

  return self->broker;
}

MusterSparkplugHost *
muster_messaging_get_host (MusterMessaging *self)
{
  g_return_val_if_fail (MUSTER_IS_MESSAGING (self), NULL);

  return self->host;
}

MusterMqttClient *
muster_messaging_get_client (MusterMessaging *self)
{
  g_return_val_if_fail (MUSTER_IS_MESSAGING (self), NULL);

  return self->client;
}

MusterMqttClient *
muster_messaging_get_side_client (MusterMessaging *self)
{
  g_return_val_if_fail (MUSTER_IS_MESSAGING (self), NULL);

  return self->side_client;
}

/* --- status --- */

/* What an external broker cannot be asked to do. */
static const char *const external_limits[] = {
  N_ ("Accounts and rights of devices are the affair of whoever runs the broker."),
  N_ ("Adopted devices are not given a broker account; releasing one does not cut its session."),
  N_ ("Which clients are connected is not known."),
};

static void
append_text (GString *json, const char *name, const char *text)
{
  MusterSample sample = { .type = text != NULL ? MUSTER_SAMPLE_STRING : MUSTER_SAMPLE_NULL,
                          .text = text };

  g_string_append_printf (json, ",\"%s\":", name);
  muster_sample_encode_value (&sample, json);
}

static char *
make_uri (MusterMessaging *self)
{
  g_auto (GStrv) hosts = NULL;

  if (self->broker == NULL)
    return g_strdup (self->external_uri);
  if (muster_broker_get_port (self->broker) == 0)
    return NULL;
  hosts = muster_broker_list_hosts (self->broker);
  return g_strdup_printf (strchr (hosts[0], ':') ? "mqtts://[%s]:%d" : "mqtts://%s:%d", hosts[0],
                          muster_broker_get_port (self->broker));
}

static void
append_plain_port (MusterMessaging *self, GString *json)
{
  int port = self->broker != NULL ? muster_broker_get_plain_port (self->broker) : 0;

  if (port > 0)
    g_string_append_printf (json, ",\"plain_port\":%d", port);
  else
    g_string_append (json, ",\"plain_port\":null");
}

static void
append_limits (MusterMessaging *self, GString *json)
{
  g_string_append (json, ",\"limits\":[");
  for (unsigned i = 0; self->broker == NULL && i < G_N_ELEMENTS (external_limits); i++)
    {
      MusterSample sample = { .type = MUSTER_SAMPLE_STRING, .text = _ (external_limits[i]) };

      g_string_append (json, i > 0 ? "," : "");
      muster_sample_encode_value (&sample, json);
    }
  g_string_append_c (json, ']');
}

void
muster_messaging_encode_status (MusterMessaging *self, GString *json)
{
  const MusterSparkplugCounts *counts;
  g_autofree char             *uri = NULL;
  gboolean                     connected;

  g_return_if_fail (MUSTER_IS_MESSAGING (self) && json != NULL);

  counts = muster_sparkplug_host_get_counts (self->host);
  connected = muster_mqtt_client_get_state (self->client) == MUSTER_MQTT_CONNECTED;
  uri = make_uri (self);
  g_string_append_printf (json, "{\"mode\":\"%s\",\"state\":\"%s\"",
                          self->broker ? "own" : "external",
                          connected                                             ? "up"
                          : self->broker && !muster_broker_is_up (self->broker) ? "down"
                                                                                : "connecting");
  append_text (json, "uri", uri);
  append_plain_port (self, json);
  append_text (json, "host_id", muster_sparkplug_host_get_id (self->host));
  append_text (json, "trouble", muster_service_get_trouble (MUSTER_SERVICE (self)));
  if (self->broker != NULL)
    g_string_append_printf (json, ",\"clients\":%u", muster_broker_count_clients (self->broker));
  else
    g_string_append (json, ",\"clients\":null");
  if (self->dropped >= 0)
    g_string_append_printf (json, ",\"dropped\":%" G_GINT64_FORMAT, self->dropped);
  else
    g_string_append (json, ",\"dropped\":null");
  g_string_append_printf (json,
                          ",\"messages\":%" G_GUINT64_FORMAT ",\"samples\":%" G_GUINT64_FORMAT
                          ",\"malformed\":%" G_GUINT64_FORMAT ",\"unknown\":%" G_GUINT64_FORMAT
                          ",\"gaps\":%" G_GUINT64_FORMAT ",\"rebirths\":%" G_GUINT64_FORMAT
                          ",\"ignored\":%" G_GUINT64_FORMAT,
                          counts->messages, counts->samples, counts->malformed, counts->unknown,
                          counts->gaps, counts->rebirths, counts->ignored);
  append_limits (self, json);
  g_string_append_c (json, '}');
}
