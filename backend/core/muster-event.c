/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-event"

#include "config.h"

#include "muster-bus.h"

struct _MusterEvent
{
  const char       *topic;
  char             *subject;      /* (owned) (nullable) */
  char             *coalesce_key; /* (owned) (nullable) */
  gint64            sequence;
  GObject          *payload; /* (owned) (nullable) */
  MusterEventEncode encode;
  GBytes           *json; /* (owned) (nullable): cache */
};

G_DEFINE_BOXED_TYPE (MusterEvent, muster_event, muster_event_ref, muster_event_unref)

MusterEvent *
muster_event_new (const char       *topic,
                  const char       *subject,
                  const char       *coalesce_key,
                  gint64            sequence,
                  GObject          *payload,
                  MusterEventEncode encode)
{
  MusterEvent *self = NULL;

  g_return_val_if_fail (topic != NULL, NULL);
  g_return_val_if_fail (payload == NULL || G_IS_OBJECT (payload), NULL);

  self = g_rc_box_new0 (MusterEvent);
  self->topic = topic;
  self->subject = g_strdup (subject);
  self->coalesce_key = g_strdup (coalesce_key);
  self->sequence = sequence;
  g_set_object (&self->payload, payload);
  self->encode = encode;
  return self;
}

MusterEvent *
muster_event_ref (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

static void
muster_event_clear (gpointer data)
{
  MusterEvent *self = data;

  g_free (self->subject);
  g_free (self->coalesce_key);
  g_clear_object (&self->payload);
  g_clear_pointer (&self->json, g_bytes_unref);
}

void
muster_event_unref (MusterEvent *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_release_full (self, muster_event_clear);
}

const char *
muster_event_get_topic (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->topic;
}

const char *
muster_event_get_subject (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->subject;
}

const char *
muster_event_get_coalesce_key (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->coalesce_key;
}

gint64
muster_event_get_sequence (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->sequence;
}

gpointer
muster_event_get_payload (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->payload;
}

GBytes *
muster_event_get_json (MusterEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->json == NULL)
    {
      GString *json = g_string_new (NULL);

      if (!muster_event_encode (self, NULL, json))
        g_string_assign (json, "{}");
      self->json = g_string_free_to_bytes (json);
    }
  return self->json;
}

gboolean
muster_event_encode (MusterEvent *self, GHashTable *details, GString *json)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  return self->encode != NULL && self->encode (self, details, json);
}
