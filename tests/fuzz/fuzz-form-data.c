/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-form-data.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
note_begin (const MusterFormPart *part, gpointer log, GError **error)
{
  if (!g_utf8_validate (part->name, -1, NULL) || !g_utf8_validate (part->media_type, -1, NULL) ||
      (part->file_name != NULL && !g_utf8_validate (part->file_name, -1, NULL)))
    g_error ("a head that is no UTF-8");
  g_string_append_printf (log, "<%s|%s|%s>", part->name, part->file_name, part->media_type);
  return TRUE;
}

static gboolean
note_data (const char *data, gsize length, gpointer log, GError **error)
{
  if (length == 0)
    g_error ("no bytes are told");
  g_string_append_len (log, data, length);
  return TRUE;
}

static gboolean
note_end (gpointer log, GError **error)
{
  g_string_append (log, "</>");
  return TRUE;
}

static const MusterFormFuncs funcs = { note_begin, note_data, note_end };

/* Reads it in pieces of STEP bytes; NULL when it is refused. */
static GString *
read_form (const char *type, const char *data, gsize size, gsize step)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (MusterFormReader) reader = muster_form_reader_new (type, &funcs, log, NULL);

  if (reader == NULL)
    return NULL;
  for (gsize at = 0; at < size; at += step)
    if (!muster_form_reader_feed (reader, data + at, MIN (step, size - at), NULL))
      return NULL;
  return muster_form_reader_finish (reader, NULL) ? g_steal_pointer (&log) : NULL;
}

/* A body, which says the same however it is cut; then, after a line's end, a Content-Type. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const gsize steps[] = { 1, 2, 3, 7, 64 };
  static const char  type[] = "multipart/form-data; boundary=b";
  const char        *text = (const char *)data;
  g_autofree char   *header = g_strndup (text, size);
  g_autoptr (GString) whole = read_form (type, text, size, MAX (size, 1));
  g_autoptr (GString) other = read_form (header, text, size, 5);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GString) cut = read_form (type, text, size, steps[i]);

      if ((cut == NULL) != (whole == NULL) || (cut != NULL && !g_string_equal (cut, whole)))
        g_error ("cut into pieces of %" G_GSIZE_FORMAT " it says something else", steps[i]);
    }
  return 0;
}
