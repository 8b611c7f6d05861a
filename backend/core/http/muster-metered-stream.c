/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metered-stream"

#include "config.h"

#include "muster-metered-stream.h"

/* --- its output --- */

#define MUSTER_TYPE_METERED_OUTPUT (muster_metered_output_get_type ())
G_DECLARE_FINAL_TYPE (MusterMeteredOutput,
                      muster_metered_output,
                      MUSTER,
                      METERED_OUTPUT,
                      GFilterOutputStream)

struct _MusterMeteredOutput
{
  GFilterOutputStream parent_instance;
  MusterMeteredFunc   func; /* (nullable) */
  gpointer            user_data;
};

static void muster_metered_output_iface_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterMeteredOutput,
                               muster_metered_output,
                               G_TYPE_FILTER_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      muster_metered_output_iface_init))

static GPollableOutputStream *
get_base (gpointer self)
{
  return G_POLLABLE_OUTPUT_STREAM (g_filter_output_stream_get_base_stream (self));
}

static gssize
muster_metered_output_count (MusterMeteredOutput *self, gssize n)
{
  if (n > 0 && self->func != NULL)
    self->func (n, self->user_data);
  return n;
}

static gssize
muster_metered_output_write (GOutputStream *stream,
                             const void    *buffer,
                             gsize          count,
                             GCancellable  *cancellable,
                             GError       **error)
{
  return muster_metered_output_count (MUSTER_METERED_OUTPUT (stream),
                                      g_output_stream_write (G_OUTPUT_STREAM (get_base (stream)),
                                                             buffer, count, cancellable, error));
}

static gssize
muster_metered_output_write_nonblocking (GPollableOutputStream *stream,
                                         const void            *buffer,
                                         gsize                  count,
                                         GError               **error)
{
  return muster_metered_output_count (MUSTER_METERED_OUTPUT (stream),
                                      g_pollable_output_stream_write_nonblocking (get_base (stream),
                                                                                  buffer, count,
                                                                                  NULL, error));
}

static gboolean
muster_metered_output_can_poll (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_can_poll (get_base (stream));
}

static gboolean
muster_metered_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (get_base (stream));
}

static GSource *
muster_metered_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) base = g_pollable_output_stream_create_source (get_base (stream), NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static void
muster_metered_output_class_init (MusterMeteredOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = muster_metered_output_write;
}

static void
muster_metered_output_init (MusterMeteredOutput *self)
{
}

static void
muster_metered_output_iface_init (GPollableOutputStreamInterface *iface)
{
  iface->can_poll = muster_metered_output_can_poll;
  iface->is_writable = muster_metered_output_is_writable;
  iface->create_source = muster_metered_output_create_source;
  iface->write_nonblocking = muster_metered_output_write_nonblocking;
}

/* --- the whole --- */

struct _MusterMeteredStream
{
  GIOStream            parent_instance;
  GIOStream           *base;   /* (owned) */
  MusterMeteredOutput *output; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterMeteredStream, muster_metered_stream, G_TYPE_IO_STREAM)

static GInputStream *
muster_metered_stream_get_input_stream (GIOStream *stream)
{
  return g_io_stream_get_input_stream (MUSTER_METERED_STREAM (stream)->base);
}

static GOutputStream *
muster_metered_stream_get_output_stream (GIOStream *stream)
{
  return G_OUTPUT_STREAM (MUSTER_METERED_STREAM (stream)->output);
}

static gboolean
muster_metered_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (MUSTER_METERED_STREAM (stream)->base, cancellable, error);
}

static void
muster_metered_stream_finalize (GObject *object)
{
  MusterMeteredStream *self = MUSTER_METERED_STREAM (object);

  g_clear_object (&self->output);
  g_clear_object (&self->base);
  G_OBJECT_CLASS (muster_metered_stream_parent_class)->finalize (object);
}

static void
muster_metered_stream_class_init (MusterMeteredStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_metered_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = muster_metered_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = muster_metered_stream_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = muster_metered_stream_close;
}

static void
muster_metered_stream_init (MusterMeteredStream *self)
{
}

MusterMeteredStream *
muster_metered_stream_new (GIOStream *base)
{
  MusterMeteredStream *self = g_object_new (MUSTER_TYPE_METERED_STREAM, NULL);

  self->base = g_object_ref (base);
  self->output =
    g_object_new (MUSTER_TYPE_METERED_OUTPUT, "base-stream", g_io_stream_get_output_stream (base),
                  "close-base-stream", FALSE, NULL);
  return self;
}

void
muster_metered_stream_set_func (MusterMeteredStream *self,
                                MusterMeteredFunc    func,
                                gpointer             user_data)
{
  self->output->func = func;
  self->output->user_data = user_data;
}
