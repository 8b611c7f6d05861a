/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-policy"

#include "config.h"

#include "muster-retention-policy.h"

static void
class_free (gpointer data)
{
  MusterRetentionRule *class = data;

  g_free (class->id);
  g_free (class->name);
  g_strfreev (class->patterns);
  g_free (class);
}

MusterRetentionPolicy *
muster_retention_policy_new (void)
{
  MusterRetentionPolicy *self = g_new0 (MusterRetentionPolicy, 1);

  g_atomic_ref_count_init (&self->count);
  self->classes = g_ptr_array_new_with_free_func (class_free);
  return self;
}

MusterRetentionPolicy *
muster_retention_policy_ref (MusterRetentionPolicy *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
muster_retention_policy_unref (MusterRetentionPolicy *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_ptr_array_unref (self->classes);
  g_free (self);
}

void
muster_retention_policy_add (MusterRetentionPolicy *self,
                             const char            *id,
                             const char            *name,
                             const char            *patterns,
                             const gint64          *days)
{
  MusterRetentionRule *class = g_new0 (MusterRetentionRule, 1);

  g_return_if_fail (self != NULL && name != NULL && patterns != NULL && days[0] != 0);

  class->id = g_strdup (id);
  class->name = g_strdup (name);
  class->patterns = g_strsplit (patterns, ",", -1);
  for (unsigned i = 0; class->patterns[i] != NULL; i++)
    g_strstrip (class->patterns[i]);
  memcpy (class->days, days, sizeof class->days);
  g_ptr_array_add (self->classes, class);
}

MusterRetentionPolicy *
muster_retention_policy_copy (const MusterRetentionPolicy *self, gint64 max_bytes)
{
  MusterRetentionPolicy *copy = muster_retention_policy_new ();

  copy->max_bytes = max_bytes;
  for (guint i = 0; i < self->classes->len; i++)
    {
      const MusterRetentionRule *rule = self->classes->pdata[i];
      g_autofree char           *patterns = g_strjoinv (",", rule->patterns);

      muster_retention_policy_add (copy, rule->id, rule->name, patterns, rule->days);
    }
  return copy;
}

gboolean
muster_retention_policy_has_limits (const MusterRetentionPolicy *self)
{
  for (guint i = 0; i < self->classes->len; i++)
    if (((MusterRetentionRule *)self->classes->pdata[i])->days[MUSTER_ROLLUP_RAW] !=
        MUSTER_RETENTION_FOR_EVER)
      return TRUE;
  return self->max_bytes > 0;
}

gboolean
muster_retention_policy_equal (const MusterRetentionPolicy *a, const MusterRetentionPolicy *b)
{
  if (a->max_bytes != b->max_bytes || a->classes->len != b->classes->len)
    return FALSE;
  for (guint i = 0; i < a->classes->len; i++)
    {
      const MusterRetentionRule *one = a->classes->pdata[i], *other = b->classes->pdata[i];

      if (memcmp (one->days, other->days, sizeof one->days) != 0 ||
          !g_strv_equal ((const char *const *)one->patterns, (const char *const *)other->patterns))
        return FALSE;
    }
  return TRUE;
}

/* --- limits --- */

static guint
find_class (const MusterRetentionPolicy *policy, const char *metric)
{
  for (guint i = 0; i < policy->classes->len; i++)
    {
      const MusterRetentionRule *class = policy->classes->pdata[i];

      for (unsigned k = 0; class->patterns[k] != NULL; k++)
        if (g_pattern_match_simple (class->patterns[k], metric))
          return i;
    }
  return policy->classes->len;
}

void
muster_retention_limits_init (MusterRetentionLimits *self,
                              MusterRetentionPolicy *policy,
                              MusterSampleTable     *table,
                              gint64                 now)
{
  *self = (MusterRetentionLimits){ .policy = muster_retention_policy_ref (policy),
                                   .today = MAX (0, now - now % MUSTER_DAY_USEC) };
  self->classes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_rw_lock_reader_lock (&table->lock);
  for (guint i = 0; i < table->metrics->len; i++)
    {
      const char *name = table->metrics->pdata[i];
      guint class = name != NULL ? find_class (policy, name) : policy->classes->len;

      g_array_append_val (self->classes, class);
    }
  g_rw_lock_reader_unlock (&table->lock);
}

void
muster_retention_limits_clear (MusterRetentionLimits *self)
{
  g_clear_pointer (&self->classes, g_array_unref);
  g_clear_pointer (&self->policy, muster_retention_policy_unref);
}

guint
muster_retention_limits_get_class (const MusterRetentionLimits *self, guint32 metric)
{
  return metric < self->classes->len ? g_array_index (self->classes, guint, metric)
                                     : self->policy->classes->len;
}

/* What is coarser is kept at least as long. */
static gint64
get_limit (const MusterRetentionLimits *self, guint class, MusterRollupLevel level)
{
  gint64 limit = 0;

  if (class < self->policy->classes->len)
    {
      const gint64 *days = ((MusterRetentionRule *)self->policy->classes->pdata[class])->days;

      limit = self->today;
      for (unsigned i = 0; i <= level; i++)
        {
          /* More than there are would not fit microseconds. */
          gint64 most = self->today / MUSTER_DAY_USEC;

          limit = days[i] == MUSTER_RETENTION_FOR_EVER || days[i] >= most
                    ? 0
                    : MIN (limit, self->today - days[i] * MUSTER_DAY_USEC);
        }
    }
  return MAX (limit, self->floors[level]);
}

gint64
muster_retention_limits_get (const MusterRetentionLimits *self,
                             guint32                      metric,
                             MusterRollupLevel            level)
{
  return get_limit (self, muster_retention_limits_get_class (self, metric), level);
}

gint64
muster_retention_limits_get_earliest (const MusterRetentionLimits *self, MusterRollupLevel level)
{
  gint64 earliest = 0;

  for (guint i = 0; i < self->policy->classes->len; i++)
    {
      gint64 limit = get_limit (self, i, level);

      if (limit > 0 && (earliest == 0 || limit < earliest))
        earliest = limit;
    }
  return earliest;
}

gint64
muster_retention_limits_get_latest (const MusterRetentionLimits *self, MusterRollupLevel level)
{
  gint64 latest = 0;

  for (guint i = 0; i <= self->policy->classes->len; i++)
    latest = MAX (latest, get_limit (self, i, level));
  return latest;
}
