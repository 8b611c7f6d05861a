/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-node"

#include "config.h"

#include <string.h>

#include "muster-sparkplug-node.h"

/* --- sequence --- */

void
muster_sparkplug_sequence_reset (MusterSparkplugSequence *self, int next)
{
  *self = (MusterSparkplugSequence){ .expected = next < 0 ? -1 : next & 0xff };
}

static gboolean
sequence_is_missing (MusterSparkplugSequence *self, int seq)
{
  return (self->missing[seq / 64] >> (seq % 64)) & 1;
}

MusterSparkplugOrder
muster_sparkplug_sequence_take (MusterSparkplugSequence *self, int seq)
{
  int ahead;

  g_assert (seq >= 0 && seq <= 255);

  if (self->expected < 0)
    self->expected = seq;
  if (self->n_missing > 0 && sequence_is_missing (self, seq))
    {
      self->missing[seq / 64] &= ~((guint64)1 << (seq % 64));
      self->n_missing--;
      return MUSTER_SPARKPLUG_LATE;
    }
  ahead = (seq - self->expected) & 0xff;
  if (ahead >= 128)
    return MUSTER_SPARKPLUG_ODD;
  for (int i = 0; i < ahead; i++)
    {
      int late = (self->expected + i) & 0xff;

      self->n_missing += !sequence_is_missing (self, late);
      self->missing[late / 64] |= (guint64)1 << (late % 64);
    }
  self->expected = (seq + 1) & 0xff;
  return ahead == 0 ? MUSTER_SPARKPLUG_IN_ORDER : MUSTER_SPARKPLUG_AHEAD;
}

/* --- metrics --- */

static void
member_clear (MusterSparkplugMember *self)
{
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->by_alias, g_hash_table_unref);
  g_clear_pointer (&self->metrics, g_free);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  self->n_metrics = 0;
}

static void
member_free (gpointer data)
{
  MusterSparkplugMember *self = data;

  member_clear (self);
  g_free (self->id);
  g_free (self);
}

static const char *
member_keep (MusterSparkplugMember *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

static void
member_add (MusterSparkplugMember *self, const MusterSparkplugMetric *metric)
{
  MusterSparkplugMetricInfo *info = g_hash_table_lookup (self->by_name, metric->name);

  if (info == NULL)
    info = &self->metrics[self->n_metrics++];
  *info = (MusterSparkplugMetricInfo){
    .name = member_keep (self, metric->name),
    .datatype = metric->datatype,
    .unit = member_keep (self, metric->unit),
    .description = member_keep (self, metric->description),
    .minimum = metric->minimum,
    .maximum = metric->maximum,
    .alias = metric->alias,
    .has_alias = metric->has_alias,
    .writable = !metric->has_read_only || !metric->read_only,
  };
  g_hash_table_insert (self->by_name, (gpointer)info->name, info);
  if (info->has_alias)
    g_hash_table_insert (self->by_alias, &info->alias, info);
}

unsigned
muster_sparkplug_member_adopt (MusterSparkplugMember  *self,
                               MusterSparkplugPayload *birth,
                               unsigned                max_metrics)
{
  unsigned left_out = 0;

  member_clear (self);
  self->texts = g_string_chunk_new (256);
  self->metrics = g_new0 (MusterSparkplugMetricInfo, MAX (1, MIN (birth->n_metrics, max_metrics)));
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_alias = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (unsigned i = 0; i < birth->n_metrics; i++)
    {
      const MusterSparkplugMetric *metric = &birth->metrics[i];

      if (metric->name == NULL ||
          (self->n_metrics == max_metrics && !g_hash_table_contains (self->by_name, metric->name)))
        left_out++;
      else if (strcmp (metric->name, "bdSeq") != 0)
        member_add (self, metric);
    }
  return left_out;
}

const MusterSparkplugMetricInfo *
muster_sparkplug_member_find (MusterSparkplugMember *self, const MusterSparkplugMetric *metric)
{
  if (self->by_name == NULL)
    return NULL;
  if (metric->name != NULL)
    return g_hash_table_lookup (self->by_name, metric->name);
  return metric->has_alias ? g_hash_table_lookup (self->by_alias, &metric->alias) : NULL;
}

/* --- nodes --- */

MusterSparkplugNode *
muster_sparkplug_node_new (const char *group, const char *node)
{
  MusterSparkplugNode *self = g_new0 (MusterSparkplugNode, 1);

  self->group = g_strdup (group);
  self->node = g_strdup (node);
  self->bd_seq = self->born_at = self->rebirth_asked_at = -1;
  self->reorder_deadline = self->doubt_deadline = self->awaited_deadline = self->rebirth_deadline =
    -1;
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
  muster_sparkplug_sequence_reset (&self->sequence, -1);
  return self;
}

void
muster_sparkplug_node_free (MusterSparkplugNode *self)
{
  member_clear (&self->self);
  g_hash_table_unref (self->devices);
  g_free (self->group);
  g_free (self->node);
  g_free (self);
}

gint64
muster_sparkplug_node_get_deadline (MusterSparkplugNode *self)
{
  const gint64 deadlines[] = { self->reorder_deadline, self->doubt_deadline, self->awaited_deadline,
                               self->rebirth_deadline };
  gint64       first = -1;

  for (unsigned i = 0; i < G_N_ELEMENTS (deadlines); i++)
    if (deadlines[i] >= 0 && (first < 0 || deadlines[i] < first))
      first = deadlines[i];
  return first;
}

MusterSparkplugMember *
muster_sparkplug_node_get_member (MusterSparkplugNode *self,
                                  const char          *device,
                                  gboolean             create,
                                  unsigned             max)
{
  MusterSparkplugMember *member;

  if (device == NULL)
    return &self->self;
  member = g_hash_table_lookup (self->devices, device);
  if (member != NULL || !create || g_hash_table_size (self->devices) >= max)
    return member;
  member = g_new0 (MusterSparkplugMember, 1);
  member->id = g_strdup (device);
  g_hash_table_insert (self->devices, member->id, member);
  return member;
}

unsigned
muster_sparkplug_node_get_room (MusterSparkplugNode   *self,
                                MusterSparkplugMember *member,
                                unsigned               max)
{
  unsigned       others = member == &self->self ? 0 : self->self.n_metrics;
  GHashTableIter iter;
  gpointer       device;

  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, NULL, &device))
    if (device != member)
      others += ((MusterSparkplugMember *)device)->n_metrics;
  return others < max ? max - others : 0;
}
