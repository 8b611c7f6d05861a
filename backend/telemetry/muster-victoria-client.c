/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-victoria-client.h"

#define TIMEOUT_SECONDS 30
/* Of what a server says when it refuses. */
#define MOST_DETAIL 300

struct _MusterVictoriaClient
{
  const MusterVictoriaConfig *config;
  SoupSession                *session;
  char                       *authorization; /* (nullable) */
};

static char *
make_authorization (const MusterVictoriaConfig *config)
{
  g_autofree char *pair = NULL;
  g_autofree char *encoded = NULL;

  if (config->token != NULL)
    return g_strconcat ("Bearer ", config->token, NULL);
  if (config->user == NULL)
    return NULL;
  pair = g_strdup_printf ("%s:%s", config->user, config->password != NULL ? config->password : "");
  encoded = g_base64_encode ((const guchar *)pair, strlen (pair));
  return g_strconcat ("Basic ", encoded, NULL);
}

MusterVictoriaClient *
muster_victoria_client_new (const MusterVictoriaConfig *config, GError **error)
{
  g_autoptr (MusterVictoriaClient) self = g_new0 (MusterVictoriaClient, 1);

  self->config = config;
  self->authorization = make_authorization (config);
  self->session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, "user-agent", "muster",
                                                 "proxy-resolver", NULL, NULL);
  if (config->ca_file != NULL)
    {
      g_autoptr (GTlsDatabase) database = g_tls_file_database_new (config->ca_file, error);

      if (database == NULL)
        {
          g_prefix_error (error, "setting samples.victoria-ca-file: %s: ", config->ca_file);
          return NULL;
        }
      soup_session_set_tls_database (self->session, database);
    }
  return g_steal_pointer (&self);
}

void
muster_victoria_client_free (MusterVictoriaClient *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->session);
  g_free (self->authorization);
  g_free (self);
}

/* Of a cluster, WHAT is "insert", "select" or "delete". */
static char *
make_uri (MusterVictoriaClient *self, const char *base, const char *what, const char *path)
{
  if (self->config->tenant == NULL)
    return g_strconcat (base, path, NULL);
  return g_strdup_printf ("%s/%s/%s/prometheus%s", base, what, self->config->tenant, path);
}

static void
set_refusal (SoupMessage *message, GInputStream *body, GError **error)
{
  unsigned         status = soup_message_get_status (message);
  g_autofree char *uri = g_uri_to_string_partial (soup_message_get_uri (message),
                                                  G_URI_HIDE_QUERY | G_URI_HIDE_PASSWORD);
  char             detail[MOST_DETAIL + 1] = "";
  gsize            length = 0;

  if (g_input_stream_read_all (body, detail, MOST_DETAIL, &length, NULL, NULL))
    detail[length] = '\0';
  g_strstrip (detail);
  g_strdelimit (detail, "\r\n", ' ');
  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                 "%s answers %u: set samples.victoria-token, or samples.victoria-user and "
                 "samples.victoria-password",
                 uri, status);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s answers %u: %s", uri, status,
                 g_utf8_validate (detail, -1, NULL) && *detail != '\0'
                   ? detail
                   : soup_status_get_phrase (status));
}

/* The answer's body: (transfer full), or NULL where there was none or a refusal. */
static GInputStream *
send_message (MusterVictoriaClient *self,
              SoupMessage          *message,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr (GInputStream) body = NULL;
  g_autoptr (GError) cause = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (self->authorization != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  self->authorization);
  body = soup_session_send (self->session, message, cancellable, &cause);
  if (body == NULL)
    {
      g_autofree char *uri = g_uri_to_string_partial (soup_message_get_uri (message),
                                                      G_URI_HIDE_QUERY | G_URI_HIDE_PASSWORD);

      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s: %s", uri, cause->message);
      return NULL;
    }
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return g_steal_pointer (&body);
  set_refusal (message, body, error);
  g_input_stream_close (body, NULL, NULL);
  return NULL;
}

/* Takes MESSAGE, whose answer does not matter. */
static gboolean
run_message (MusterVictoriaClient *self,
             SoupMessage          *taken,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr (SoupMessage) message = taken;
  g_autoptr (GInputStream) body = send_message (self, message, cancellable, error);

  if (body == NULL)
    return FALSE;
  /* To its end, so that the connection is used again. */
  while (g_input_stream_skip (body, 65536, NULL, NULL) > 0)
    ;
  return g_input_stream_close (body, NULL, NULL);
}

gboolean
muster_victoria_client_import (MusterVictoriaClient *self,
                               GBytes               *lines,
                               GCancellable         *cancellable,
                               GError              **error)
{
  g_autofree char *uri = make_uri (self, self->config->insert_url, "insert", "/api/v1/import");
  SoupMessage     *message = soup_message_new (SOUP_METHOD_POST, uri);

  soup_message_set_request_body_from_bytes (message, "application/json", lines);
  return run_message (self, message, cancellable, error);
}

/* Takes FORM. */
static SoupMessage *
new_form (const char *uri, char *form)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_POST, uri);
  g_autoptr (GBytes) bytes = g_bytes_new_take (form, strlen (form));

  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);
  return message;
}

static void
append_selector (GString *form, const char *selector)
{
  g_string_append (form, "match[]=");
  g_string_append_uri_escaped (form, selector, NULL, FALSE);
}

/* As seconds, which is what every version takes. */
static void
append_time (GString *form, const char *name, gint64 milliseconds)
{
  g_string_append_printf (form, "&%s=%" G_GINT64_FORMAT ".%03d", name, milliseconds / 1000,
                          (int)(milliseconds % 1000));
}

gboolean
muster_victoria_client_export (MusterVictoriaClient  *self,
                               const char *const     *selectors,
                               gint64                 from,
                               gint64                 to,
                               MusterVictoriaLineFunc func,
                               gpointer               user_data,
                               GCancellable          *cancellable,
                               GError               **error)
{
  g_autofree char *uri = make_uri (self, self->config->select_url, "select", "/api/v1/export");
  GString         *form = g_string_new (NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) body = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean goes_on = TRUE;

  for (; *selectors != NULL; selectors++)
    {
      append_selector (form, *selectors);
      g_string_append_c (form, '&');
    }
  /* Nothing is left out for standing close to another sample. */
  g_string_append (form, "reduce_mem_usage=1");
  append_time (form, "start", MAX (0, from));
  append_time (form, "end", MAX (0, to));
  message = new_form (uri, g_string_free (form, FALSE));
  body = send_message (self, message, cancellable, error);
  if (body == NULL)
    return FALSE;
  lines = g_data_input_stream_new (body);
  g_buffered_input_stream_set_buffer_size (G_BUFFERED_INPUT_STREAM (lines), 65536);
  while (goes_on)
    {
      gsize            length;
      g_autofree char *line = g_data_input_stream_read_line (lines, &length, cancellable, &cause);

      if (line == NULL)
        break;
      goes_on = length == 0 || func (line, length, user_data);
    }
  g_input_stream_close (G_INPUT_STREAM (lines), NULL, NULL);
  if (cause == NULL)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s: %s", uri, cause->message);
  return FALSE;
}

gboolean
muster_victoria_client_delete (MusterVictoriaClient *self,
                               const char           *selector,
                               GCancellable         *cancellable,
                               GError              **error)
{
  g_autofree char *uri =
    make_uri (self, self->config->select_url, "delete", "/api/v1/admin/tsdb/delete_series");
  GString *form = g_string_new (NULL);

  append_selector (form, selector);
  return run_message (self, new_form (uri, g_string_free (form, FALSE)), cancellable, error);
}

gboolean
muster_victoria_client_flush (MusterVictoriaClient *self, GCancellable *cancellable)
{
  g_autofree char *uri = g_strconcat (self->config->insert_url, "/internal/force_flush", NULL);

  return self->config->tenant == NULL &&
         run_message (self, soup_message_new (SOUP_METHOD_GET, uri), cancellable, NULL);
}
