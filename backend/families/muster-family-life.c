/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-life"

#include "config.h"

#include "muster-family-life.h"

#define SILENT_PERIODS 3
#define TIMEOUT_MIN (30 * G_TIME_SPAN_SECOND)
#define TIMEOUT_UNKNOWN G_TIME_SPAN_HOUR /* while the period is not known */
#define BURST G_TIME_SPAN_SECOND         /* values so close together are one */

typedef struct
{
  char                *name;
  char                *group;
  MusterFamilyLifeMode mode;
  MusterLiveState      state;
  guint64              order; /* of its last word */
} Source;

struct _MusterFamilyLife
{
  GPtrArray      *sources; /* (owned) (element-type Source) */
  guint64         n_words;
  gint64          value_at; /* 0: none yet */
  gint64          period;   /* 0: not known */
  gint64          expiry;
  MusterLiveState parent;
  MusterLiveState state;
  const char     *reason;
};

static void
source_free (gpointer data)
{
  Source *self = data;

  g_free (self->name);
  g_free (self->group);
  g_free (self);
}

MusterFamilyLife *
muster_family_life_new (void)
{
  MusterFamilyLife *self = g_new0 (MusterFamilyLife, 1);

  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->reason = "nothing was heard yet";
  return self;
}

void
muster_family_life_free (MusterFamilyLife *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->sources);
  g_free (self);
}

static Source *
find_source (MusterFamilyLife *self, const char *name)
{
  for (guint i = 0; i < self->sources->len; i++)
    if (g_str_equal (((Source *)self->sources->pdata[i])->name, name))
      return self->sources->pdata[i];
  return NULL;
}

void
muster_family_life_add_source (MusterFamilyLife    *self,
                               const char          *source,
                               const char          *group,
                               MusterFamilyLifeMode mode)
{
  Source *found = NULL;

  g_return_if_fail (self != NULL && source != NULL && group != NULL);

  found = find_source (self, source);
  if (found == NULL)
    {
      found = g_new0 (Source, 1);
      found->name = g_strdup (source);
      g_ptr_array_add (self->sources, found);
    }
  g_set_str (&found->group, group);
  found->mode = mode;
}

void
muster_family_life_remove_source (MusterFamilyLife *self, const char *source)
{
  Source *found = NULL;

  g_return_if_fail (self != NULL && source != NULL);

  found = find_source (self, source);
  if (found != NULL)
    g_ptr_array_remove (self->sources, found);
}

void
muster_family_life_note_word (MusterFamilyLife *self, const char *source, gboolean online)
{
  Source *found = NULL;

  g_return_if_fail (self != NULL && source != NULL);

  found = find_source (self, source);
  if (found == NULL)
    return;
  found->state = online ? MUSTER_LIVE_ONLINE : MUSTER_LIVE_OFFLINE;
  found->order = ++self->n_words;
}

void
muster_family_life_note_value (MusterFamilyLife *self, gint64 monotonic)
{
  gint64 interval = 0;

  g_return_if_fail (self != NULL);

  interval = monotonic - self->value_at;
  if (self->value_at != 0 && interval >= BURST)
    /* It grows at once, as what is early says nothing of what is late, and shrinks slowly. */
    self->period = MAX (interval, self->period - (self->period - interval) / 10);
  if (self->value_at == 0 || interval >= BURST)
    self->value_at = monotonic;
}

void
muster_family_life_set_expiry (MusterFamilyLife *self, gint64 expiry)
{
  g_return_if_fail (self != NULL && expiry >= 0);

  self->expiry = expiry;
}

void
muster_family_life_set_parent (MusterFamilyLife *self, MusterLiveState state)
{
  g_return_if_fail (self != NULL);

  self->parent = state;
}

void
muster_family_life_reset (MusterFamilyLife *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->sources->len; i++)
    ((Source *)self->sources->pdata[i])->state = MUSTER_LIVE_UNKNOWN;
  self->value_at = 0;
  self->state = MUSTER_LIVE_UNKNOWN;
  self->reason = "there is no connection to the broker";
}

/* --- conclusions --- */

/* What the sources of GROUP say together. */
static MusterLiveState
judge_group (const MusterFamilyLife *self, const Source *first)
{
  unsigned        n = 0, n_online = 0, n_offline = 0;
  guint64         order = 0;
  MusterLiveState latest = MUSTER_LIVE_UNKNOWN;

  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source *source = self->sources->pdata[i];

      if (!g_str_equal (source->group, first->group))
        continue;
      n++;
      n_online += source->state == MUSTER_LIVE_ONLINE;
      n_offline += source->state == MUSTER_LIVE_OFFLINE;
      if (source->state != MUSTER_LIVE_UNKNOWN && source->order > order)
        {
          order = source->order;
          latest = source->state;
        }
    }
  if (first->mode == MUSTER_FAMILY_LIFE_LATEST)
    return latest;
  if (first->mode == MUSTER_FAMILY_LIFE_ANY)
    return n_online > 0     ? MUSTER_LIVE_ONLINE
           : n_offline == n ? MUSTER_LIVE_OFFLINE
                            : MUSTER_LIVE_UNKNOWN;
  return n_offline > 0   ? MUSTER_LIVE_OFFLINE
         : n_online == n ? MUSTER_LIVE_ONLINE
                         : MUSTER_LIVE_UNKNOWN;
}

static MusterLiveState
judge_words (const MusterFamilyLife *self)
{
  MusterLiveState state = MUSTER_LIVE_UNKNOWN;

  for (guint i = 0; i < self->sources->len; i++)
    {
      MusterLiveState group = judge_group (self, self->sources->pdata[i]);

      if (group == MUSTER_LIVE_ONLINE)
        return group;
      if (group == MUSTER_LIVE_OFFLINE)
        state = group;
    }
  return state;
}

static gint64
get_timeout (const MusterFamilyLife *self)
{
  if (self->expiry > 0)
    return self->expiry;
  return self->period > 0 ? MAX (SILENT_PERIODS * self->period, TIMEOUT_MIN) : TIMEOUT_UNKNOWN;
}

static MusterLiveState
judge (const MusterFamilyLife *self, gint64 monotonic, const char **reason)
{
  MusterLiveState words = judge_words (self);
  gboolean is_silent = self->value_at != 0 && monotonic - self->value_at > get_timeout (self);

  if (self->parent == MUSTER_LIVE_OFFLINE)
    {
      *reason = "what it is connected through is offline";
      return MUSTER_LIVE_OFFLINE;
    }
  if (words == MUSTER_LIVE_OFFLINE)
    {
      *reason = "its session with the broker ended";
      return words;
    }
  if (is_silent && (words == MUSTER_LIVE_UNKNOWN || self->expiry > 0))
    {
      *reason = "it has been silent for too long";
      return MUSTER_LIVE_OFFLINE;
    }
  if (words == MUSTER_LIVE_ONLINE)
    {
      *reason = "it says that it is there";
      return words;
    }
  *reason = self->value_at != 0 ? "it sends values" : "nothing was heard yet";
  return self->value_at != 0 ? MUSTER_LIVE_ONLINE : MUSTER_LIVE_UNKNOWN;
}

gboolean
muster_family_life_update (MusterFamilyLife *self, gint64 monotonic)
{
  MusterLiveState state = MUSTER_LIVE_UNKNOWN;
  gboolean        changed = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  state = judge (self, monotonic, &self->reason);
  changed = state != self->state;
  self->state = state;
  return changed;
}

MusterLiveState
muster_family_life_get_state (const MusterFamilyLife *self)
{
  g_return_val_if_fail (self != NULL, MUSTER_LIVE_UNKNOWN);

  return self->state;
}

const char *
muster_family_life_get_reason (const MusterFamilyLife *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reason;
}
