/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-token-uri"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-token-uri.h"

#define SCHEME "pkcs11:"

/* What is kept, in the order in which it is kept; the type goes, and is checked. */
enum
{
  TOKEN,
  MANUFACTURER,
  MODEL,
  SERIAL,
  OBJECT,
  ID,
  TYPE,
  N_ATTRIBUTES,
};

static const char *const names[N_ATTRIBUTES] = {
  "token", "manufacturer", "model", "serial", "object", "id", "type",
};

static gboolean G_GNUC_PRINTF (3, 4)
  refuse (GError **error, const char *pointer, const char *format, ...)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* The characters of RFC 7512, section 2.3 (pk11-pchar), or a byte in two hexadecimal digits. */
static gboolean
check_value (const char *value)
{
  static const char others[] = "-._~:[]@!$'()*+,=&";

  for (const char *at = value; *at != '\0'; at++)
    if (*at == '%')
      {
        if (!g_ascii_isxdigit (at[1]) || !g_ascii_isxdigit (at[2]) ||
            (at[1] == '0' && at[2] == '0'))
          return FALSE;
        at += 2;
      }
    else if (!g_ascii_isalnum (*at) && strchr (others, *at) == NULL)
      return FALSE;
  return *value != '\0';
}

static int
find_attribute (const char *name, gsize length)
{
  for (int i = 0; i < N_ATTRIBUTES; i++)
    if (strlen (names[i]) == length && strncmp (names[i], name, length) == 0)
      return i;
  return -1;
}

/* Reads PART, `name=value`, into VALUES, which borrow of it. */
static gboolean
read_part (const char *part, const char *values[], const char *pointer, GError **error)
{
  const char *equals = strchr (part, '=');
  int         at = equals != NULL ? find_attribute (part, equals - part) : -1;

  if (g_str_has_prefix (part, "pin-"))
    return refuse (error, pointer,
                   "must not tell a PIN, nor where it is: it is asked for at each signature");
  if (equals == NULL)
    return refuse (error, pointer, "has a part without a value: write pkcs11:token=…;object=…");
  if (at < 0)
    return refuse (error, pointer,
                   "has an attribute that does not count here: name the key by token, serial, "
                   "object and id");
  if (values[at] != NULL)
    return refuse (error, pointer, "names %s twice", names[at]);
  values[at] = equals + 1;
  if (!check_value (values[at]))
    return refuse (error, pointer, "has a %s that is empty or not percent-encoded", names[at]);
  return TRUE;
}

static gboolean
check_parts (const char *values[], const char *pointer, GError **error)
{
  if (values[TYPE] != NULL && strcmp (values[TYPE], "private") != 0)
    return refuse (error, pointer, "must name a private key: type=private");
  if (values[TOKEN] == NULL && values[SERIAL] == NULL)
    return refuse (error, pointer, "must name the token: token=… or serial=…");
  if (values[OBJECT] == NULL && values[ID] == NULL)
    return refuse (error, pointer, "must name the key on the token: object=… or id=…");
  return TRUE;
}

char *
muster_token_uri_normalize (const char *uri, const char *pointer, GError **error)
{
  const char *values[N_ATTRIBUTES] = { NULL };
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) text = g_string_new (SCHEME);

  g_return_val_if_fail (uri != NULL && pointer != NULL, NULL);

  if (g_ascii_strncasecmp (uri, SCHEME, strlen (SCHEME)) != 0 ||
      strlen (uri) > MUSTER_TOKEN_URI_MAX)
    {
      refuse (error, pointer, "must be a PKCS #11 URI: pkcs11:token=…;object=…");
      return NULL;
    }
  /* What stands behind the question mark is how to reach it, never which it is. */
  parts = g_strsplit_set (uri + strlen (SCHEME), ";?", -1);
  for (unsigned i = 0; parts[i] != NULL; i++)
    if (!read_part (parts[i], values, pointer, error))
      return NULL;
  if (!check_parts (values, pointer, error))
    return NULL;
  for (unsigned i = 0; i < TYPE; i++)
    if (values[i] != NULL)
      g_string_append_printf (text, "%s%s=%s", text->len > strlen (SCHEME) ? ";" : "", names[i],
                              values[i]);
  return g_string_free_and_steal (g_steal_pointer (&text));
}
