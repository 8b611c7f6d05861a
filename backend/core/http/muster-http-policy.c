/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-policy"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-http-policy.h"

#define DEFAULT_RATE 2000

/* clang-format off */
const MusterSetting muster_http_settings[] = {
  { MUSTER_SETTING_CORS_ORIGINS, { "http_cors_origins", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 2000, .label = N_("Web origins"), .doc = "Web pages of these origins may use the API from a browser: https://app.example, commas between. Empty: none." } },
  { MUSTER_SETTING_RATE_PER_TOKEN, { "http_rate_per_token", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000000, .unit = "1/s", .default_value = DEFAULT_RATE, .label = N_("Requests by token"), .doc = "How many requests a second each token may make over the network; 0: any number." } },
  { MUSTER_SETTING_RATE_PER_ADDRESS, { "http_rate_per_address", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000000, .unit = "1/s", .default_value = 2 * DEFAULT_RATE, .label = N_("Requests by address"), .doc = "How many requests a second may come from each address of the network; 0: any number." } },
  { NULL },
};
/* clang-format on */

MusterHttpPolicy *
muster_http_policy_new (void)
{
  MusterHttpPolicy *self = g_new0 (MusterHttpPolicy, 1);

  self->origins = g_new0 (char *, 1);
  self->by_address = muster_rate_limit_new (0);
  self->by_token = muster_rate_limit_new (0);
  return self;
}

void
muster_http_policy_free (MusterHttpPolicy *self)
{
  if (self == NULL)
    return;
  if (self->settings != NULL)
    g_signal_handler_disconnect (self->settings, self->changed_id);
  g_clear_object (&self->settings);
  g_strfreev (self->origins);
  muster_rate_limit_free (self->by_address);
  muster_rate_limit_free (self->by_token);
  g_free (self);
}

/* Origins have no trailing slash and no capitals in scheme and host (RFC 6454). */
static void
muster_http_policy_read_origins (MusterHttpPolicy *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  g_autoptr (GStrvBuilder) origins = g_strv_builder_new ();

  for (char **part = parts; *part != NULL; part++)
    {
      g_autofree char *origin = g_ascii_strdown (g_strstrip (*part), -1);

      if (g_str_has_suffix (origin, "/"))
        origin[strlen (origin) - 1] = '\0';
      if (*origin != '\0')
        g_strv_builder_add (origins, origin);
    }
  g_strfreev (self->origins);
  self->origins = g_strv_builder_end (origins);
}

static void
muster_http_policy_changed_cb (MusterSettings *settings, const char *key, gpointer user_data)
{
  MusterHttpPolicy *self = user_data;

  muster_http_policy_read_origins (self, muster_settings_get_string (settings,
                                                                     MUSTER_SETTING_CORS_ORIGINS));
  muster_rate_limit_set_rate (self->by_token,
                              muster_settings_get_integer (settings,
                                                           MUSTER_SETTING_RATE_PER_TOKEN));
  muster_rate_limit_set_rate (self->by_address,
                              muster_settings_get_integer (settings,
                                                           MUSTER_SETTING_RATE_PER_ADDRESS));
}

void
muster_http_policy_set_settings (MusterHttpPolicy *self, MusterSettings *settings)
{
  g_return_if_fail (self != NULL && self->settings == NULL);
  g_return_if_fail (MUSTER_IS_SETTINGS (settings));

  self->settings = g_object_ref (settings);
  self->changed_id =
    g_signal_connect (settings, "changed", G_CALLBACK (muster_http_policy_changed_cb), self);
  muster_http_policy_changed_cb (settings, NULL, self);
}

gboolean
muster_http_policy_allows_origin (MusterHttpPolicy *self, const char *origin)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (self != NULL && origin != NULL, FALSE);

  lower = g_ascii_strdown (origin, -1);
  return g_strv_contains ((const char *const *)self->origins, lower);
}
