/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-form-data.h"

/* RFC 2046 §5.1.1 */
#define MAX_BOUNDARY 70
/* White space that may follow a boundary on its line. */
#define MAX_PADDING 128

typedef enum
{
  STATE_PREAMBLE, /* before the first boundary: it does not count */
  STATE_BOUNDARY, /* behind one: either the line ends, or the form */
  STATE_HEAD,
  STATE_DATA,
  STATE_EPILOGUE, /* likewise nothing */
} State;

struct _MusterFormReader
{
  const MusterFormFuncs *funcs;
  gpointer               user_data;
  char                  *delimiter; /* (owned): "\r\n--" and the boundary */
  gsize                  n_delimiter;
  GByteArray            *pending; /* (owned): what is not yet read of what came */
  State                  state;
  unsigned               n_parts;
};

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the form %s", what);
  return FALSE;
}

static char *
dup_boundary (const char *content_type, GError **error)
{
  g_autoptr (GHashTable) params = NULL;
  const char      *start = strchr (content_type, ';');
  gsize            length = start != NULL ? (gsize)(start - content_type) : strlen (content_type);
  g_autofree char *type = g_strstrip (g_strndup (content_type, length));
  const char      *boundary = NULL;

  if (g_ascii_strcasecmp (type, "multipart/form-data") != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                           "the body must be sent as Content-Type: multipart/form-data");
      return NULL;
    }
  params = start != NULL ? soup_header_parse_semi_param_list (start + 1) : NULL;
  boundary = params != NULL ? g_hash_table_lookup (params, "boundary") : NULL;
  if (boundary != NULL && *boundary != '\0' && strlen (boundary) <= MAX_BOUNDARY)
    boundary = g_strdup (boundary);
  else
    {
      refuse (error, "has no boundary of 1 to 70 characters in its Content-Type");
      boundary = NULL;
    }
  g_clear_pointer (&params, soup_header_free_param_list);
  return (char *)boundary;
}

MusterFormReader *
muster_form_reader_new (const char            *content_type,
                        const MusterFormFuncs *funcs,
                        gpointer               user_data,
                        GError               **error)
{
  MusterFormReader *self;
  g_autofree char  *boundary = NULL;

  g_return_val_if_fail (content_type != NULL && funcs != NULL, NULL);

  boundary = dup_boundary (content_type, error);
  if (boundary == NULL)
    return NULL;
  self = g_new0 (MusterFormReader, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
  self->n_delimiter = strlen (self->delimiter);
  /* So that a boundary at the very start is found as all others are. */
  self->pending = g_byte_array_append (g_byte_array_new (), (const guint8 *)"\r\n", 2);
  return self;
}

void
muster_form_reader_free (MusterFormReader *self)
{
  if (self == NULL)
    return;
  g_free (self->delimiter);
  g_byte_array_unref (self->pending);
  g_free (self);
}

/* --- one part's head --- */

typedef struct
{
  char *name;
  char *file_name;
  char *media_type;
} Head;

static void
head_clear (Head *head)
{
  g_free (head->name);
  g_free (head->file_name);
  g_free (head->media_type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, head_clear)

static void
head_take_disposition (Head *head, const char *value)
{
  const char *params = strchr (value, ';');
  GHashTable *list = NULL;

  if (params == NULL || g_ascii_strncasecmp (value, "form-data", strlen ("form-data")) != 0)
    return;
  list = soup_header_parse_semi_param_list (params + 1);
  if (list == NULL)
    return;
  if (g_hash_table_lookup (list, "name") != NULL)
    head->name = g_utf8_make_valid (g_hash_table_lookup (list, "name"), -1);
  if (g_hash_table_lookup (list, "filename") != NULL)
    head->file_name = g_utf8_make_valid (g_hash_table_lookup (list, "filename"), -1);
  soup_header_free_param_list (list);
}

static void
head_take_line (Head *head, char *line)
{
  char *colon = strchr (line, ':');
  char *value;

  if (colon == NULL)
    return;
  *colon = '\0';
  value = g_strstrip (colon + 1);
  if (head->name == NULL && g_ascii_strcasecmp (line, "Content-Disposition") == 0)
    head_take_disposition (head, value);
  else if (head->media_type == NULL && g_ascii_strcasecmp (line, "Content-Type") == 0)
    head->media_type = g_utf8_make_valid (value, -1);
}

static gboolean
muster_form_reader_begin (MusterFormReader *self, const char *text, gsize length, GError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, "\r\n", -1);
  g_auto (Head) head = { NULL };

  for (char **line = lines; *line != NULL; line++)
    head_take_line (&head, *line);
  if (head.name == NULL)
    return refuse (error, "has a part without a name in its Content-Disposition");
  if (++self->n_parts > MUSTER_FORM_MAX_PARTS)
    return refuse (error, "has more than " G_STRINGIFY (MUSTER_FORM_MAX_PARTS) " parts");
  return self->funcs->begin (&(MusterFormPart){ head.name, head.file_name,
                                                head.media_type != NULL ? head.media_type
                                                                        : "text/plain" },
                             self->user_data, error);
}

/* --- the states: TRUE with *GOES_ON when the next may have something to read --- */

static const char *
muster_form_reader_find (MusterFormReader *self, const char *text, gsize n_text)
{
  return memmem (self->pending->data, self->pending->len, text, n_text);
}

static void
muster_form_reader_skip (MusterFormReader *self, gsize length)
{
  if (length > 0)
    g_byte_array_remove_range (self->pending, 0, length);
}

/* What stands before the next boundary, or cannot belong to one. */
static gboolean
muster_form_reader_take_data (MusterFormReader *self, gboolean *goes_on, GError **error)
{
  const char *data = (const char *)self->pending->data;
  const char *end = muster_form_reader_find (self, self->delimiter, self->n_delimiter);
  gsize       kept = self->n_delimiter - 1;
  gsize       n = end != NULL                 ? (gsize)(end - data)
                  : self->pending->len > kept ? self->pending->len - kept
                                              : 0;

  *goes_on = end != NULL;
  if (self->state == STATE_DATA && n > 0 && !self->funcs->data (data, n, self->user_data, error))
    return FALSE;
  if (self->state == STATE_DATA && end != NULL && self->funcs->end != NULL &&
      !self->funcs->end (self->user_data, error))
    return FALSE;
  muster_form_reader_skip (self, n + (end != NULL ? self->n_delimiter : 0));
  if (end != NULL)
    self->state = STATE_BOUNDARY;
  return TRUE;
}

static gboolean
muster_form_reader_take_boundary (MusterFormReader *self, gboolean *goes_on, GError **error)
{
  const char *data = (const char *)self->pending->data;
  gsize       padding = 0;

  *goes_on = FALSE;
  if (self->pending->len < 2)
    return TRUE;
  if (memcmp (data, "--", 2) == 0)
    {
      self->state = STATE_EPILOGUE;
      *goes_on = TRUE;
      return TRUE;
    }
  while (padding < self->pending->len && (data[padding] == ' ' || data[padding] == '\t'))
    padding++;
  if (padding > MAX_PADDING ||
      (self->pending->len >= padding + 2 && memcmp (data + padding, "\r\n", 2) != 0))
    return refuse (error, "has a boundary that does not end its line");
  if (self->pending->len < padding + 2)
    return TRUE;
  /* The line's end stays: a head without a line is told by two of them as well. */
  muster_form_reader_skip (self, padding);
  self->state = STATE_HEAD;
  *goes_on = TRUE;
  return TRUE;
}

static gboolean
muster_form_reader_take_head (MusterFormReader *self, gboolean *goes_on, GError **error)
{
  const char *data = (const char *)self->pending->data;
  const char *end = muster_form_reader_find (self, "\r\n\r\n", 4);

  if (end == NULL ? self->pending->len > MUSTER_FORM_MAX_HEAD : end - data > MUSTER_FORM_MAX_HEAD)
    return refuse (error, "has a part whose head is larger than 8 KiB");
  *goes_on = end != NULL;
  if (end == NULL)
    return TRUE;
  if (!muster_form_reader_begin (self, data, end - data, error))
    return FALSE;
  muster_form_reader_skip (self, end + 4 - data);
  self->state = STATE_DATA;
  return TRUE;
}

gboolean
muster_form_reader_feed (MusterFormReader *self, const char *data, gsize length, GError **error)
{
  gboolean goes_on = TRUE;
  gboolean is_fine = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->state == STATE_EPILOGUE)
    return TRUE;
  g_byte_array_append (self->pending, (const guint8 *)data, length);
  while (is_fine && goes_on)
    switch (self->state)
      {
      case STATE_PREAMBLE:
      case STATE_DATA:
        is_fine = muster_form_reader_take_data (self, &goes_on, error);
        break;
      case STATE_BOUNDARY:
        is_fine = muster_form_reader_take_boundary (self, &goes_on, error);
        break;
      case STATE_HEAD:
        is_fine = muster_form_reader_take_head (self, &goes_on, error);
        break;
      case STATE_EPILOGUE:
      default:
        g_byte_array_set_size (self->pending, 0);
        return TRUE;
      }
  return is_fine;
}

gboolean
muster_form_reader_finish (MusterFormReader *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == STATE_EPILOGUE || refuse (error, "ends before its last boundary");
}
