/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-json-body"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-json-body.h"

/* What the parser must not see, told before it starts: it recurses and builds as it goes, and it
 * would cut a string off at an escaped zero byte. */
static gboolean
check_text (const char *text, gsize length, GError **error)
{
  unsigned depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string && c == '\\')
        {
          i++;
          if (length - i < 5 || memcmp (text + i, "u0000", 5) != 0)
            continue;
          g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                               "the body holds a zero byte: strings must not contain \\u0000");
          return FALSE;
        }
      if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '{' || c == '[') && ++depth > MUSTER_JSON_MAX_DEPTH)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "the body is nested deeper than %d levels", MUSTER_JSON_MAX_DEPTH);
          return FALSE;
        }
      else if (!in_string && (c == '}' || c == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

/* The parser tells where it stopped at the head of its message ("<data>:2:9: Parse error: …") and
 * nowhere else. */
static void
set_malformed (GError **error, const GError *cause)
{
  unsigned line = 0, column = 0;
  int      end = 0;

  if (sscanf (cause->message, "<data>:%u:%u: Parse error: %n", &line, &column, &end) >= 2 &&
      end > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                 "the body is not JSON: line %u, column %u: %s", line, column,
                 cause->message + end);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the body is not JSON: %s",
                 cause->message);
}

JsonNode *
muster_json_body_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  gsize       length;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonNode   *node;

  /* No bytes at all have no address either. */
  if (length == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the body is not JSON: it is empty");
      return NULL;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the body is not UTF-8 text");
      return NULL;
    }
  if (!check_text (text, length, error))
    return NULL;
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, length, &cause))
    {
      set_malformed (error, cause);
      return NULL;
    }
  node = json_parser_steal_root (parser);
  if (node == NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "the body is not JSON: it is empty");
  return node;
}
