/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-adoption-code"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "muster-adoption-code.h"
#include "muster-error.h"
#include "muster-label-secret.h"

#define MAX_SERIAL_LENGTH 64

gboolean
muster_adoption_code_is_one (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return g_ascii_strncasecmp (text, MUSTER_ADOPTION_CODE_PREFIX,
                              strlen (MUSTER_ADOPTION_CODE_PREFIX)) == 0;
}

static gboolean
refuse (GError **error, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "/code", "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* The normal form of the secret; says at `/code` what is wrong with it. */
static char *
normalize_secret (const char *text, GError **error)
{
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];
  g_autoptr (GError) cause = NULL;
  char *normal = NULL;

  if (!muster_label_secret_parse (text, secret, &cause))
    {
      refuse (error, "its secret is damaged: scan the label again, or type the code printed on it");
      return NULL;
    }
  normal = muster_label_secret_format (secret);
  sodium_memzero (secret, sizeof secret);
  return normal;
}

gboolean
muster_adoption_code_parse (const char *text, char **serial, char **secret, GError **error)
{
  const char      *rest = NULL;
  const char      *colon = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *decoded = NULL;
  char            *normal = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (serial != NULL && secret != NULL, FALSE);

  if (!muster_adoption_code_is_one (text) || strlen (text) > MUSTER_ADOPTION_CODE_MAX_LENGTH)
    return refuse (error, "must begin with " MUSTER_ADOPTION_CODE_PREFIX);
  rest = text + strlen (MUSTER_ADOPTION_CODE_PREFIX);
  colon = strchr (rest, ':');
  if (colon == NULL)
    return refuse (error, "must have a serial number and a secret, joined by a colon");
  encoded = g_strndup (rest, colon - rest);
  decoded = g_uri_unescape_string (encoded, NULL);
  if (decoded == NULL || *decoded == '\0' || !g_utf8_validate (decoded, -1, NULL) ||
      g_utf8_strlen (decoded, -1) > MAX_SERIAL_LENGTH)
    return refuse (error, "its serial number is damaged: scan the label again");
  normal = normalize_secret (colon + 1, error);
  if (normal == NULL)
    return FALSE;
  *serial = g_steal_pointer (&decoded);
  *secret = normal;
  return TRUE;
}

char *
muster_adoption_code_format (const char *serial, const char *secret, GError **error)
{
  GString *code = NULL;
  guint8   bytes[MUSTER_LABEL_SECRET_LENGTH];
  char    *label = NULL;

  g_return_val_if_fail (serial != NULL, NULL);
  g_return_val_if_fail (secret != NULL, NULL);

  if (!muster_label_secret_parse (secret, bytes, error))
    return NULL;
  /* Room from the start: growing would leave copies of the secret behind. */
  code = g_string_sized_new (MUSTER_ADOPTION_CODE_MAX_LENGTH);
  g_string_append (code, MUSTER_ADOPTION_CODE_PREFIX);
  for (const char *p = serial; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p) || *p == '-' || *p == '.')
        g_string_append_c (code, *p);
      else
        g_string_append_printf (code, "%%%02X", (guchar)*p);
    }
  g_string_append_c (code, ':');
  label = muster_label_secret_format (bytes);
  for (const char *p = label; *p != '\0'; p++)
    if (*p != '-')
      g_string_append_c (code, *p);
  sodium_memzero (label, strlen (label));
  sodium_memzero (bytes, sizeof bytes);
  g_free (label);
  return g_string_free_and_steal (code);
}
