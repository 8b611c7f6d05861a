/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-links"

#include "config.h"

#include "messaging/muster-messaging.h"
#include "model/muster-error.h"
#include "muster-device-links.h"

#define REBIRTH_TIMEOUT (10 * G_TIME_SPAN_SECOND)

static gboolean
get_facts (MusterBrokerFacts *facts, gpointer user_data, GError **error)
{
  MusterBroker *broker = muster_messaging_get_broker (user_data);

  if (broker == NULL || !muster_broker_is_up (broker))
    {
      if (broker == NULL)
        g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                             "the site uses an external broker: accounts are made there");
      else
        g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                             "the site's broker is not running");
      return FALSE;
    }
  facts->hosts = muster_broker_list_hosts (broker);
  facts->port = muster_broker_get_port (broker);
  facts->plain_port = muster_broker_get_plain_port (broker);
  facts->ca_der = muster_broker_get_ca_der (broker);
  facts->ca_pem = muster_broker_get_ca_pem (broker);
  facts->tls_name = muster_broker_get_tls_name (broker);
  return TRUE;
}

static DexFuture *
set_accounts (GPtrArray *accounts, gpointer user_data)
{
  MusterBroker *broker = muster_messaging_get_broker (user_data);

  return broker != NULL ? muster_broker_set_accounts (broker, accounts) : dex_future_new_true ();
}

static DexFuture *
release (const char *group_id, const char *node_id, gpointer user_data)
{
  MusterSparkplugHost *host = muster_messaging_get_host (user_data);

  if (!muster_sparkplug_host_is_online (host, group_id, node_id, NULL))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the device is offline");
  return muster_sparkplug_host_release (host, group_id, node_id);
}

static DexFuture *
write_metric (const char         *group_id,
              const char         *node_id,
              const char         *device,
              const char         *metric,
              const MusterSample *value,
              gint64              timeout,
              gpointer            user_data)
{
  return muster_sparkplug_host_write (muster_messaging_get_host (user_data), group_id, node_id,
                                      device, metric, value, timeout);
}

static DexFuture *
rebirth (const char *group_id, const char *node_id, gpointer user_data)
{
  return muster_sparkplug_host_request_rebirth (muster_messaging_get_host (user_data), group_id,
                                                node_id, REBIRTH_TIMEOUT);
}

static void
forget (const char *group_id, const char *node_id, gpointer user_data)
{
  muster_sparkplug_host_forget (muster_messaging_get_host (user_data), group_id, node_id);
}

const MusterDeviceLinks muster_device_messaging_links = {
  .get_facts = get_facts,
  .set_accounts = set_accounts,
  .release = release,
  .write = write_metric,
  .rebirth = rebirth,
  .forget = forget,
};
