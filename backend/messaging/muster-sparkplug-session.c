/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-session"

#include "config.h"

#include <string.h>

#include "muster-sparkplug-node.h"
#include "muster-sparkplug-session.h"

struct _MusterSparkplugSession
{
  GObject parent_instance;

  MusterClock                   *clock; /* (owned) */
  MusterSparkplugOptions         options;
  const MusterSparkplugListener *listener;
  gpointer                       user_data;

  GHashTable           *nodes;   /* "group/node" -> MusterSparkplugNode (owned) */
  GHashTable           *timed;   /* set of nodes with a deadline */
  GArray               *samples; /* of the message at hand */
  GStringChunk         *texts;   /* of those samples */
  MusterSparkplugCounts counts;
};

G_DEFINE_FINAL_TYPE (MusterSparkplugSession, muster_sparkplug_session, G_TYPE_OBJECT)

static void
muster_sparkplug_session_finalize (GObject *object)
{
  MusterSparkplugSession *self = MUSTER_SPARKPLUG_SESSION (object);

  g_hash_table_unref (self->timed);
  g_hash_table_unref (self->nodes);
  g_array_unref (self->samples);
  g_string_chunk_free (self->texts);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_sparkplug_session_parent_class)->finalize (object);
}

static void
muster_sparkplug_session_class_init (MusterSparkplugSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_sparkplug_session_finalize;
}

static void
muster_sparkplug_session_init (MusterSparkplugSession *self)
{
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)muster_sparkplug_node_free);
  self->timed = g_hash_table_new (NULL, NULL);
  self->samples = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  self->texts = g_string_chunk_new (4096);
}

MusterSparkplugSession *
muster_sparkplug_session_new (MusterClock                   *clock,
                              const MusterSparkplugOptions  *options,
                              const MusterSparkplugListener *listener,
                              gpointer                       user_data)
{
  static const MusterSparkplugOptions defaults = MUSTER_SPARKPLUG_OPTIONS_DEFAULT;
  MusterSparkplugSession             *self;

  g_return_val_if_fail (MUSTER_IS_CLOCK (clock) && listener != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SPARKPLUG_SESSION, NULL);
  self->clock = g_object_ref (clock);
  self->options = options != NULL ? *options : defaults;
  self->listener = listener;
  self->user_data = user_data;
  return self;
}

/* --- nodes and their timers --- */

static gint64
now_monotonic (MusterSparkplugSession *self)
{
  return muster_clock_get_monotonic (self->clock);
}

static MusterSparkplugNode *
find_node (MusterSparkplugSession *self, const char *group, const char *node, gboolean create)
{
  char                 key[2 * (MUSTER_SPARKPLUG_MAX_ID + 1)];
  MusterSparkplugNode *found;

  g_snprintf (key, sizeof key, "%s/%s", group, node);
  found = g_hash_table_lookup (self->nodes, key);
  if (found != NULL || !create || g_hash_table_size (self->nodes) >= self->options.max_nodes)
    return found;
  found = muster_sparkplug_node_new (group, node);
  g_hash_table_insert (self->nodes, g_strdup (key), found);
  return found;
}

static void
update_timer (MusterSparkplugSession *self, MusterSparkplugNode *node)
{
  if (muster_sparkplug_node_get_deadline (node) >= 0)
    g_hash_table_add (self->timed, node);
  else
    g_hash_table_remove (self->timed, node);
}

static void
clear_timers (MusterSparkplugNode *node)
{
  node->reorder_deadline = node->doubt_deadline = node->awaited_deadline = node->rebirth_deadline =
    -1;
}

/* --- what listeners are told --- */

static MusterSparkplugSource
source_of (MusterSparkplugNode *node, MusterSparkplugMember *member)
{
  return (MusterSparkplugSource){ node->group, node->node, member->id };
}

static void
tell_birth (MusterSparkplugSession *self,
            MusterSparkplugNode    *node,
            MusterSparkplugMember  *member,
            gint64                  time,
            gboolean                rebirth)
{
  MusterSparkplugSource source = source_of (node, member);

  if (self->listener->birth != NULL)
    self->listener->birth (&source, member->metrics, member->n_metrics, time, rebirth,
                           self->user_data);
}

static void
tell_death (MusterSparkplugSession *self,
            MusterSparkplugNode    *node,
            MusterSparkplugMember  *member,
            MusterSparkplugDeath    why,
            gint64                  time)
{
  MusterSparkplugSource source = source_of (node, member);

  if (!member->online && !member->awaited)
    return;
  member->online = member->awaited = FALSE;
  if (self->listener->death != NULL)
    self->listener->death (&source, why, time, self->user_data);
}

/* The node and, before it, every device behind it. */
static void
tell_node_death (MusterSparkplugSession *self, MusterSparkplugNode *node, MusterSparkplugDeath why)
{
  gint64         time = muster_clock_get_now (self->clock);
  GHashTableIter iter;
  gpointer       member;

  g_hash_table_iter_init (&iter, node->devices);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    tell_death (self, node, member, why, time);
  tell_death (self, node, &node->self, why, time);
  clear_timers (node);
  node->rebirth_pending = FALSE;
  update_timer (self, node);
}

static void
ask_rebirth_now (MusterSparkplugSession *self, MusterSparkplugNode *node, const char *why)
{
  MusterSparkplugSource source = { node->group, node->node, NULL };

  node->rebirth_deadline = -1;
  node->rebirth_asked_at = now_monotonic (self);
  node->rebirth_pending = TRUE;
  self->counts.rebirths++;
  g_debug ("%s/%s is asked for a rebirth: %s", node->group, node->node, why);
  if (self->listener->rebirth_wanted != NULL)
    self->listener->rebirth_wanted (&source, why, self->user_data);
}

/* At once, or when the last request was long enough ago. */
static void
ask_rebirth (MusterSparkplugSession *self, MusterSparkplugNode *node, const char *why)
{
  gint64 earliest =
    node->rebirth_asked_at < 0 ? -1 : node->rebirth_asked_at + self->options.rebirth_interval;

  if (now_monotonic (self) >= earliest)
    ask_rebirth_now (self, node, why);
  else
    node->rebirth_deadline = earliest;
  update_timer (self, node);
}

static void
add_sample (MusterSparkplugSession          *self,
            const MusterSparkplugMetricInfo *info,
            const MusterSparkplugMetric     *metric,
            gint64                           time)
{
  MusterSparkplugDatatype datatype =
    info->datatype != MUSTER_SPARKPLUG_UNKNOWN ? info->datatype : metric->datatype;
  MusterSample sample;

  if (strcmp (info->name, "Node Control/Rebirth") == 0)
    return;
  if (!muster_sparkplug_metric_read (metric, datatype, self->texts, &sample))
    {
      self->counts.malformed++;
      return;
    }
  sample.metric = info->name;
  sample.time = metric->time > 0 ? metric->time : time;
  g_array_append_val (self->samples, sample);
}

/* Hands on what PAYLOAD says of MEMBER. FALSE: it names metrics that the birth did not. */
static gboolean
tell_data (MusterSparkplugSession *self,
           MusterSparkplugNode    *node,
           MusterSparkplugMember  *member,
           MusterSparkplugPayload *payload,
           gint64                  time)
{
  MusterSparkplugSource source = source_of (node, member);
  guint64               unknown = 0;

  g_array_set_size (self->samples, 0);
  g_string_chunk_clear (self->texts);
  for (unsigned i = 0; i < payload->n_metrics; i++)
    {
      const MusterSparkplugMetricInfo *info =
        muster_sparkplug_member_find (member, &payload->metrics[i]);

      if (info != NULL)
        add_sample (self, info, &payload->metrics[i], time);
      else
        unknown += g_strcmp0 (payload->metrics[i].name, "bdSeq") != 0;
    }
  self->counts.unknown += unknown;
  self->counts.samples += self->samples->len;
  if (self->samples->len > 0 && self->listener->data != NULL)
    self->listener->data (&source, (const MusterSample *)(gpointer)self->samples->data,
                          self->samples->len, self->user_data);
  return unknown == 0;
}

/* --- messages --- */

static gint64
find_bd_seq (MusterSparkplugPayload *payload)
{
  gint64 value;

  for (unsigned i = 0; i < payload->n_metrics; i++)
    if (g_strcmp0 (payload->metrics[i].name, "bdSeq") == 0 &&
        muster_sparkplug_metric_get_integer (&payload->metrics[i], &value))
      return value & 0xff;
  return -1;
}

static gint64
time_of (MusterSparkplugSession *self, MusterSparkplugPayload *payload)
{
  return payload->time > 0 ? payload->time : muster_clock_get_now (self->clock);
}

static void
await_devices (MusterSparkplugSession *self, MusterSparkplugNode *node)
{
  GHashTableIter         iter;
  MusterSparkplugMember *member;

  g_hash_table_iter_init (&iter, node->devices);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&member))
    {
      member->awaited |= member->online;
      member->online = FALSE;
      if (member->awaited)
        node->awaited_deadline = now_monotonic (self) + self->options.reorder_timeout;
    }
}

static void
handle_node_birth (MusterSparkplugSession *self,
                   MusterSparkplugNode    *node,
                   MusterSparkplugPayload *payload)
{
  gboolean was_online = node->self.online;
  gint64   bd_seq = find_bd_seq (payload);
  gint64   time = time_of (self, payload);

  /* Our own request was answered: the same session, so a death that follows is its own. */
  node->bd_seq_constant = node->born_at >= 0 && !node->rebirth_pending && bd_seq == node->bd_seq;
  node->bd_seq = bd_seq;
  node->born_at = now_monotonic (self);
  node->rebirth_pending = FALSE;
  clear_timers (node);
  muster_sparkplug_sequence_reset (&node->sequence, payload->seq < 0 ? -1 : payload->seq + 1);
  self->counts.unknown +=
    muster_sparkplug_member_adopt (&node->self, payload,
                                   muster_sparkplug_node_get_room (node, &node->self,
                                                                   self->options.max_metrics));
  node->self.online = TRUE;
  await_devices (self, node);
  tell_birth (self, node, &node->self, time, was_online);
  tell_data (self, node, &node->self, payload, time);
}

static gboolean
death_is_doubtful (MusterSparkplugSession *self, MusterSparkplugNode *node, gint64 bd_seq)
{
  if (bd_seq < 0 && node->bd_seq >= 0)
    return TRUE;
  return node->bd_seq_constant &&
         now_monotonic (self) - node->born_at <= self->options.doubtful_death;
}

static void
handle_node_death (MusterSparkplugSession *self,
                   MusterSparkplugNode    *node,
                   MusterSparkplugPayload *payload)
{
  gint64 bd_seq = find_bd_seq (payload);

  if (!node->self.online || (bd_seq >= 0 && bd_seq != node->bd_seq))
    {
      self->counts.ignored++;
      return;
    }
  if (!death_is_doubtful (self, node, bd_seq))
    {
      tell_node_death (self, node, MUSTER_SPARKPLUG_DEATH_NODE);
      return;
    }
  node->doubt_deadline = now_monotonic (self) + self->options.doubt_timeout;
  ask_rebirth_now (self, node, "a death that may be of its former session");
}

static void
check_sequence (MusterSparkplugSession *self,
                MusterSparkplugNode    *node,
                MusterSparkplugPayload *payload)
{
  if (payload->seq < 0)
    return;
  switch (muster_sparkplug_sequence_take (&node->sequence, payload->seq))
    {
    case MUSTER_SPARKPLUG_IN_ORDER:
      break;
    case MUSTER_SPARKPLUG_LATE:
      if (node->sequence.n_missing == 0)
        node->reorder_deadline = -1;
      break;
    case MUSTER_SPARKPLUG_AHEAD:
    case MUSTER_SPARKPLUG_ODD:
      self->counts.gaps++;
      if (node->reorder_deadline < 0)
        node->reorder_deadline = now_monotonic (self) + self->options.reorder_timeout;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
handle_device_birth (MusterSparkplugSession *self,
                     MusterSparkplugNode    *node,
                     const char             *device,
                     MusterSparkplugPayload *payload)
{
  MusterSparkplugMember *member =
    muster_sparkplug_node_get_member (node, device, TRUE, self->options.max_devices);
  gint64   time = time_of (self, payload);
  gboolean was_online;

  if (member == NULL)
    {
      self->counts.ignored++;
      return;
    }
  was_online = member->online || member->awaited;
  self->counts.unknown += muster_sparkplug_member_adopt (
    member, payload, muster_sparkplug_node_get_room (node, member, self->options.max_metrics));
  member->online = TRUE;
  member->awaited = FALSE;
  tell_birth (self, node, member, time, was_online);
  tell_data (self, node, member, payload, time);
}

static void
handle_data (MusterSparkplugSession *self,
             MusterSparkplugNode    *node,
             const char             *device,
             MusterSparkplugPayload *payload)
{
  MusterSparkplugMember *member = muster_sparkplug_node_get_member (node, device, FALSE, 0);

  if (member == NULL || !member->online)
    {
      self->counts.ignored++;
      ask_rebirth (self, node, "data of a device that was not born");
    }
  else if (!tell_data (self, node, member, payload, time_of (self, payload)))
    ask_rebirth (self, node, "data of metrics that its birth did not name");
}

static void
handle_device_death (MusterSparkplugSession *self,
                     MusterSparkplugNode    *node,
                     const char             *device,
                     MusterSparkplugPayload *payload)
{
  MusterSparkplugMember *member = muster_sparkplug_node_get_member (node, device, FALSE, 0);

  if (member != NULL)
    tell_death (self, node, member, MUSTER_SPARKPLUG_DEATH_DEVICE, time_of (self, payload));
}

/* Anything but the births and deaths of nodes: counts only from a node that was born, and proves
 * that it lives. */
static void
handle_in_sequence (MusterSparkplugSession     *self,
                    MusterSparkplugNode        *node,
                    const MusterSparkplugTopic *topic,
                    MusterSparkplugPayload     *payload)
{
  if (!node->self.online)
    {
      self->counts.ignored++;
      ask_rebirth (self, node, "a message of a node that was not born");
      return;
    }
  node->doubt_deadline = -1;
  check_sequence (self, node, payload);
  if (topic->message == MUSTER_SPARKPLUG_DBIRTH)
    handle_device_birth (self, node, topic->device, payload);
  else if (topic->message == MUSTER_SPARKPLUG_DDEATH)
    handle_device_death (self, node, topic->device, payload);
  else
    handle_data (self, node, topic->device, payload);
}

static void
handle_payload (MusterSparkplugSession     *self,
                MusterSparkplugNode        *node,
                const MusterSparkplugTopic *topic,
                MusterSparkplugPayload     *payload)
{
  if (topic->message == MUSTER_SPARKPLUG_NBIRTH)
    handle_node_birth (self, node, payload);
  else if (topic->message == MUSTER_SPARKPLUG_NDEATH)
    handle_node_death (self, node, payload);
  else
    handle_in_sequence (self, node, topic, payload);
  update_timer (self, node);
}

static gboolean
is_for_hosts (MusterSparkplugMessage message)
{
  return message != MUSTER_SPARKPLUG_STATE && message != MUSTER_SPARKPLUG_NCMD &&
         message != MUSTER_SPARKPLUG_DCMD;
}

void
muster_sparkplug_session_handle (MusterSparkplugSession *self,
                                 const char             *topic_text,
                                 const guint8           *data,
                                 gsize                   size)
{
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  g_autoptr (GError) error = NULL;
  MusterSparkplugTopic topic;
  MusterSparkplugNode *node;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self) && topic_text != NULL);

  if (!muster_sparkplug_topic_parse (&topic, topic_text))
    {
      self->counts.malformed++;
      return;
    }
  if (!is_for_hosts (topic.message))
    return;
  self->counts.messages++;
  node = find_node (self, topic.group, topic.node, topic.message != MUSTER_SPARKPLUG_NDEATH);
  if (node == NULL)
    {
      self->counts.ignored++;
      return;
    }
  payload = muster_sparkplug_payload_decode (data, size, &error);
  if (payload != NULL)
    {
      handle_payload (self, node, &topic, payload);
      return;
    }
  g_debug ("%s: %s", topic_text, error->message);
  self->counts.malformed++;
  ask_rebirth (self, node, "a payload that cannot be read");
}

/* --- time --- */

static gboolean
is_due (gint64 *deadline, gint64 now)
{
  if (*deadline < 0 || *deadline > now)
    return FALSE;
  *deadline = -1;
  return TRUE;
}

static void
drop_awaited (MusterSparkplugSession *self, MusterSparkplugNode *node)
{
  GHashTableIter iter;
  gpointer       member;

  g_hash_table_iter_init (&iter, node->devices);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    if (((MusterSparkplugMember *)member)->awaited)
      tell_death (self, node, member, MUSTER_SPARKPLUG_DEATH_NOT_REBORN,
                  muster_clock_get_now (self->clock));
}

static void
tick_node (MusterSparkplugSession *self, MusterSparkplugNode *node, gint64 now)
{
  if (is_due (&node->doubt_deadline, now))
    tell_node_death (self, node, MUSTER_SPARKPLUG_DEATH_NODE);
  if (is_due (&node->awaited_deadline, now))
    drop_awaited (self, node);
  if (is_due (&node->reorder_deadline, now))
    {
      muster_sparkplug_sequence_reset (&node->sequence, node->sequence.expected);
      ask_rebirth (self, node, "messages are missing");
    }
  if (is_due (&node->rebirth_deadline, now))
    ask_rebirth_now (self, node, "still no birth");
  update_timer (self, node);
}

gint64
muster_sparkplug_session_get_deadline (MusterSparkplugSession *self)
{
  gint64         first = -1;
  GHashTableIter iter;
  gpointer       node;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self), -1);

  g_hash_table_iter_init (&iter, self->timed);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    {
      gint64 deadline = muster_sparkplug_node_get_deadline (node);

      if (first < 0 || deadline < first)
        first = deadline;
    }
  return first;
}

void
muster_sparkplug_session_tick (MusterSparkplugSession *self)
{
  g_autoptr (GPtrArray) nodes = NULL;
  gint64 now;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self));

  now = now_monotonic (self);
  nodes = g_hash_table_get_keys_as_ptr_array (self->timed);
  for (guint i = 0; i < nodes->len; i++)
    if (g_hash_table_contains (self->timed, nodes->pdata[i]))
      tick_node (self, nodes->pdata[i], now);
}

void
muster_sparkplug_session_disconnect (MusterSparkplugSession *self)
{
  g_autoptr (GPtrArray) nodes = NULL;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self));

  nodes = g_hash_table_get_values_as_ptr_array (self->nodes);
  for (guint i = 0; i < nodes->len; i++)
    tell_node_death (self, nodes->pdata[i], MUSTER_SPARKPLUG_DEATH_DISCONNECTED);
}

void
muster_sparkplug_session_reconnect (MusterSparkplugSession *self)
{
  GHashTableIter       iter;
  MusterSparkplugNode *node;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self));

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&node))
    if (node->born_at >= 0 && !node->self.online)
      {
        node->rebirth_deadline = now_monotonic (self) + self->options.reorder_timeout;
        update_timer (self, node);
      }
}

void
muster_sparkplug_session_forget (MusterSparkplugSession *self, const char *group, const char *node)
{
  MusterSparkplugNode *found;
  g_autofree char     *key = NULL;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self) && group != NULL && node != NULL);

  found = find_node (self, group, node, FALSE);
  if (found == NULL)
    return;
  key = g_strdup_printf ("%s/%s", group, node);
  g_hash_table_remove (self->timed, found);
  g_hash_table_remove (self->nodes, key);
}

/* --- questions --- */

static MusterSparkplugMember *
find_member (MusterSparkplugSession *self, const MusterSparkplugSource *source)
{
  MusterSparkplugNode *node = find_node (self, source->group, source->node, FALSE);

  return node != NULL ? muster_sparkplug_node_get_member (node, source->device, FALSE, 0) : NULL;
}

gboolean
muster_sparkplug_session_is_online (MusterSparkplugSession      *self,
                                    const MusterSparkplugSource *source)
{
  MusterSparkplugMember *member;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self) && source != NULL, FALSE);

  member = find_member (self, source);
  return member != NULL && member->online;
}

const MusterSparkplugMetricInfo *
muster_sparkplug_session_get_metric (MusterSparkplugSession      *self,
                                     const MusterSparkplugSource *source,
                                     const char                  *name)
{
  MusterSparkplugMember *member;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self) && source != NULL && name != NULL, NULL);

  member = find_member (self, source);
  return member != NULL
           ? muster_sparkplug_member_find (member, &(MusterSparkplugMetric){ .name = name })
           : NULL;
}

const MusterSparkplugMetricInfo *
muster_sparkplug_session_get_metrics (MusterSparkplugSession      *self,
                                      const MusterSparkplugSource *source,
                                      unsigned                    *n_metrics)
{
  MusterSparkplugMember *member;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self) && source != NULL && n_metrics != NULL,
                        NULL);

  member = find_member (self, source);
  *n_metrics = member != NULL ? member->n_metrics : 0;
  return member != NULL ? member->metrics : NULL;
}

const MusterSparkplugCounts *
muster_sparkplug_session_get_counts (MusterSparkplugSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_SESSION (self), NULL);

  return &self->counts;
}
