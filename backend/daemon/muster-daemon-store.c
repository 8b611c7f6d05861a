/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-daemon-settings.h"
#include "muster-daemon-store.h"
#include "telemetry/muster-sqlite-sample-store.h"
#include "telemetry/muster-victoria-sample-store.h"

static void
collect_kind (GString *text, gpointer owner)
{
  gboolean is_victoria = MUSTER_IS_VICTORIA_SAMPLE_STORE (owner);

  muster_metrics_append_head (text, "muster_sample_store_info", "gauge", "What keeps the samples.");
  muster_metrics_append_value (text, "muster_sample_store_info",
                               is_victoria ? "kind=\"victoria-metrics\"" : "kind=\"local\"", 1);
}

static MusterVictoriaConfig *
read_config (MusterSettings *settings, const char *url, const char *site, GError **error)
{
  return muster_victoria_config_new (
    url, muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_SELECT_URL),
    muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_TENANT),
    muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_USER),
    muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_PASSWORD),
    muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_TOKEN),
    muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_CA_FILE), site, error);
}

MusterSampleStore *
muster_daemon_store_new (const char     *path,
                         MusterClock    *clock,
                         MusterSettings *settings,
                         const char     *site)
{
  const char *url = muster_settings_get_string (settings, MUSTER_SETTING_VICTORIA_URL);
  g_autoptr (MusterVictoriaConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char   *trouble = NULL;
  MusterSampleStore *store;

  if (url != NULL && *url != '\0')
    config = read_config (settings, url, site, &error);
  if (config != NULL)
    return MUSTER_SAMPLE_STORE (muster_victoria_sample_store_new (
      path, clock, g_steal_pointer (&config),
      muster_settings_get_integer (settings, MUSTER_SETTING_VICTORIA_BACKLOG) << 20));
  store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, clock));
  /* It must start all the same: how else would the setting be put right? */
  if (error != NULL)
    {
      trouble = g_strdup_printf ("samples are kept on this machine: %s", error->message);
      muster_service_set_trouble (MUSTER_SERVICE (store), trouble);
    }
  return store;
}

void
muster_daemon_store_add_metrics (MusterSampleStore *store, MusterMetrics *metrics)
{
  muster_metrics_add_collector (metrics, G_OBJECT (store), collect_kind);
  if (MUSTER_IS_VICTORIA_SAMPLE_STORE (store))
    muster_victoria_sample_store_add_metrics (MUSTER_VICTORIA_SAMPLE_STORE (store), metrics);
}
