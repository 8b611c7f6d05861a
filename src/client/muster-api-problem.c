/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-problem"

#include "config.h"

#include "muster-api-json.h"
#include "muster-api-problem.h"
#include "muster-api-response.h"

#define MAXIMUM_ROWS 1000

static const struct
{
  unsigned    status;
  MusterError code;
} codes[] = {
  { 400, MUSTER_ERROR_MALFORMED },   { 401, MUSTER_ERROR_UNAUTHORIZED },
  { 403, MUSTER_ERROR_FORBIDDEN },   { 404, MUSTER_ERROR_NOT_FOUND },
  { 405, MUSTER_ERROR_UNSUPPORTED }, { 409, MUSTER_ERROR_CONFLICT },
  { 410, MUSTER_ERROR_NOT_FOUND },   { 412, MUSTER_ERROR_PRECONDITION },
  { 413, MUSTER_ERROR_TOO_LARGE },   { 415, MUSTER_ERROR_UNSUPPORTED },
  { 422, MUSTER_ERROR_INVALID },     { 429, MUSTER_ERROR_RATE_LIMITED },
  { 502, MUSTER_ERROR_UNAVAILABLE }, { 503, MUSTER_ERROR_UNAVAILABLE },
  { 504, MUSTER_ERROR_TIMED_OUT },   { 507, MUSTER_ERROR_STORAGE_FULL },
};

/* Kinds that share their status with others, by the fragment of `type`. */
static const struct
{
  const char *suffix;
  MusterError code;
} kinds[] = {
  { "#problem-corrupt", MUSTER_ERROR_CORRUPT },
  { "#problem-schema-too-new", MUSTER_ERROR_SCHEMA_TOO_NEW },
  { "#problem-protocol", MUSTER_ERROR_PROTOCOL },
};

MusterError
muster_api_problem_get_code (unsigned status)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].status == status)
      return codes[i].code;
  return status < 400 ? MUSTER_ERROR_PROTOCOL : MUSTER_ERROR_FAILED;
}

static GError *
new_error_with_rows (JsonArray *rows)
{
  g_autoptr (MusterFieldErrors) fields = muster_field_errors_new ();
  GError  *error = NULL;
  unsigned n_rows = rows != NULL ? MIN (json_array_get_length (rows), MAXIMUM_ROWS) : 0;

  for (unsigned i = 0; i < n_rows; i++)
    {
      JsonObject *row = muster_api_json_as_object (json_array_get_element (rows, i));
      const char *pointer = row != NULL ? muster_api_json_get_string (row, "pointer") : NULL;
      const char *detail = row != NULL ? muster_api_json_get_string (row, "detail") : NULL;

      if (detail != NULL)
        muster_field_errors_add (fields, pointer != NULL ? pointer : "", "%s", detail);
    }
  muster_field_errors_check (fields, &error);
  return error;
}

/* The strings of an array, numbers as text; or NULL where there are none. */
static char **
dup_strings (JsonArray *array)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();
  unsigned length = array != NULL ? MIN (json_array_get_length (array), MAXIMUM_ROWS) : 0;

  for (unsigned i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node))
        continue;
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (strings, json_node_get_string (node));
      else if (json_node_get_value_type (node) == G_TYPE_INT64)
        g_strv_builder_take (strings,
                             g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node)));
    }
  return length > 0 ? g_strv_builder_end (strings) : NULL;
}

static unsigned
peek_status (JsonObject *problem)
{
  gint64 status = muster_api_json_get_integer (problem, "status", 0);

  return status >= 300 && status <= 599 ? status : 500;
}

static char *
make_message (unsigned status, JsonObject *problem)
{
  const char *text = muster_api_json_get_string (problem, "detail");

  if (text == NULL || *text == '\0')
    text = muster_api_json_get_string (problem, "title");
  if (text == NULL || *text == '\0')
    return g_strdup_printf ("the daemon answered with status %u", status);
  return g_strdup (text);
}

static MusterError
find_code (unsigned status, JsonObject *problem)
{
  const char *type = muster_api_json_get_string (problem, "type");

  for (unsigned i = 0; type != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_suffix (type, kinds[i].suffix))
      return kinds[i].code;
  return muster_api_problem_get_code (status);
}

GError *
muster_api_problem_decode_object (unsigned status, JsonObject *problem)
{
  g_auto (GStrv) allowed = NULL;
  g_auto (GStrv) blockers = NULL;
  g_autofree char *message = NULL;
  GError          *error;

  g_return_val_if_fail (problem != NULL, NULL);

  if (status == 0)
    status = peek_status (problem);
  message = make_message (status, problem);
  error = new_error_with_rows (muster_api_json_get_array (problem, "errors"));
  if (error == NULL)
    error = g_error_new_literal (MUSTER_ERROR, find_code (status, problem), message);
  else
    {
      error->code = find_code (status, problem);
      g_free (error->message);
      error->message = g_steal_pointer (&message);
    }
  allowed = dup_strings (muster_api_json_get_array (problem, "allowed"));
  if (allowed != NULL)
    muster_error_set_allowed (error, (const char *const *)allowed);
  blockers = dup_strings (muster_api_json_get_array (problem, "blockers"));
  if (blockers != NULL)
    muster_error_set_blockers (error, (const char *const *)blockers);
  return error;
}

GError *
muster_api_problem_decode (unsigned status, const char *content_type, GBytes *body)
{
  g_autoptr (JsonNode) node = NULL;
  MusterError code = muster_api_problem_get_code (status);

  g_return_val_if_fail (body != NULL, NULL);

  if (g_strcmp0 (content_type, "application/problem+json") == 0 ||
      g_strcmp0 (content_type, "application/json") == 0)
    node = muster_api_parse_json (body, "the problem document", NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return muster_api_problem_decode_object (status, json_node_get_object (node));
  if (status < 400)
    return g_error_new (MUSTER_ERROR, code,
                        "the address leads elsewhere (status %u): give the daemon's own", status);
  return g_error_new (MUSTER_ERROR, code,
                      "status %u with no explanation: is this address a Muster daemon's?", status);
}
