/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-message"

#include "config.h"

#include <string.h>

#include "core/http/muster-json-body.h"
#include "model/muster-entity.h"
#include "muster-ddi-message.h"

static const char *const executions[] = { "closed",   "proceeding", "canceled", "scheduled",
                                          "rejected", "resumed",    "download", "downloaded" };
static const char *const results[] = { "success", "failure", "none" };

static int
find_word (const char *const *words, gsize n_words, const char *word)
{
  for (gsize i = 0; word != NULL && i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      return i;
  return -1;
}

/* --- JSON that is none --- */

/* BODY as UTF-8 text: (transfer full). */
static char *
dup_valid (GBytes *body)
{
  gsize       length;
  const char *data = g_bytes_get_data (body, &length);

  return g_utf8_make_valid (data != NULL ? data : "", length);
}

/* SWUpdate puts what a script printed into its texts as it is: control characters, and whatever
 * bytes. Between texts they are the client's own mistake, and stay one. */
static GBytes *
mend (GBytes *body)
{
  char    *valid = dup_valid (body);
  gboolean in_text = FALSE;

  for (char *at = valid; *at != '\0'; at++)
    if (*at == '\\' && in_text && at[1] >= ' ')
      at++;
    else if (*at == '"')
      in_text = !in_text;
    else if (in_text && *at > '\0' && *at < ' ')
      *at = '?';
  return g_bytes_new_take (valid, strlen (valid));
}

JsonNode *
muster_ddi_body_parse (GBytes *body, GError **error)
{
  g_autoptr (JsonNode) node = muster_json_body_parse (body, NULL);

  if (node == NULL)
    {
      g_autoptr (GBytes) mended = mend (body);

      node = muster_json_body_parse (mended, error);
    }
  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the body must be an object");
  return NULL;
}

/* --- members, whatever they hold --- */

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
get_number (JsonObject *object, const char *name, gint64 *value)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}

/* TEXT without control characters, cut where a character ends: (transfer full). */
static char *
clean_message (const char *text, gsize length)
{
  char *clean = g_utf8_make_valid (text, MIN (length, MUSTER_DDI_MAX_MESSAGE));
  gsize end = MIN (strlen (clean), MUSTER_DDI_MAX_MESSAGE);

  while (end > 0 && (clean[end] & 0xc0) == 0x80)
    end--;
  clean[end] = '\0';
  for (char *at = clean; *at != '\0'; at++)
    if ((*at > '\0' && *at < ' ') || *at == 0x7f)
      *at = *at == '\n' || *at == '\t' ? ' ' : '?';
  return clean;
}

static char **
dup_messages (JsonObject *object)
{
  g_autoptr (GStrvBuilder) messages = g_strv_builder_new ();
  JsonNode  *node = object != NULL ? json_object_get_member (object, "details") : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? MIN (json_array_get_length (array), MUSTER_DDI_MAX_MESSAGES) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      if (text != NULL && *text != '\0')
        g_strv_builder_take (messages, clean_message (text, strlen (text)));
    }
  return g_strv_builder_end (messages);
}

/* --- feedback --- */

void
muster_ddi_feedback_clear (MusterDdiFeedback *self)
{
  g_clear_pointer (&self->messages, g_strfreev);
}

static gboolean
muster_ddi_feedback_take (MusterDdiFeedback *self, const char *execution, const char *finished)
{
  int e = find_word (executions, G_N_ELEMENTS (executions), execution);
  int f = find_word (results, G_N_ELEMENTS (results), finished);

  self->execution = MAX (e, 0);
  self->finished = MAX (f, 0);
  return e >= 0 && f >= 0;
}

static int
read_progress (JsonObject *progress)
{
  gint64 count, of;

  if (!get_number (progress, "cnt", &count) || !get_number (progress, "of", &of) || of <= 0 ||
      count < 0)
    return -1;
  return count >= of ? 100 : (int)((double)count / of * 100);
}

static gboolean
muster_ddi_feedback_read (MusterDdiFeedback *self, JsonObject *body)
{
  JsonObject *status = get_object (body, "status");
  JsonObject *result = get_object (status, "result");
  gint64      code = 0;

  self->progress = read_progress (get_object (result, "progress"));
  self->has_code = get_number (status, "code", &code) && code >= G_MININT32 && code <= G_MAXINT32;
  self->code = self->has_code ? (int)code : 0;
  self->messages = dup_messages (status);
  return muster_ddi_feedback_take (self, get_text (status, "execution"),
                                   get_text (result, "finished"));
}

/* The text that is the value of the member NAME, before END: (transfer full) (nullable). */
static char *
find_member (const char *text, const char *end, const char *name)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", name);
  const char      *at = memmem (text, end - text, quoted, strlen (quoted));
  const char      *stop;

  if (at == NULL)
    return NULL;
  at += strlen (quoted);
  at += strspn (at, " \t\r\n:");
  if (at >= end || *at++ != '"')
    return NULL;
  stop = memchr (at, '"', end - at);
  return stop != NULL ? g_strndup (at, stop - at) : NULL;
}

/* Quotes within the details are not escaped: of such a body, what the client made of words of its
 * own still counts, so that an update does not stay open for ever. */
static gboolean
muster_ddi_feedback_salvage (MusterDdiFeedback *self, GBytes *body)
{
  g_autofree char *text = dup_valid (body);
  const char      *details = strstr (text, "\"details\"");
  const char      *end = details != NULL ? details : text + strlen (text);
  g_autofree char *execution = find_member (text, end, "execution");
  g_autofree char *finished = find_member (text, end, "finished");

  if (!muster_ddi_feedback_take (self, execution, finished))
    return FALSE;
  self->progress = -1;
  self->messages = g_new0 (char *, 2);
  if (details != NULL)
    self->messages[0] = clean_message (details, strlen (details));
  return TRUE;
}

gboolean
muster_ddi_feedback_parse (MusterDdiFeedback *self, GBytes *body, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) broken = NULL;

  g_return_val_if_fail (self != NULL && body != NULL, FALSE);

  *self = (MusterDdiFeedback){ 0 };
  node = muster_ddi_body_parse (body, &broken);
  if (node != NULL ? muster_ddi_feedback_read (self, json_node_get_object (node))
                   : muster_ddi_feedback_salvage (self, body))
    return TRUE;
  if (broken != NULL)
    g_propagate_error (error, g_steal_pointer (&broken));
  else
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "status.execution and status.result.finished must be said, in words of "
                         "the API");
  return FALSE;
}

gboolean
muster_ddi_consent_parse (GBytes *body, gboolean *is_given, char ***messages, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  const char *word;

  g_return_val_if_fail (body != NULL && is_given != NULL && messages != NULL, FALSE);

  node = muster_ddi_body_parse (body, error);
  if (node == NULL)
    return FALSE;
  word = get_text (json_node_get_object (node), "confirmation");
  *is_given = g_strcmp0 (word, "confirmed") == 0;
  if (!*is_given && g_strcmp0 (word, "denied") != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "confirmation must be confirmed or denied");
      return FALSE;
    }
  *messages = dup_messages (json_node_get_object (node));
  return TRUE;
}

/* --- attributes --- */

typedef enum
{
  MODE_MERGE,
  MODE_REPLACE,
  MODE_REMOVE,
} Mode;

static gboolean
read_mode (JsonObject *body, Mode *mode)
{
  static const char *const words[] = { "merge", "replace", "remove" };
  const char              *word = get_text (body, "mode");
  int                      found = 0;

  if (json_object_has_member (body, "mode"))
    found = find_word (words, G_N_ELEMENTS (words), word);
  *mode = MAX (found, 0);
  return found >= 0;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, what);
  return FALSE;
}

static gboolean
take_attribute (JsonObject *attributes,
                Mode        mode,
                const char *name,
                JsonNode   *value,
                GError    **error)
{
  const char *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

  if (*name == '\0' || g_utf8_strlen (name, -1) > MUSTER_DDI_MAX_ATTRIBUTE)
    return refuse (error, "data: a name must have 1 to 128 characters");
  if (mode == MODE_REMOVE || JSON_NODE_HOLDS_NULL (value))
    {
      json_object_remove_member (attributes, name);
      return TRUE;
    }
  if (text == NULL || g_utf8_strlen (text, -1) > MUSTER_DDI_MAX_ATTRIBUTE)
    return refuse (error, "data: a value must be a text of at most 128 characters");
  json_object_set_string_member (attributes, name, text);
  return TRUE;
}

static JsonObject *
begin_attributes (const char *attributes, Mode mode)
{
  g_autoptr (JsonNode) node = mode != MODE_REPLACE && attributes != NULL
                               ? json_from_string (attributes, NULL)
                               : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node)
                                                       : json_object_new ();
}

static char *
print_attributes (JsonObject *attributes)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), attributes);

  return json_to_string (node, FALSE);
}

char *
muster_ddi_attributes_apply (const char *attributes, GBytes *body, GError **error)
{
  g_autoptr (JsonNode) node = muster_ddi_body_parse (body, error);
  g_autoptr (JsonObject) result = NULL;
  JsonObject    *data = NULL;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;
  Mode           mode;

  if (node == NULL)
    return NULL;
  data = get_object (json_node_get_object (node), "data");
  if (data == NULL || !read_mode (json_node_get_object (node), &mode))
    {
      refuse (error,
              data == NULL ? "data must be an object" : "mode must be merge, replace or remove");
      return NULL;
    }
  result = begin_attributes (attributes, mode);
  json_object_iter_init_ordered (&iter, data);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!take_attribute (result, mode, name, value, error))
      return NULL;
  if (json_object_get_size (result) <= MUSTER_DDI_MAX_ATTRIBUTES)
    return print_attributes (result);
  refuse (error, "data: a device has at most 100 attributes");
  return NULL;
}

/* --- time --- */

void
muster_ddi_format_sleep (gint64 seconds, char *buffer)
{
  unsigned whole = CLAMP (seconds, 1, 24 * 3600 - 1);

  g_snprintf (buffer, 9, "%02u:%02u:%02u", whole / 3600, whole / 60 % 60, whole % 60);
}
