/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-waiting"

#include "config.h"

#include "model/muster-notification-channel.h"
#include "model/muster-notification.h"
#include "muster-notify-rate.h"
#include "muster-notify-waiting.h"

/* In one message. */
#define MAX_DIGEST 500

struct _MusterNotifyWaiting
{
  GPtrArray  *rows;    /* (owned) (element-type MusterNotification): oldest first */
  GHashTable *rates;   /* (owned) (element-type utf8 MusterNotifyRate): by recipient */
  gint64      room_at; /* monotonic: when the next may go out, or 0 */
};

MusterNotifyWaiting *
muster_notify_waiting_new (void)
{
  MusterNotifyWaiting *self = g_new0 (MusterNotifyWaiting, 1);

  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->rates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)muster_notify_rate_free);
  return self;
}

void
muster_notify_waiting_free (MusterNotifyWaiting *self)
{
  g_hash_table_unref (self->rates);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

GPtrArray *
muster_notify_waiting_get_rows (MusterNotifyWaiting *self)
{
  return self->rows;
}

GPtrArray *
muster_notify_waiting_list (MusterNotifyWaiting *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (all, g_object_ref (self->rows->pdata[i]));
  return all;
}

static int
find_waiting (MusterNotifyWaiting *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (muster_entity_get_id (self->rows->pdata[i]), id))
      return i;
  return -1;
}

void
muster_notify_waiting_remove (MusterNotifyWaiting *self, MusterEntity *notification)
{
  int index = find_waiting (self, muster_entity_get_id (notification));

  if (index >= 0)
    g_ptr_array_remove_index (self->rows, index);
}

void
muster_notify_waiting_put (MusterNotifyWaiting *self, MusterEntity *notification)
{
  guint i;

  muster_notify_waiting_remove (self, notification);
  for (i = self->rows->len; i > 0; i--)
    if (g_strcmp0 (muster_entity_get_id (self->rows->pdata[i - 1]),
                   muster_entity_get_id (notification)) < 0)
      break;
  g_ptr_array_insert (self->rows, i, g_object_ref (notification));
}

gint64
muster_notification_get_due (MusterEntity *notification)
{
  return muster_entity_is_null (notification, "next_at")
           ? G_MAXINT64
           : muster_entity_get_integer (notification, "next_at");
}

static const char *
get_recipient (MusterEntity *notification)
{
  const char *person = muster_entity_get_string (notification, "person_id");

  return person != NULL ? person : "";
}

static MusterNotifyRate *
get_rate (MusterNotifyWaiting *self, const char *recipient)
{
  MusterNotifyRate *rate = g_hash_table_lookup (self->rates, recipient);

  if (rate == NULL)
    {
      rate = muster_notify_rate_new ();
      g_hash_table_insert (self->rates, g_strdup (recipient), rate);
    }
  return rate;
}

/* Whether NOTIFICATION may go together with others. */
static gboolean
may_join (MusterEntity *notification)
{
  int kind = muster_entity_get_enum (notification, "kind");

  return kind == MUSTER_NOTIFICATION_RAISE || kind == MUSTER_NOTIFICATION_REPEAT ||
         kind == MUSTER_NOTIFICATION_RESOLVE;
}

/* Those for RECIPIENT that are due and may go together: (transfer full). */
static GPtrArray *
list_due (MusterNotifyWaiting *self, const char *recipient, gint64 now)
{
  GPtrArray *due = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len && due->len < MAX_DIGEST; i++)
    {
      MusterEntity *notification = self->rows->pdata[i];

      if (may_join (notification) && muster_notification_get_due (notification) <= now &&
          g_str_equal (get_recipient (notification), recipient))
        g_ptr_array_add (due, g_object_ref (notification));
    }
  return due;
}

GPtrArray *
muster_notify_waiting_choose (MusterNotifyWaiting *self,
                              MusterEntity        *channel,
                              gint64               now,
                              gint64               monotonic)
{
  gboolean is_siren = muster_entity_get_enum (channel, "kind") == MUSTER_CHANNEL_SIREN;
  unsigned limit = muster_entity_get_integer (channel, "digest_limit");
  g_autoptr (GHashTable) full = g_hash_table_new (g_str_hash, g_str_equal);

  self->room_at = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      MusterEntity      *notification = self->rows->pdata[i];
      const char        *recipient = get_recipient (notification);
      MusterNotifyChoice choice = MUSTER_NOTIFY_SINGLE;
      gint64             room_at = 0;
      g_autoptr (GPtrArray) due = NULL;

      if (muster_notification_get_due (notification) > now ||
          g_hash_table_contains (full, recipient))
        continue;
      if (may_join (notification) && !is_siren)
        {
          due = list_due (self, recipient, now);
          choice = muster_notify_rate_choose (get_rate (self, recipient), due->len, limit,
                                              monotonic, &room_at);
        }
      if (choice == MUSTER_NOTIFY_DIGEST)
        return g_steal_pointer (&due);
      if (choice == MUSTER_NOTIFY_SINGLE)
        {
          GPtrArray *one = g_ptr_array_new_with_free_func (g_object_unref);

          g_ptr_array_add (one, g_object_ref (notification));
          return one;
        }
      g_hash_table_add (full, (gpointer)recipient);
      self->room_at = self->room_at == 0 ? room_at : MIN (self->room_at, room_at);
    }
  return g_ptr_array_new_with_free_func (g_object_unref);
}

void
muster_notify_waiting_note_sent (MusterNotifyWaiting *self,
                                 MusterEntity        *notification,
                                 gint64               monotonic)
{
  muster_notify_rate_add (get_rate (self, get_recipient (notification)), monotonic);
}

gint64
muster_notify_waiting_get_next (MusterNotifyWaiting *self, gint64 now, gint64 monotonic)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->rows->len; i++)
    next = MIN (next, muster_notification_get_due (self->rows->pdata[i]));
  if (next < G_MAXINT64 && self->room_at > 0)
    next = MAX (next, now + self->room_at - monotonic);
  return next;
}
