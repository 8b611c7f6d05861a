/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-field"

#include "config.h"

#include <errno.h>
#include <math.h>

#include "muster-entity.h"
#include "muster-money.h"
#include "muster-time.h"
#include "muster-uuid.h"

/* JSON deeper than this is nobody's data. */
#define MAX_DEPTH 32

static gboolean
check_mac (const char *text)
{
  for (int i = 0; i < 17; i++)
    if (i % 3 == 2 ? text[i] != ':'
                   : !(g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f')))
      return FALSE;
  return text[17] == '\0';
}

static gboolean
check_email (const char *text)
{
  const char *at = strrchr (text, '@');

  return at != NULL && at > text && at[1] != '\0' && strpbrk (text, " \t\r\n<>,;") == NULL &&
         at[1] != '.' && at[strlen (at) - 1] != '.';
}

static gboolean
check_hostname (const char *text, gsize length)
{
  if (length == 0 || length > 253)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '.' && text[i] != '_')
      return FALSE;
  return text[0] != '-' && text[0] != '.';
}

/* host, 192.0.2.1, host:80, [2001:db8::1]:80, 2001:db8::1 */
static gboolean
check_address (const char *text)
{
  const char *colon = strrchr (text, ':');
  gsize       host = strlen (text);
  guint64     port;

  if (text[0] == '[')
    {
      const char      *end = strchr (text, ']');
      g_autofree char *inner = end ? g_strndup (text + 1, end - text - 1) : NULL;

      if (inner == NULL || !g_hostname_is_ip_address (inner) || (end[1] != '\0' && end[1] != ':'))
        return FALSE;
      return end[1] == '\0' || g_ascii_string_to_unsigned (end + 2, 10, 1, 65535, &port, NULL);
    }
  if (g_hostname_is_ip_address (text))
    return TRUE;
  if (colon != NULL)
    {
      if (!g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL))
        return FALSE;
      host = colon - text;
    }
  return check_hostname (text, host);
}

/* Crockford base 32 in groups; its check characters are the business of whoever uses the secret. */
static gboolean
check_secret (const char *text)
{
  int n = 0;

  for (; *text; text++)
    if (g_ascii_isalnum (*text) && g_ascii_toupper (*text) != 'U')
      n++;
    else if (*text != '-' && *text != ' ')
      return FALSE;
  return n == 28;
}

static gboolean
check_timezone (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (text);

  return zone != NULL;
}

/* A level of an MQTT topic. */
static gboolean
check_node (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (strchr ("+/#", *p) != NULL || g_ascii_iscntrl (*p))
      return FALSE;
  return *text != '\0';
}

/* GTIN-8, -12, -13 or -14 with its check digit (GS1 General Specifications, 7.9). */
static gboolean
check_gtin (const char *text)
{
  gsize    length = strlen (text);
  unsigned sum = 0;

  if (length != 8 && (length < 12 || length > 14))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      sum += (text[i] - '0') * ((length - i) % 2 == 0 ? 3 : 1);
    }
  return sum % 10 == 0;
}

static gboolean
check_currency (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isupper (*p))
      return FALSE;
  return strlen (text) == 3;
}

static const struct
{
  const char *name;
  gboolean (*check) (const char *text);
  const char *expected;
} formats[] = {
  { "mac", check_mac,
    "must be six pairs of lower-case hexadecimal digits joined by colons, like 02:00:5e:10:00:01" },
  { "email", check_email, "must be an e-mail address" },
  { "address", check_address, "must be a host name or an IP address, with :port where needed" },
  { "secret", check_secret, "must be the 28 characters of the label, hyphens optional" },
  { "node", check_node, "must be a level of an MQTT topic, without + / and #" },
  { "timezone", check_timezone, "must be an IANA time zone, like Europe/Berlin" },
  { "gtin", check_gtin, "must be a GTIN of 8, 12, 13 or 14 digits with its check digit" },
  { "currency", check_currency, "must be an ISO 4217 code, like EUR" },
};

static gboolean
check_format (const MusterField *field,
              const char        *text,
              const char        *pointer,
              MusterFieldErrors *errors)
{
  for (guint i = 0; field->format != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, field->format) && !formats[i].check (text))
      {
        muster_field_errors_add (errors, pointer, "%s", formats[i].expected);
        return FALSE;
      }
  return TRUE;
}

static gboolean
decode_string (const MusterField *field,
               const char        *text,
               const char        *pointer,
               MusterValue       *out,
               MusterFieldErrors *errors)
{
  glong length;

  if (!g_utf8_validate (text, -1, NULL))
    {
      muster_field_errors_add (errors, pointer, "must be valid UTF-8");
      return FALSE;
    }
  length = g_utf8_strlen (text, -1);
  if (length < field->minimum)
    {
      muster_field_errors_add (errors, pointer,
                               field->minimum == 1 ? "must not be empty"
                                                   : "must have at least %" G_GINT64_FORMAT
                                                     " characters",
                               field->minimum);
      return FALSE;
    }
  if (field->maximum > 0 && length > field->maximum)
    {
      muster_field_errors_add (errors, pointer,
                               "must have at most %" G_GINT64_FORMAT " characters, has %ld",
                               field->maximum, length);
      return FALSE;
    }
  for (const char *p = text; *p; p++)
    if ((unsigned char)*p < 0x20 &&
        !(field->type == MUSTER_FIELD_TEXT && (*p == '\n' || *p == '\t' || *p == '\r')))
      {
        muster_field_errors_add (errors, pointer, "must not contain control characters");
        return FALSE;
      }
  if (!check_format (field, text, pointer, errors))
    return FALSE;
  *out = (MusterValue){ .text = g_strdup (text) };
  return TRUE;
}

static gboolean
decode_integer (const MusterField *field,
                gint64             value,
                const char        *pointer,
                MusterValue       *out,
                MusterFieldErrors *errors)
{
  gboolean bounded = field->minimum != 0 || field->maximum != 0;

  if (bounded && value < field->minimum)
    {
      muster_field_errors_add (errors, pointer, "must be at least %" G_GINT64_FORMAT,
                               field->minimum);
      return FALSE;
    }
  if (bounded && value > field->maximum)
    {
      muster_field_errors_add (errors, pointer, "must be at most %" G_GINT64_FORMAT,
                               field->maximum);
      return FALSE;
    }
  *out = (MusterValue){ .integer = value };
  return TRUE;
}

static gboolean
decode_enum (const MusterField *field,
             const char        *nick,
             const char        *pointer,
             MusterValue       *out,
             MusterFieldErrors *errors)
{
  int value = muster_enum_parse (field->enumeration, nick);
  g_autoptr (GString) list = NULL;

  if (value >= 0)
    {
      *out = (MusterValue){ .integer = value };
      return TRUE;
    }
  list = g_string_new (NULL);
  for (unsigned i = 0; i < muster_enum_get_count (field->enumeration); i++)
    g_string_append_printf (list, "%s%s", i ? ", " : "",
                            muster_enum_get_nick (field->enumeration, i));
  muster_field_errors_add (errors, pointer, "must be one of %s", list->str);
  return FALSE;
}

static gboolean
decode_uuid (const char *text, const char *pointer, MusterValue *out, MusterFieldErrors *errors)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  if (!muster_uuid_is_valid (lower))
    {
      muster_field_errors_add (errors, pointer, "must be a UUID");
      return FALSE;
    }
  *out = (MusterValue){ .text = g_steal_pointer (&lower) };
  return TRUE;
}

static gboolean
decode_time (const char *text, const char *pointer, MusterValue *out, MusterFieldErrors *errors)
{
  gint64 usec;

  if (!muster_time_parse (text, &usec))
    {
      muster_field_errors_add (errors, pointer, "must be a time like 2026-01-31T08:05:09.123Z");
      return FALSE;
    }
  *out = (MusterValue){ .integer = usec };
  return TRUE;
}

static gboolean
depth_is_fine (JsonNode *node, int depth)
{
  gboolean fine = depth < MAX_DEPTH;

  if (fine && JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; fine && i < json_array_get_length (json_node_get_array (node)); i++)
      fine = depth_is_fine (json_array_get_element (json_node_get_array (node), i), depth + 1);
  else if (fine && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode      *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (fine && json_object_iter_next (&iter, NULL, &member))
        fine = depth_is_fine (member, depth + 1);
    }
  return fine;
}

static gboolean
decode_json (const MusterField *field,
             JsonNode          *node,
             const char        *pointer,
             MusterValue       *out,
             MusterFieldErrors *errors)
{
  g_autofree char *text = NULL;

  if (!depth_is_fine (node, 0))
    {
      muster_field_errors_add (errors, pointer, "must not be nested deeper than %d levels",
                               MAX_DEPTH);
      return FALSE;
    }
  text = json_to_string (node, FALSE);
  if (field->maximum > 0 && strlen (text) > (gsize)field->maximum)
    {
      muster_field_errors_add (errors, pointer,
                               "must have at most %" G_GINT64_FORMAT " bytes as JSON",
                               field->maximum);
      return FALSE;
    }
  *out = (MusterValue){ .text = g_steal_pointer (&text) };
  return TRUE;
}

static gboolean
decode_money (const MusterField *field,
              const char        *text,
              const char        *pointer,
              MusterValue       *out,
              MusterFieldErrors *errors)
{
  gint64 amount;

  if (!muster_money_parse (text, &amount))
    {
      muster_field_errors_add (errors, pointer,
                               "must be an amount like 12.50, with at most four decimals");
      return FALSE;
    }
  if (field->minimum == 0 && field->maximum != 0 && amount < 0)
    {
      muster_field_errors_add (errors, pointer, "must not be less than zero");
      return FALSE;
    }
  *out = (MusterValue){ .integer = amount };
  return TRUE;
}

/* The shortest decimal of a number is what the sender wrote. */
static gboolean
decode_money_node (const MusterField *field,
                   JsonNode          *node,
                   const char        *pointer,
                   MusterValue       *out,
                   MusterFieldErrors *errors)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return decode_money (field, json_node_get_string (node), pointer, out, errors);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (isfinite (json_node_get_double (node)))
    muster_json_append_double (text, json_node_get_double (node));
  return decode_money (field, text->str, pointer, out, errors);
}

/* A JSON number that is whole and exact: json-glib parses 1.0 as a double. */
static gboolean
node_get_whole (JsonNode *node, gint64 *value)
{
  double number;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *value = json_node_get_int (node);
      return TRUE;
    }
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return FALSE;
  number = json_node_get_double (node);
  if (number != floor (number) || fabs (number) > 9007199254740992.0)
    return FALSE;
  *value = number;
  return TRUE;
}

static const char *
type_in_words (MusterFieldType type)
{
  static const char *const words[] = {
    "a string", "a string",          "a whole number",    "a number",     "true or false",
    "a string", "a string (a time)", "a string (a UUID)", "a JSON value", "an amount like \"12.50\""
  };

  return words[type];
}

static gboolean
node_fits (const MusterField *field, JsonNode *node)
{
  GType  type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  gint64 whole;

  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
      return type != G_TYPE_INVALID && node_get_whole (node, &whole);
    case MUSTER_FIELD_DOUBLE:
      return type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
    case MUSTER_FIELD_BOOLEAN:
      return type == G_TYPE_BOOLEAN;
    case MUSTER_FIELD_JSON:
      return TRUE;
    case MUSTER_FIELD_MONEY: /* a number too, as earlier clients send it */
      return type == G_TYPE_STRING || type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_TIME:
    case MUSTER_FIELD_UUID:
    default:
      return type == G_TYPE_STRING;
    }
}

gboolean
muster_field_decode_value (const MusterField *field,
                           JsonNode          *node,
                           const char        *pointer,
                           MusterValue       *out,
                           MusterFieldErrors *errors)
{
  gint64 whole = 0;
  double number;

  g_return_val_if_fail (field != NULL && node != NULL && pointer != NULL && out != NULL &&
                          errors != NULL,
                        FALSE);

  if (JSON_NODE_HOLDS_NULL (node))
    {
      *out = (MusterValue){ .is_null = TRUE };
      if (field->flags & MUSTER_FIELD_NULLABLE)
        return TRUE;
      muster_field_errors_add (errors, pointer, "must not be null");
      return FALSE;
    }
  if (!node_fits (field, node))
    {
      muster_field_errors_add (errors, pointer, "must be %s", type_in_words (field->type));
      return FALSE;
    }
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
      node_get_whole (node, &whole);
      return decode_integer (field, whole, pointer, out, errors);
    case MUSTER_FIELD_DOUBLE:
      number = json_node_get_double (node);
      if (!isfinite (number))
        {
          muster_field_errors_add (errors, pointer, "must be a finite number");
          return FALSE;
        }
      *out = (MusterValue){ .number = number };
      return TRUE;
    case MUSTER_FIELD_BOOLEAN:
      *out = (MusterValue){ .integer = json_node_get_boolean (node) };
      return TRUE;
    case MUSTER_FIELD_ENUM:
      return decode_enum (field, json_node_get_string (node), pointer, out, errors);
    case MUSTER_FIELD_TIME:
      return decode_time (json_node_get_string (node), pointer, out, errors);
    case MUSTER_FIELD_UUID:
      return decode_uuid (json_node_get_string (node), pointer, out, errors);
    case MUSTER_FIELD_JSON:
      return decode_json (field, node, pointer, out, errors);
    case MUSTER_FIELD_MONEY:
      return decode_money_node (field, node, pointer, out, errors);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    default:
      return decode_string (field, json_node_get_string (node), pointer, out, errors);
    }
}

static gboolean
decode_number_text (const MusterField *field,
                    const char        *text,
                    const char        *pointer,
                    MusterValue       *out,
                    MusterFieldErrors *errors)
{
  char  *end;
  gint64 integer;
  double number;

  errno = 0;
  if (field->type == MUSTER_FIELD_INTEGER)
    {
      integer = g_ascii_strtoll (text, &end, 10);
      if (end != text && *end == '\0' && errno == 0 && !g_ascii_isspace (*text))
        return decode_integer (field, integer, pointer, out, errors);
    }
  else
    {
      number = g_ascii_strtod (text, &end);
      if (end != text && *end == '\0' && errno == 0 && isfinite (number) &&
          !g_ascii_isspace (*text))
        {
          *out = (MusterValue){ .number = number };
          return TRUE;
        }
    }
  muster_field_errors_add (errors, pointer, "must be %s", type_in_words (field->type));
  return FALSE;
}

static gboolean
decode_boolean_text (const char        *text,
                     const char        *pointer,
                     MusterValue       *out,
                     MusterFieldErrors *errors)
{
  gboolean yes = g_str_equal (text, "true") || g_str_equal (text, "1");

  if (!yes && !g_str_equal (text, "false") && !g_str_equal (text, "0"))
    {
      muster_field_errors_add (errors, pointer, "must be true or false");
      return FALSE;
    }
  *out = (MusterValue){ .integer = yes };
  return TRUE;
}

gboolean
muster_field_decode_text (const MusterField *field,
                          const char        *text,
                          const char        *pointer,
                          MusterValue       *out,
                          MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (field != NULL && text != NULL && pointer != NULL && out != NULL &&
                          errors != NULL,
                        FALSE);

  if (*text == '\0' && (field->flags & MUSTER_FIELD_NULLABLE))
    {
      *out = (MusterValue){ .is_null = TRUE };
      return TRUE;
    }
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_DOUBLE:
      return decode_number_text (field, text, pointer, out, errors);
    case MUSTER_FIELD_BOOLEAN:
      return decode_boolean_text (text, pointer, out, errors);
    case MUSTER_FIELD_ENUM:
      return decode_enum (field, text, pointer, out, errors);
    case MUSTER_FIELD_TIME:
      return decode_time (text, pointer, out, errors);
    case MUSTER_FIELD_UUID:
      return decode_uuid (text, pointer, out, errors);
    case MUSTER_FIELD_JSON:
      node = json_from_string (text, &error);
      if (node == NULL)
        {
          muster_field_errors_add (errors, pointer, "must be a JSON value: %s",
                                   error ? error->message : "it is empty");
          return FALSE;
        }
      return decode_json (field, node, pointer, out, errors);
    case MUSTER_FIELD_MONEY:
      return decode_money (field, text, pointer, out, errors);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    default:
      return decode_string (field, text, pointer, out, errors);
    }
}

char *
muster_field_format_text (const MusterField *field, const MusterValue *value)
{
  char buffer[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (field != NULL && value != NULL, NULL);

  if (value->is_null)
    return g_strdup ("");
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    case MUSTER_FIELD_DOUBLE:
      text = g_string_new (NULL);
      muster_json_append_double (text, value->number);
      return g_string_free_and_steal (g_steal_pointer (&text));
    case MUSTER_FIELD_BOOLEAN:
      return g_strdup (value->integer ? "true" : "false");
    case MUSTER_FIELD_ENUM:
      return g_strdup (muster_enum_get_nick (field->enumeration, value->integer));
    case MUSTER_FIELD_TIME:
      return g_strdup (muster_time_format (value->integer, buffer));
    case MUSTER_FIELD_MONEY:
      return muster_money_format (value->integer);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      return g_strdup (value->text);
    }
}

void
muster_field_encode_value (const MusterField *field, const MusterValue *value, GString *json)
{
  char buffer[MUSTER_TIME_TEXT_LENGTH + 1];

  g_return_if_fail (field != NULL && value != NULL && json != NULL);

  if (value->is_null)
    {
      g_string_append (json, "null");
      return;
    }
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
      g_string_append_printf (json, "%" G_GINT64_FORMAT, value->integer);
      break;
    case MUSTER_FIELD_DOUBLE:
      muster_json_append_double (json, value->number);
      break;
    case MUSTER_FIELD_BOOLEAN:
      g_string_append (json, value->integer ? "true" : "false");
      break;
    case MUSTER_FIELD_ENUM:
      muster_json_append_string (json, muster_enum_get_nick (field->enumeration, value->integer),
                                 -1);
      break;
    case MUSTER_FIELD_TIME:
      g_string_append_c (json, '"');
      g_string_append_len (json, muster_time_format (value->integer, buffer),
                           MUSTER_TIME_TEXT_LENGTH);
      g_string_append_c (json, '"');
      break;
    case MUSTER_FIELD_JSON:
      g_string_append (json, value->text);
      break;
    case MUSTER_FIELD_MONEY:
      g_string_append_c (json, '"');
      muster_money_append (json, value->integer);
      g_string_append_c (json, '"');
      break;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_UUID:
    default:
      muster_json_append_string (json, value->text, -1);
    }
}
