/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "muster-part-stream.h"

typedef struct
{
  char  *text; /* (owned) (nullable): instead of bytes of the file */
  gint64 offset;
  gint64 left;
} Part;

struct _MusterPartStream
{
  GInputStream parent_instance;

  int     fd;    /* (owned) */
  GArray *parts; /* (owned) (element-type Part) */
  guint   current;
  gint64  length;
};

G_DEFINE_FINAL_TYPE (MusterPartStream, muster_part_stream, G_TYPE_INPUT_STREAM)

static void
part_clear (gpointer data)
{
  g_free (((Part *)data)->text);
}

/* Up to COUNT bytes of PART; -1 with ERROR. */
static gssize
muster_part_stream_read_part (MusterPartStream *self,
                              Part             *part,
                              char             *buffer,
                              gsize             count,
                              GError          **error)
{
  gsize  wanted = MIN ((guint64)part->left, count);
  gssize n = wanted;

  if (part->text != NULL)
    memcpy (buffer, part->text + part->offset, wanted);
  else
    do
      n = pread (self->fd, buffer, wanted, part->offset);
    while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "the file cannot be read: %s",
                 g_strerror (errno));
  else if (n == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                           "the file has become shorter");
      n = -1;
    }
  part->offset += MAX (n, 0);
  part->left -= MAX (n, 0);
  return n;
}

static gssize
muster_part_stream_read (GInputStream *stream,
                         void         *buffer,
                         gsize         count,
                         GCancellable *cancellable,
                         GError      **error)
{
  MusterPartStream *self = MUSTER_PART_STREAM (stream);
  gsize             done = 0;

  while (done < count && self->current < self->parts->len)
    {
      Part  *part = &g_array_index (self->parts, Part, self->current);
      gssize n = 0;

      if (part->left > 0)
        n = muster_part_stream_read_part (self, part, (char *)buffer + done, count - done, error);
      if (n < 0)
        return -1;
      done += n;
      if (part->left == 0)
        self->current++;
    }
  return done;
}

static void
muster_part_stream_finalize (GObject *object)
{
  MusterPartStream *self = MUSTER_PART_STREAM (object);

  g_clear_fd (&self->fd, NULL);
  g_clear_pointer (&self->parts, g_array_unref);
  G_OBJECT_CLASS (muster_part_stream_parent_class)->finalize (object);
}

static void
muster_part_stream_class_init (MusterPartStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_part_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = muster_part_stream_read;
}

static void
muster_part_stream_init (MusterPartStream *self)
{
  self->fd = -1;
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);
}

MusterPartStream *
muster_part_stream_new (int fd)
{
  MusterPartStream *self = g_object_new (MUSTER_TYPE_PART_STREAM, NULL);

  self->fd = fd;
  return self;
}

static void
muster_part_stream_add (MusterPartStream *self, Part part)
{
  self->length += part.left;
  g_array_append_val (self->parts, part);
}

void
muster_part_stream_add_text (MusterPartStream *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_PART_STREAM (self));
  g_return_if_fail (text != NULL);

  muster_part_stream_add (self, (Part){ g_strdup (text), 0, strlen (text) });
}

void
muster_part_stream_add_range (MusterPartStream *self, gint64 offset, gint64 length)
{
  g_return_if_fail (MUSTER_IS_PART_STREAM (self));
  g_return_if_fail (offset >= 0 && length >= 0);

  muster_part_stream_add (self, (Part){ NULL, offset, length });
}

gint64
muster_part_stream_get_length (MusterPartStream *self)
{
  g_return_val_if_fail (MUSTER_IS_PART_STREAM (self), 0);

  return self->length;
}
