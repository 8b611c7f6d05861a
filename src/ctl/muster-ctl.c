/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-error.h"
#include "client/muster-api-json.h"
#include "muster-ctl-format.h"
#include "muster-ctl-session.h"
#include "muster-ctl.h"

#include "model/muster-error.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"

const MusterCtlCommand *
muster_ctl_find_command (const char *name)
{
  for (const MusterCtlCommand *command = muster_ctl_commands; command->name != NULL; command++)
    if (g_str_equal (command->name, name))
      return command;
  return NULL;
}

char *
muster_ctl_describe_commands (void)
{
  GString *text = g_string_new (_ ("Commands:\n"));

  for (const MusterCtlCommand *command = muster_ctl_commands; command->name != NULL; command++)
    g_string_append_printf (text, "  %-12s %s\n", command->name, _ (command->summary));
  g_string_append (
    text, _ ("\nmusterctl COMMAND --help says more about one of them; musterctl(1) about all."));
  return g_string_free (text, FALSE);
}

void
muster_ctl_clear (MusterCtl *self)
{
  g_clear_pointer (&self->socket, g_free);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->token_file, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->authority, g_free);
  g_clear_pointer (&self->as_of, g_free);
  g_clear_object (&self->client);
}

void
muster_ctl_add_options (MusterCtl *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &self->socket, N_ ("The daemon's socket"),
      N_ ("PATH") },
    { "connect", 0, 0, G_OPTION_ARG_STRING, &self->uri,
      N_ ("A daemon elsewhere, as in https://site.local:8443"), N_ ("URI") },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->token_file,
      N_ ("The file that holds the access token"), N_ ("FILE") },
    { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &self->fingerprint,
      N_ ("Trust the certificate of this SHA-256 fingerprint"), N_ ("HEX") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->authority,
      N_ ("Trust the authorities in this PEM file"), N_ ("FILE") },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &self->as_of,
      N_ ("Show records as they were at this time, as in 2026-03-01T14:32:00Z"), N_ ("TIME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_ ("Print JSON, for programs"), NULL },
    { "no-color", 0, 0, G_OPTION_ARG_NONE, &self->no_color, N_ ("Print without colours"), NULL },
    G_OPTION_ENTRY_NULL
  };
  GOptionGroup *group = g_option_group_new ("global", _ ("Options of every command:"),
                                            _ ("Show the options of every command"), NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_add_group (context, group);
}

static gboolean
read_token (MusterCtl *self, GError **error)
{
  g_autofree char *token = NULL;

  if (self->token_file == NULL)
    return TRUE;
  if (!g_file_get_contents (self->token_file, &token, NULL, error))
    return FALSE;
  muster_api_client_set_token (self->client, g_strstrip (token));
  return TRUE;
}

gboolean
muster_ctl_connect (MusterCtl *self, GError **error)
{
  g_clear_object (&self->client);
  if (self->uri != NULL && self->socket != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("--socket and --connect exclude each other: give one"));
      return FALSE;
    }
  if (self->uri == NULL)
    self->client = muster_api_client_new_for_socket (self->socket);
  else
    self->client = muster_api_client_new_for_uri (self->uri, error);
  if (self->client == NULL || !read_token (self, error) ||
      (self->authority != NULL &&
       !muster_api_client_set_authority_file (self->client, self->authority, error)) ||
      (self->fingerprint != NULL &&
       !muster_api_client_set_pin (self->client, self->fingerprint, error)))
    return FALSE;
  /* A token that is given says who asks. */
  if (self->token_file == NULL)
    muster_ctl_session_restore (self);
  return TRUE;
}

static gboolean
check_count (const MusterCtlCommand *command, char **args, int minimum, int maximum, GError **error)
{
  int count = (int)g_strv_length (args) - 1;

  if (count >= minimum && (maximum < 0 || count <= maximum))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}

static gboolean
look_back (MusterCtl *self, GError **error)
{
  gint64 at;

  if (self->as_of == NULL)
    return TRUE;
  if (!muster_time_parse (self->as_of, &at))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no time like 2026-03-01T14:32:00Z"), self->as_of);
      return FALSE;
    }
  muster_api_client_set_as_of (self->client, MAX (at, 1));
  return TRUE;
}

gboolean
muster_ctl_parse (MusterCtl              *self,
                  const MusterCtlCommand *command,
                  const GOptionEntry     *entries,
                  char                 ***args,
                  int                     minimum,
                  int                     maximum,
                  GError                **error)
{
  g_autofree char *usage =
    g_strdup_printf ("%s %s", command->name, command->usage != NULL ? command->usage : "");
  g_autoptr (GOptionContext) context = g_option_context_new (g_strchomp (usage));
  g_autofree char *name = g_strdup_printf ("musterctl %s", command->name);

  g_set_str (&(*args)[0], name);
  g_option_context_set_summary (context, _ (command->summary));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  muster_ctl_add_options (self, context);
  return g_option_context_parse_strv (context, args, error) &&
         check_count (command, *args, minimum, maximum, error) &&
         muster_ctl_connect (self, error) && look_back (self, error);
}

MusterCtlExit
muster_ctl_get_exit (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return MUSTER_CTL_USAGE;
  if (error->domain == MUSTER_API_CERTIFICATE_ERROR || error->domain == G_TLS_ERROR ||
      muster_api_error_is_unreachable (error))
    return MUSTER_CTL_UNREACHABLE;
  if (error->domain != MUSTER_ERROR)
    return MUSTER_CTL_FAILED;
  switch (error->code)
    {
    case MUSTER_ERROR_NOT_FOUND:
      return MUSTER_CTL_NOT_FOUND;
    case MUSTER_ERROR_CONFLICT:
    case MUSTER_ERROR_PRECONDITION:
      return MUSTER_CTL_CONFLICT;
    case MUSTER_ERROR_UNAUTHORIZED:
    case MUSTER_ERROR_FORBIDDEN:
      return MUSTER_CTL_FORBIDDEN;
    default:
      return MUSTER_CTL_FAILED;
    }
}

static void
append_strings (GString *text, const char *introduction, const char *const *strings)
{
  g_autofree char *joined = strings != NULL ? g_strjoinv (", ", (char **)strings) : NULL;

  if (joined != NULL)
    g_string_append_printf (text, "  %s %s\n", introduction, joined);
}

/* What to do about it, or NULL where the message says that already. */
static const char *
get_advice (MusterCtl *self, const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return _ ("See musterctl --help.");
  if (error->domain == MUSTER_API_CERTIFICATE_ERROR)
    return _ (
      "Compare it with the one the site's own console shows; if they are the same, go on with --fingerprint.");
  if (muster_api_error_is_unreachable (error))
    return self->uri == NULL
             ? _ ("Is musterd running? Start it, or say where it is with --socket or --connect.")
             : _ ("Is musterd running there, and does it listen?");
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED))
    return _ (
      "Sign in with musterctl login, or give the site's access token with --token-file: it is in the daemon's data directory.");
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION))
    return _ ("Look at the record as it is now, then try again.");
  return NULL;
}

char *
muster_ctl_explain (MusterCtl *self, const GError *error)
{
  g_autofree char *line = muster_ctl_format_line (error->message);
  GString         *text = g_string_new (NULL);
  const char      *advice = get_advice (self, error);
  GPtrArray       *rows = error->domain == MUSTER_ERROR ? muster_error_get_fields (error) : NULL;

  g_string_append_printf (text, "musterctl: %s\n", line);
  for (unsigned i = 0; rows != NULL && i < rows->len; i++)
    {
      const MusterFieldError *row = rows->pdata[i];
      g_autofree char        *detail = muster_ctl_format_line (row->detail);

      g_string_append_printf (text, "  %s: %s\n", row->pointer + (row->pointer[0] == '/'), detail);
    }
  if (error->domain == MUSTER_ERROR)
    {
      append_strings (text, _ ("allowed next:"), muster_error_get_allowed (error));
      append_strings (text, _ ("in the way:"), muster_error_get_blockers (error));
    }
  if (advice != NULL)
    g_string_append_printf (text, "  %s\n", advice);
  return g_string_free (text, FALSE);
}

void
muster_ctl_print (const char *format, ...)
{
  va_list values;

  va_start (values, format);
  vprintf (format, values);
  va_end (values);
  fflush (stdout);
}

void
muster_ctl_print_json (JsonNode *node)
{
  g_autofree char *text = muster_api_json_to_string (node, isatty (STDOUT_FILENO));

  muster_ctl_print ("%s\n", text);
}

void
muster_ctl_print_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  muster_ctl_print_json (node);
}

void
muster_ctl_print_entity (MusterEntity *entity)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_entity_encode (entity, json);
  muster_ctl_print ("%s\n", json->str);
}

gboolean
muster_ctl_wants_color (MusterCtl *self)
{
  return !self->no_color && isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL;
}

static unsigned
get_terminal_width (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
muster_ctl_print_table (MusterCtl *self, MusterCtlTable *table, const char *empty)
{
  g_autofree char *text =
    muster_ctl_table_format (table, get_terminal_width (), muster_ctl_wants_color (self));

  muster_ctl_print ("%s", muster_ctl_table_get_length (table) > 0 ? text : "");
  if (muster_ctl_table_get_length (table) == 0)
    muster_ctl_print ("%s\n", empty);
  muster_ctl_table_free (table);
}

/* The only device whose FIELD is VALUE, or NULL. */
static MusterEntity *
find_device_by (MusterCtl *self, const char *field, const char *value, GError **error)
{
  const char        *filters[] = { field, value, NULL };
  MusterApiListQuery query = { .limit = 10, .filters = filters };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_devices_list (self->client, &query), error);

  if (page == NULL || muster_api_page_get_length (page) == 0)
    return NULL;
  if (muster_api_page_get_length (page) == 1)
    return g_object_ref (muster_api_page_get (page, 0));
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               _ ("%u devices have the %s “%s”: give the id or the serial number"),
               muster_api_page_get_length (page), field, value);
  return NULL;
}

MusterEntity *
muster_ctl_find_device (MusterCtl *self, const char *text, GError **error)
{
  static const char *const fields[] = { "serial", "name" };
  g_autoptr (GError) cause = NULL;

  if (muster_uuid_is_valid (text))
    return dex_await_object (muster_api_devices_get (self->client, text), error);
  /* A comma would make two values of it. */
  for (unsigned i = 0; i < G_N_ELEMENTS (fields) && strchr (text, ',') == NULL; i++)
    {
      MusterEntity *device = find_device_by (self, fields[i], text, &cause);

      if (device != NULL)
        return device;
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               _ ("no device has the id, serial number or name “%s”; musterctl devices lists them"),
               text);
  return NULL;
}

gboolean
muster_ctl_split_pair (const char *text, char **name, const char **value, GError **error)
{
  const char *equals = strchr (text, '=');

  if (equals != NULL && equals != text)
    {
      *name = g_strndup (text, equals - text);
      *value = equals + 1;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is not field=value"),
               text);
  return FALSE;
}

JsonNode *
muster_ctl_parse_value (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonNode *string;

  if (node != NULL && (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node)) &&
      *text != '\'')
    return g_steal_pointer (&node);
  string = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (string, text);
  return string;
}

gboolean
muster_ctl_write_file (const char *path, GBytes *bytes, GError **error)
{
  gsize       length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (path != NULL && !g_str_equal (path, "-"))
    return g_file_set_contents (path, text, length, error);
  fwrite (text, 1, length, stdout);
  return TRUE;
}
