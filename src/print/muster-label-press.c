/* SPDX-License-Identifier: GPL-3.0-or-later */
/* muster-label-press COMMAND...: draws the label that its standard input describes, as PDF, and
 * becomes COMMAND, which reads that. For the daemon, which draws nothing itself. The label is a
 * JSON object: "format", a name of muster_label_format_find(), and the texts of a MusterLabel. */
#define G_LOG_DOMAIN "muster-label-press"

#include "config.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "muster-label-print.h"

#define INPUT_MAX 65536

/* What is missing is NULL. */
static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static MusterPrintable *
fail (GError **error, const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, message);
  return NULL;
}

static MusterPrintable *
read_label (const char *data, gssize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (MusterLabelPrint) print = NULL;
  const MusterLabelFormat *format = NULL;
  JsonObject              *object = NULL;
  MusterLabel              label = { 0 };

  if (!json_parser_load_from_data (parser, data, size, error))
    return NULL;
  if (json_parser_get_root (parser) == NULL ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return fail (error, "the label is no object");
  object = json_node_get_object (json_parser_get_root (parser));
  if (get_text (object, "format") != NULL)
    format = muster_label_format_find (get_text (object, "format"));
  label.title = get_text (object, "title");
  label.subtitle = get_text (object, "subtitle");
  label.bars = get_text (object, "bars");
  label.matrix = get_text (object, "matrix");
  label.secret = get_text (object, "secret");
  if (format == NULL || label.title == NULL)
    return fail (error, "the label has no format or no title");
  print = muster_label_print_new (format, 0);
  muster_printable_set_title (MUSTER_PRINTABLE (print), label.title);
  if (!muster_label_print_add (print, &label, error))
    return NULL;
  return MUSTER_PRINTABLE (g_steal_pointer (&print));
}

/* Up to its end: (transfer full). */
static GByteArray *
read_input (void)
{
  GByteArray *input = g_byte_array_new ();
  guint8      piece[4096];
  gssize      size = 0;

  while (input->len < INPUT_MAX &&
         ((size = read (STDIN_FILENO, piece, sizeof piece)) > 0 || (size < 0 && errno == EINTR)))
    if (size > 0)
      g_byte_array_append (input, piece, (guint)size);
  return input;
}

/* What the command reads: no file of a name ever holds the secret. */
static gboolean
put_on_input (GBytes *pdf, GError **error)
{
  gsize         size = 0, done = 0;
  const guint8 *data = g_bytes_get_data (pdf, &size);
  int           fd = memfd_create ("label", MFD_CLOEXEC);

  while (fd >= 0 && done < size)
    {
      gssize written = write (fd, data + done, size - done);

      if (written <= 0 && errno != EINTR)
        break;
      done += (gsize)MAX (written, 0);
    }
  if (fd >= 0 && done == size && lseek (fd, 0, SEEK_SET) == 0 && dup2 (fd, STDIN_FILENO) >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the label has no room: %s",
               g_strerror (errno));
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) input = NULL;
  g_autoptr (MusterPrintable) label = NULL;
  g_autoptr (GBytes) pdf = NULL;

  if (argc < 2)
    {
      g_printerr ("error: name the command that prints\n");
      return 2;
    }
  input = read_input ();
  label = read_label ((const char *)input->data, input->len, &error);
  pdf = label != NULL ? muster_printable_make_pdf (label, &error) : NULL;
  if (pdf != NULL && put_on_input (pdf, &error))
    {
      execvp (argv[1], argv + 1);
      g_printerr ("error: %s cannot be started: %s\n", argv[1], g_strerror (errno));
      return 127;
    }
  g_printerr ("error: %s\n", error->message);
  return 1;
}
