/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-problem"

#include "config.h"

#include "muster-problem.h"

/* By MusterError. */
static const MusterProblemKind kinds[] = {
  [MUSTER_ERROR_FAILED] = { 500, "failed", "The operation failed" },
  [MUSTER_ERROR_MALFORMED] = { 400, "malformed", "The request cannot be read" },
  [MUSTER_ERROR_INVALID] = { 422, "invalid", "Fields are refused" },
  [MUSTER_ERROR_UNAUTHORIZED] = { 401, "unauthorized", "Sign in first" },
  [MUSTER_ERROR_FORBIDDEN] = { 403, "forbidden", "Not allowed" },
  [MUSTER_ERROR_NOT_FOUND] = { 404, "not-found", "Not found" },
  [MUSTER_ERROR_CONFLICT] = { 409, "conflict", "Not possible in this state" },
  [MUSTER_ERROR_PRECONDITION] = { 412, "precondition", "The record has changed meanwhile" },
  [MUSTER_ERROR_TOO_LARGE] = { 413, "too-large", "The request is too large" },
  [MUSTER_ERROR_UNSUPPORTED] = { 415, "unsupported", "The media type is not taken" },
  [MUSTER_ERROR_RATE_LIMITED] = { 429, "rate-limited", "Too many requests" },
  [MUSTER_ERROR_UNAVAILABLE] = { 503, "unavailable", "Not available now" },
  [MUSTER_ERROR_TIMED_OUT] = { 504, "timed-out", "No answer in time" },
  [MUSTER_ERROR_STORAGE_FULL] = { 507, "storage-full", "No space is left" },
  [MUSTER_ERROR_CORRUPT] = { 500, "corrupt", "Stored data is damaged" },
  [MUSTER_ERROR_SCHEMA_TOO_NEW] = { 500, "schema-too-new", "The data is of a newer version" },
  [MUSTER_ERROR_PROTOCOL] = { 502, "protocol", "The other side broke its protocol" },
  { 0, NULL, NULL },
};

const MusterProblemKind *
muster_problem_list (void)
{
  return kinds;
}

const MusterProblemKind *
muster_problem_find (const GError *error)
{
  if (error->domain == MUSTER_ERROR && error->code >= 0 &&
      error->code < (int)G_N_ELEMENTS (kinds) - 1)
    return &kinds[error->code];
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return &kinds[MUSTER_ERROR_TIMED_OUT];
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return &kinds[MUSTER_ERROR_UNAVAILABLE];
  return &kinds[MUSTER_ERROR_FAILED];
}

/* What may be told: a foreign error's words are for the log. */
static const char *
problem_get_detail (const GError *error, const MusterProblemKind *kind)
{
  if (error->domain == MUSTER_ERROR)
    return error->message;
  if (kind == &kinds[MUSTER_ERROR_TIMED_OUT])
    return "the operation took too long";
  if (kind == &kinds[MUSTER_ERROR_UNAVAILABLE])
    return "the operation was cancelled";
  return "an internal error: the log has more under this request id";
}

static void
append_strings (GString *json, const char *member, const char *const *strings)
{
  if (strings == NULL)
    return;
  g_string_append_printf (json, ",\"%s\":[", member);
  for (unsigned i = 0; strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, strings[i], -1);
    }
  g_string_append_c (json, ']');
}

static void
append_fields (GString *json, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const MusterFieldError *row = rows->pdata[i];

      g_string_append (json, i == 0 ? ",\"errors\":[{\"pointer\":" : ",{\"pointer\":");
      muster_json_append_string (json, row->pointer, -1);
      g_string_append (json, ",\"detail\":");
      muster_json_append_string (json, row->detail, -1);
      g_string_append_c (json, '}');
    }
  if (rows->len > 0)
    g_string_append_c (json, ']');
}

void
muster_problem_encode (const GError *error, const char *request_id, GString *json)
{
  const MusterProblemKind *kind;

  g_return_if_fail (error != NULL && json != NULL);

  kind = muster_problem_find (error);
  g_string_append_printf (
    json, "{\"type\":\"/docs#problem-%s\",\"title\":\"%s\",\"status\":%u,\"detail\":", kind->name,
    kind->title, kind->status);
  muster_json_append_string (json, problem_get_detail (error, kind), -1);
  if (request_id != NULL)
    {
      g_string_append (json, ",\"instance\":");
      muster_json_append_string (json, request_id, -1);
    }
  append_fields (json, muster_error_get_fields (error));
  append_strings (json, "allowed", muster_error_get_allowed (error));
  append_strings (json, "blockers", muster_error_get_blockers (error));
  g_string_append_c (json, '}');
}

MusterResponse *
muster_problem_new_response (const GError *error, const char *request_id)
{
  GString                 *json = g_string_new (NULL);
  const MusterProblemKind *kind;
  MusterResponse          *response;
  g_autoptr (GBytes) body = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  kind = muster_problem_find (error);
  muster_problem_encode (error, request_id, json);
  body = g_string_free_to_bytes (json);
  response = muster_response_new_bytes (kind->status, "application/problem+json", body);
  if (kind->status == 401)
    muster_response_set_header (response, "WWW-Authenticate", "Bearer realm=\"muster\"");
  if (kind->status == 429 || kind->status == 503)
    {
      unsigned seconds = error->domain == MUSTER_ERROR ? muster_error_get_retry_after (error) : 0;
      g_autofree char *text = g_strdup_printf ("%u", seconds > 0 ? seconds : 5);

      muster_response_set_header (response, "Retry-After", text);
    }
  return response;
}
