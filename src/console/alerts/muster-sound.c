/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sound"

#include "config.h"

#include <gio/gio.h>
#include <gst/gst.h>

#include "muster-sound.h"
#include "muster-tones.h"

struct _MusterSound
{
  GObject parent_instance;

  char       *wanted;   /* (owned) (nullable) waits until GStreamer is ready */
  char       *playing;  /* (owned) (nullable) */
  GstElement *pipeline; /* (owned) (nullable) */
  unsigned    watch_id;
  gboolean    starting; /* GStreamer is made ready, on another thread */
  gboolean    ready;
};

G_DEFINE_FINAL_TYPE (MusterSound, muster_sound, G_TYPE_OBJECT)

void
muster_sound_stop (MusterSound *self)
{
  g_return_if_fail (MUSTER_IS_SOUND (self));

  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->playing, g_free);
}

static gboolean
muster_sound_message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  MusterSound *self = user_data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gst_message_parse_error (message, &error, NULL);
      g_message ("could not play “%s”: %s", self->playing, error->message);
    }
  else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
    return G_SOURCE_CONTINUE;
  self->watch_id = 0;
  muster_sound_stop (self);
  return G_SOURCE_REMOVE;
}

static GstElement *
create_pipeline (GError **error)
{
  const char      *sink = g_getenv ("MUSTER_AUDIO_SINK");
  g_autofree char *description =
    g_strdup_printf ("appsrc name=source format=time "
                     "caps=audio/x-raw,format=S16LE,rate=%d,channels=1,layout=interleaved "
                     "! audioconvert ! audioresample ! %s",
                     MUSTER_TONES_RATE, sink != NULL ? sink : "autoaudiosink");

  return gst_parse_launch (description, error);
}

/* The whole of it at once: it is a few hundred kilobytes. */
static void
feed (GstElement *pipeline, GBytes *sound)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (sound);
  GstFlowReturn flow;

  GST_BUFFER_PTS (buffer) = 0;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (g_bytes_get_size (sound) / sizeof (gint16),
                                                        GST_SECOND, MUSTER_TONES_RATE);
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
}

static void
start (MusterSound *self, const char *name)
{
  g_autoptr (GBytes) sound = muster_tones_synthesize (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBus) bus = NULL;

  if (sound == NULL || (g_strcmp0 (self->playing, "alarm") == 0 && !g_str_equal (name, "alarm")))
    return;
  muster_sound_stop (self);
  self->pipeline = create_pipeline (&error);
  if (self->pipeline == NULL)
    {
      g_message ("could not play “%s”: %s", name, error->message);
      return;
    }
  self->playing = g_strdup (name);
  bus = gst_element_get_bus (self->pipeline);
  self->watch_id = gst_bus_add_watch (bus, muster_sound_message_cb, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  feed (self->pipeline, sound);
}

/* --- GStreamer is made ready --- */

/* The first time on a machine it looks at each of its plugins, which takes seconds. */
static void
muster_sound_init_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (gst_init_check (NULL, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
muster_sound_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  MusterSound *self = MUSTER_SOUND (object);
  g_autoptr (GError) error = NULL;
  g_autofree char *wanted = g_steal_pointer (&self->wanted);

  self->starting = FALSE;
  self->ready = g_task_propagate_boolean (G_TASK (result), &error);
  if (error != NULL)
    g_message ("there is no sound: %s", error->message);
  else if (wanted != NULL)
    start (self, wanted);
}

static void
get_ready (MusterSound *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->starting)
    return;
  self->starting = TRUE;
  task = g_task_new (self, NULL, muster_sound_ready_cb, NULL);
  g_task_run_in_thread (task, muster_sound_init_thread);
}

/* --- life --- */

static void
muster_sound_finalize (GObject *object)
{
  MusterSound *self = MUSTER_SOUND (object);

  if (self->ready)
    muster_sound_stop (self);
  g_free (self->wanted);
  G_OBJECT_CLASS (muster_sound_parent_class)->finalize (object);
}

static void
muster_sound_class_init (MusterSoundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_sound_finalize;
}

static void
muster_sound_init (MusterSound *self)
{
}

MusterSound *
muster_sound_new (void)
{
  return g_object_new (MUSTER_TYPE_SOUND, NULL);
}

void
muster_sound_play (MusterSound *self, const char *name)
{
  g_return_if_fail (MUSTER_IS_SOUND (self));
  g_return_if_fail (name != NULL);

  if (self->ready)
    {
      start (self, name);
      return;
    }
  if (g_strcmp0 (self->wanted, "alarm") != 0)
    g_set_str (&self->wanted, name);
  get_ready (self);
}
