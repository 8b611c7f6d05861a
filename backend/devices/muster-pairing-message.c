/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pairing-message"

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-pairing-message.h"
#include "pairing.pb-c.h"

#define PROLOGUE "muster-pairing/1"
#define SERIAL_MAX 64
#define TEXT_MAX 120 /* characters of any other member */
#define MAC_DIGITS 12

/* A member that is text of sensible length, or NULL: what a device says before it has proved
 * anything is taken with care. */
static char *
dup_text (JsonObject *object, const char *name, gsize maximum)
{
  JsonNode   *node = json_object_get_member (object, name);
  const char *text =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL) ||
      (gsize)g_utf8_strlen (text, -1) > maximum)
    return NULL;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return NULL;
  return g_strdup (text);
}

/* "a4cf12003344" or with colons to "a4:cf:12:00:33:44". */
static char *
dup_mac (JsonObject *object)
{
  g_autofree char *text = dup_text (object, "mac", MAC_DIGITS + 5);
  GString         *mac = NULL;

  if (text == NULL)
    return NULL;
  mac = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == ':' || *p == '-')
        continue;
      if (!g_ascii_isxdigit (*p))
        break;
      if (mac->len % 3 == 2)
        g_string_append_c (mac, ':');
      g_string_append_c (mac, g_ascii_tolower (*p));
    }
  if (mac->len == MAC_DIGITS + 5)
    return g_string_free_and_steal (mac);
  g_string_free (mac, TRUE);
  return NULL;
}

MusterPairingIdentity *
muster_pairing_identity_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (MusterPairingIdentity) self = NULL;
  g_autofree char *state = NULL;
  JsonNode        *root = NULL;
  JsonObject      *object = NULL;

  /* Without it, two values in a row abort the process. */
  json_parser_set_strict (parser, TRUE);
  if (length == 0 || length > MUSTER_PAIRING_BODY_MAX || !g_utf8_validate (json, length, NULL) ||
      !json_parser_load_from_data (parser, json, length, NULL) ||
      (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                   "what answers there is not a device to pair with");
      return NULL;
    }
  object = json_node_get_object (root);
  self = g_new0 (MusterPairingIdentity, 1);
  self->serial = dup_text (object, "serial", SERIAL_MAX);
  self->mac = dup_mac (object);
  self->model = dup_text (object, "model", TEXT_MAX);
  self->firmware = dup_text (object, "firmware", SERIAL_MAX);
  self->hardware = dup_text (object, "hardware", TEXT_MAX);
  self->name = dup_text (object, "name", TEXT_MAX);
  state = dup_text (object, "state", TEXT_MAX);
  self->adopted = g_strcmp0 (state, "adopted") == 0;
  if (self->serial == NULL || strlen (self->serial) > G_MAXUINT8)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "the device says no serial number");
  else if (json_object_get_int_member_with_default (object, "pairing", 0) != 1)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                 "the device speaks another version of the pairing protocol");
  else
    return g_steal_pointer (&self);
  return NULL;
}

void
muster_pairing_identity_free (MusterPairingIdentity *self)
{
  g_free (self->serial);
  g_free (self->mac);
  g_free (self->model);
  g_free (self->firmware);
  g_free (self->hardware);
  g_free (self->name);
  g_free (self);
}

GBytes *
muster_pairing_make_prologue (const char *serial)
{
  GByteArray *prologue = g_byte_array_new ();
  guint8      length = MIN (strlen (serial), G_MAXUINT8);

  g_byte_array_append (prologue, (const guint8 *)PROLOGUE, strlen (PROLOGUE));
  g_byte_array_append (prologue, &length, 1);
  g_byte_array_append (prologue, (const guint8 *)serial, length);
  return g_byte_array_free_to_bytes (prologue);
}

GBytes *
muster_pairing_credentials_encode (const MusterPairingCredentials *credentials)
{
  Muster__Pairing__Credentials message = MUSTER__PAIRING__CREDENTIALS__INIT;
  gsize                        size = 0;
  guint8                      *data = NULL;

  g_return_val_if_fail (credentials != NULL, NULL);

  /* protobuf-c declares text as char *, but only reads it. */
  message.adoption_id = (char *)credentials->adoption_id;
  message.site_name = (char *)credentials->site_name;
  message.broker_hosts = (char **)credentials->broker_hosts;
  message.n_broker_hosts =
    credentials->broker_hosts != NULL ? g_strv_length ((char **)credentials->broker_hosts) : 0;
  message.has_broker_port = TRUE;
  message.broker_port = credentials->broker_port;
  message.username = (char *)credentials->username;
  message.password = (char *)credentials->password;
  if (credentials->ca_certificate != NULL)
    {
      message.has_ca_certificate = TRUE;
      message.ca_certificate.data =
        (guint8 *)g_bytes_get_data (credentials->ca_certificate, &message.ca_certificate.len);
    }
  message.group_id = (char *)credentials->group_id;
  message.host_id = (char *)credentials->host_id;
  message.has_time_ms = TRUE;
  message.time_ms = credentials->now / 1000;
  message.tls_name = (char *)credentials->tls_name;
  size = muster__pairing__credentials__get_packed_size (&message);
  data = g_malloc (size);
  muster__pairing__credentials__pack (&message, data);
  return g_bytes_new_take (data, size);
}

static char *
dup_valid (const char *text)
{
  return text != NULL ? g_utf8_make_valid (text, MIN (strlen (text), TEXT_MAX)) : NULL;
}

MusterPairingResult *
muster_pairing_result_decode (const guint8 *data, gsize size, GError **error)
{
  MusterPairingResult     *self = NULL;
  Muster__Pairing__Result *message = NULL;

  if (size <= MUSTER_PAIRING_BODY_MAX)
    message = muster__pairing__result__unpack (NULL, size, data);
  if (message == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                   "the device's last answer cannot be read");
      return NULL;
    }
  self = g_new0 (MusterPairingResult, 1);
  self->ok = message->has_ok && message->ok;
  self->error = dup_valid (message->error);
  self->firmware = dup_valid (message->firmware);
  muster__pairing__result__free_unpacked (message, NULL);
  return self;
}

void
muster_pairing_result_free (MusterPairingResult *self)
{
  g_free (self->error);
  g_free (self->firmware);
  g_free (self);
}
