/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "model/muster-error.h"
#include "muster-victoria-config.h"

static char *
dup_text (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static char *
dup_url (const char *setting, const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
  char *url;

  if (uri == NULL || g_uri_get_host (uri) == NULL ||
      (g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 &&
       g_strcmp0 (g_uri_get_scheme (uri), "https") != 0) ||
      g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "setting %s: \"%s\" is no address of VictoriaMetrics: give one such as "
                   "https://metrics.example:8428",
                   setting, text);
      return NULL;
    }
  url = g_strdup (text);
  for (gsize n = strlen (url); n > 0 && url[n - 1] == '/'; n--)
    url[n - 1] = '\0';
  return url;
}

static gboolean
check_tenant (const char *tenant, GError **error)
{
  if (tenant == NULL || g_regex_match_simple ("^[0-9]{1,10}(:[0-9]{1,10})?$", tenant, 0, 0))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
               "setting samples.victoria-tenant: \"%s\" is no tenant: give an account's number, or "
               "account:project, or nothing for a single node",
               tenant);
  return FALSE;
}

MusterVictoriaConfig *
muster_victoria_config_new (const char *insert_url,
                            const char *select_url,
                            const char *tenant,
                            const char *user,
                            const char *password,
                            const char *token,
                            const char *ca_file,
                            const char *site,
                            GError    **error)
{
  g_autoptr (MusterVictoriaConfig) self = g_new0 (MusterVictoriaConfig, 1);

  g_return_val_if_fail (insert_url != NULL && site != NULL, NULL);

  if (select_url == NULL || *select_url == '\0')
    select_url = insert_url;
  self->insert_url = dup_url ("samples.victoria-url", insert_url, error);
  if (self->insert_url == NULL)
    return NULL;
  self->select_url = dup_url ("samples.victoria-select-url", select_url, error);
  if (self->select_url == NULL)
    return NULL;
  self->tenant = dup_text (tenant);
  self->user = dup_text (user);
  self->password = dup_text (password);
  self->token = dup_text (token);
  self->ca_file = dup_text (ca_file);
  self->site = g_strdup (site);
  return check_tenant (self->tenant, error) ? g_steal_pointer (&self) : NULL;
}

void
muster_victoria_config_free (MusterVictoriaConfig *self)
{
  if (self == NULL)
    return;
  g_free (self->insert_url);
  g_free (self->select_url);
  g_free (self->tenant);
  g_free (self->user);
  g_free (self->password);
  g_free (self->token);
  g_free (self->ca_file);
  g_free (self->site);
  g_free (self);
}
