/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-bus"

#include "config.h"

#include "muster-bus.h"

/* Subscriptions stay in the list while an event is on its way, so that callbacks may subscribe and
 * unsubscribe: an ended one has a NULL callback and is swept out after the outermost delivery. */
typedef struct
{
  unsigned          id;
  const char       *topic; /* interned; NULL: every topic */
  GObject          *owner; /* weak, (nullable) */
  MusterBus        *bus;
  MusterBusCallback callback;
  gpointer          user_data;
} Subscription;

struct _MusterBus
{
  GObject    parent_instance;
  GPtrArray *subscriptions; /* (element-type Subscription), by id */
  unsigned   last_id;
  unsigned   depth;
  guint      swept : 1; /* nothing to sweep */
};

G_DEFINE_FINAL_TYPE (MusterBus, muster_bus, G_TYPE_OBJECT)

static void
subscription_owner_gone_cb (gpointer data, GObject *owner)
{
  Subscription *subscription = data;

  subscription->owner = NULL;
  muster_bus_unsubscribe (subscription->bus, subscription->id);
}

static void
subscription_free (Subscription *self)
{
  if (self->owner != NULL)
    g_object_weak_unref (self->owner, subscription_owner_gone_cb, self);
  g_free (self);
}

static void
muster_bus_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_BUS (object)->subscriptions);
  G_OBJECT_CLASS (muster_bus_parent_class)->finalize (object);
}

static void
muster_bus_class_init (MusterBusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_bus_finalize;
}

static void
muster_bus_init (MusterBus *self)
{
  self->subscriptions = g_ptr_array_new_with_free_func ((GDestroyNotify)subscription_free);
  self->swept = TRUE;
}

MusterBus *
muster_bus_new (void)
{
  return g_object_new (MUSTER_TYPE_BUS, NULL);
}

static gboolean
subscription_wants (Subscription *self, const char *topic)
{
  return self->callback != NULL && (self->topic == NULL || g_strcmp0 (self->topic, topic) == 0);
}

static void
muster_bus_sweep (MusterBus *self)
{
  if (self->depth > 0 || self->swept)
    return;
  self->swept = TRUE;
  for (guint i = self->subscriptions->len; i > 0; i--)
    {
      Subscription *subscription = self->subscriptions->pdata[i - 1];

      if (subscription->callback == NULL)
        g_ptr_array_remove_index (self->subscriptions, i - 1);
    }
}

void
muster_bus_publish (MusterBus *self, MusterEvent *event)
{
  g_autoptr (MusterBus) bus = NULL;
  g_autoptr (MusterEvent) kept = NULL;
  const char *topic = NULL;
  guint       n_subscriptions;

  g_return_if_fail (MUSTER_IS_BUS (self));
  g_return_if_fail (event != NULL);

  bus = g_object_ref (self);
  kept = muster_event_ref (event);
  topic = muster_event_get_topic (event);
  /* Those who subscribe while it is delivered get the next one. */
  n_subscriptions = self->subscriptions->len;
  self->depth++;
  for (guint i = 0; i < n_subscriptions; i++)
    {
      Subscription *subscription = self->subscriptions->pdata[i];

      if (subscription_wants (subscription, topic))
        subscription->callback (event, subscription->user_data);
    }
  self->depth--;
  muster_bus_sweep (self);
}

gboolean
muster_bus_has_subscribers (MusterBus *self, const char *topic)
{
  g_return_val_if_fail (MUSTER_IS_BUS (self), FALSE);
  g_return_val_if_fail (topic != NULL, FALSE);

  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      if (subscription_wants (self->subscriptions->pdata[i], topic))
        return TRUE;
    }
  return FALSE;
}

unsigned
muster_bus_subscribe (MusterBus        *self,
                      const char       *topic,
                      GObject          *owner,
                      MusterBusCallback callback,
                      gpointer          user_data)
{
  Subscription *subscription = NULL;

  g_return_val_if_fail (MUSTER_IS_BUS (self), 0);
  g_return_val_if_fail (owner == NULL || G_IS_OBJECT (owner), 0);
  g_return_val_if_fail (callback != NULL, 0);

  subscription = g_new0 (Subscription, 1);
  subscription->id = ++self->last_id;
  subscription->topic = g_intern_string (topic);
  subscription->owner = owner;
  subscription->bus = self;
  subscription->callback = callback;
  subscription->user_data = user_data;
  if (owner != NULL)
    g_object_weak_ref (owner, subscription_owner_gone_cb, subscription);
  g_ptr_array_add (self->subscriptions, subscription);
  return subscription->id;
}

void
muster_bus_unsubscribe (MusterBus *self, unsigned id)
{
  g_return_if_fail (MUSTER_IS_BUS (self));

  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      Subscription *subscription = self->subscriptions->pdata[i];

      if (subscription->id != id)
        continue;
      subscription->callback = NULL;
      self->swept = FALSE;
      break;
    }
  muster_bus_sweep (self);
}
