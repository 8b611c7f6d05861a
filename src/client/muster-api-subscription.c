/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-subscription"

#include "config.h"

#include "muster-api-problem.h"
#include "muster-api-stream-private.h"
#include "muster-api-subscription-private.h"

#include "model/muster-entity.h"

#define TOPIC_JOURNAL "journal"

struct _MusterApiSubscription
{
  GObject parent_instance;

  MusterApiStream *stream;   /* (weak) (nullable): until it is closed */
  char            *id;       /* (owned): of this connection */
  char            *topic;    /* (owned) */
  char           **subjects; /* (owned) (nullable) */
  char           **details;  /* (owned) (nullable) */
  gint64           sequence; /* newest journal entry heard; -1: none */

  guint ready : 1;
  guint was_ready : 1;
};

G_DEFINE_FINAL_TYPE (MusterApiSubscription, muster_api_subscription, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_EVENT,
  SIGNAL_READY,
  SIGNAL_LAGGED,
  SIGNAL_FAILED,
} MusterApiSubscriptionSignal;

static guint signals[SIGNAL_FAILED + 1];

static void
muster_api_subscription_dispose (GObject *object)
{
  muster_api_subscription_close (MUSTER_API_SUBSCRIPTION (object));
  G_OBJECT_CLASS (muster_api_subscription_parent_class)->dispose (object);
}

static void
muster_api_subscription_finalize (GObject *object)
{
  MusterApiSubscription *self = MUSTER_API_SUBSCRIPTION (object);

  g_free (self->id);
  g_free (self->topic);
  g_strfreev (self->subjects);
  g_strfreev (self->details);
  G_OBJECT_CLASS (muster_api_subscription_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, unsigned n_params, GType first, GType second, GType third)
{
  return g_signal_new (name, MUSTER_TYPE_API_SUBSCRIPTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, first, second, third);
}

static void
muster_api_subscription_class_init (MusterApiSubscriptionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_api_subscription_dispose;
  object_class->finalize = muster_api_subscription_finalize;
  signals[SIGNAL_EVENT] = add_signal ("event", 3, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                      G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, JSON_TYPE_OBJECT);
  signals[SIGNAL_READY] = add_signal ("ready", 1, G_TYPE_BOOLEAN, G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_LAGGED] = add_signal ("lagged", 1, G_TYPE_INT64, G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_FAILED] = add_signal ("failed", 1, G_TYPE_ERROR, G_TYPE_NONE, G_TYPE_NONE);
}

static void
muster_api_subscription_init (MusterApiSubscription *self)
{
}

MusterApiSubscription *
muster_api_subscription_new (MusterApiStream   *stream,
                             const char        *topic,
                             const char *const *subjects,
                             const char *const *details,
                             gint64             since)
{
  MusterApiSubscription *self = g_object_new (MUSTER_TYPE_API_SUBSCRIPTION, NULL);

  g_set_weak_pointer (&self->stream, stream);
  self->topic = g_strdup (topic);
  self->subjects = g_strdupv ((char **)subjects);
  self->details = g_strdupv ((char **)details);
  self->sequence = since;
  return self;
}

void
muster_api_subscription_close (MusterApiSubscription *self)
{
  MusterApiStream *stream;

  g_return_if_fail (MUSTER_IS_API_SUBSCRIPTION (self));

  stream = self->stream;
  g_clear_weak_pointer (&self->stream);
  if (stream != NULL)
    muster_api_stream_remove (stream, self);
  self->ready = FALSE;
}

gboolean
muster_api_subscription_is_ready (MusterApiSubscription *self)
{
  g_return_val_if_fail (MUSTER_IS_API_SUBSCRIPTION (self), FALSE);

  return self->ready;
}

const char *
muster_api_subscription_get_topic (MusterApiSubscription *self)
{
  g_return_val_if_fail (MUSTER_IS_API_SUBSCRIPTION (self), NULL);

  return self->topic;
}

gint64
muster_api_subscription_get_sequence (MusterApiSubscription *self)
{
  g_return_val_if_fail (MUSTER_IS_API_SUBSCRIPTION (self), -1);

  return self->sequence;
}

void
muster_api_subscription_rename (MusterApiSubscription *self, unsigned number)
{
  g_free (self->id);
  self->id = g_strdup_printf ("s%u", number);
}

const char *
muster_api_subscription_get_id (MusterApiSubscription *self)
{
  return self->id;
}

static void
append_strings (GString *json, const char *name, char **strings)
{
  if (strings == NULL)
    return;
  g_string_append_printf (json, ",\"%s\":[", name);
  for (unsigned i = 0; strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, strings[i], -1);
    }
  g_string_append_c (json, ']');
}

char *
muster_api_subscription_make_subscribe (MusterApiSubscription *self)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"op\":\"subscribe\",\"id\":\"%s\",\"topic\":", self->id);
  muster_json_append_string (json, self->topic, -1);
  append_strings (json, "subjects", self->subjects);
  append_strings (json, "details", self->details);
  if (self->sequence >= 0)
    g_string_append_printf (json, ",\"since\":%" G_GINT64_FORMAT, self->sequence);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

char *
muster_api_subscription_make_unsubscribe (MusterApiSubscription *self)
{
  return g_strdup_printf ("{\"op\":\"unsubscribe\",\"id\":\"%s\"}", self->id);
}

void
muster_api_subscription_lose (MusterApiSubscription *self)
{
  self->ready = FALSE;
}

static gboolean
muster_api_subscription_is_journal (MusterApiSubscription *self)
{
  return g_str_equal (self->topic, TOPIC_JOURNAL);
}

static void
muster_api_subscription_handle_subscribed (MusterApiSubscription *self, gint64 sequence)
{
  gboolean resumed =
    !self->was_ready || (muster_api_subscription_is_journal (self) && self->sequence >= 0);

  if (muster_api_subscription_is_journal (self) && self->sequence < 0)
    self->sequence = sequence;
  self->ready = TRUE;
  self->was_ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_READY], 0, resumed);
}

static void
muster_api_subscription_handle_event (MusterApiSubscription *self, MusterApiFrame *frame)
{
  if (muster_api_subscription_is_journal (self) && frame->sequence > 0)
    {
      if (frame->sequence <= self->sequence)
        return;
      self->sequence = frame->sequence;
      /* So many that they are not told one by one. */
      if (frame->data != NULL && json_object_has_member (frame->data, "many"))
        {
          g_signal_emit (self, signals[SIGNAL_READY], 0, FALSE);
          return;
        }
    }
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, frame->topic, frame->subject, frame->data);
}

void
muster_api_subscription_pass_over (MusterApiSubscription *self, MusterApiFrame *frame)
{
  if (muster_api_subscription_is_journal (self))
    self->sequence = MAX (self->sequence, frame->sequence);
}

gboolean
muster_api_subscription_handle (MusterApiSubscription *self, MusterApiFrame *frame)
{
  g_autoptr (GError) error = NULL;

  switch (frame->kind)
    {
    case MUSTER_API_FRAME_SUBSCRIBED:
      muster_api_subscription_handle_subscribed (self, frame->sequence);
      break;
    case MUSTER_API_FRAME_EVENT:
      muster_api_subscription_handle_event (self, frame);
      break;
    case MUSTER_API_FRAME_LAGGED:
      if (muster_api_subscription_is_journal (self))
        return FALSE;
      g_signal_emit (self, signals[SIGNAL_LAGGED], 0, frame->dropped);
      break;
    case MUSTER_API_FRAME_ERROR:
      error = muster_api_problem_decode_object (0, frame->data);
      muster_api_subscription_close (self);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      break;
    case MUSTER_API_FRAME_PONG:
    case MUSTER_API_FRAME_UNKNOWN:
    default:
      break;
    }
  return TRUE;
}
