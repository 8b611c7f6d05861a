/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-plan"

#include "config.h"

#include "muster-derived-plan.h"

struct _MusterDerivedPlan
{
  GArray     *items; /* (owned) (element-type MusterDerivedItem) */
  GPtrArray  *names; /* (owned) (element-type utf8): of the slots */
  GHashTable *slots; /* (owned) borrowed name → slot */
  GPtrArray  *units; /* (owned) (element-type utf8) */
  guint8     *is_output;
};

static void
plan_clear (gpointer data)
{
  MusterDerivedPlan *self = data;

  g_array_unref (self->items);
  g_hash_table_unref (self->slots);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->units);
  g_free (self->is_output);
}

static void
item_clear (gpointer data)
{
  muster_expression_free (((MusterDerivedItem *)data)->expression);
}

/* A derived metric on its way into the order. */
typedef struct
{
  MusterEntity     *record;     /* borrowed */
  MusterExpression *expression; /* (owned) (nullable): in the plan already */
} Candidate;

static void
candidate_clear (gpointer data)
{
  muster_expression_free (((Candidate *)data)->expression);
}

/* The names that count: (element-type Candidate). */
static GArray *
choose (GPtrArray *records)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  g_array_set_clear_func (candidates, candidate_clear);
  for (guint i = 0; i < records->len; i++)
    {
      const char *name = muster_entity_get_string (records->pdata[i], "name");
      Candidate   candidate = { records->pdata[i], NULL };

      if (!muster_entity_get_boolean (records->pdata[i], "enabled") ||
          g_hash_table_contains (taken, name))
        continue;
      candidate.expression =
        muster_expression_new (muster_entity_get_string (records->pdata[i], "expression"), NULL);
      if (candidate.expression == NULL)
        continue;
      g_hash_table_add (taken, (gpointer)name);
      g_array_append_val (candidates, candidate);
    }
  return candidates;
}

static unsigned
ensure_slot (MusterDerivedPlan *self, const char *name)
{
  unsigned slot;

  if (muster_derived_plan_find_slot (self, name, &slot))
    return slot;
  slot = self->names->len;
  g_ptr_array_add (self->names, g_strdup (name));
  g_hash_table_insert (self->slots, self->names->pdata[slot], GUINT_TO_POINTER (slot));
  return slot;
}

static void
add_item (MusterDerivedPlan *self, Candidate *candidate)
{
  const char        *unit = muster_entity_get_string (candidate->record, "unit");
  MusterDerivedItem  item = { .method = muster_entity_get_enum (candidate->record, "method") };
  const char *const *names;

  item.expression = g_steal_pointer (&candidate->expression);
  names = muster_expression_get_variables (item.expression, &item.n_inputs);
  for (unsigned i = 0; i < item.n_inputs; i++)
    item.inputs[i] = ensure_slot (self, names[i]);
  item.output = ensure_slot (self, muster_entity_get_string (candidate->record, "name"));
  if (unit != NULL)
    {
      item.unit = g_strdup (unit);
      g_ptr_array_add (self->units, (gpointer)item.unit);
    }
  g_array_append_val (self->items, item);
}

/* Whether nothing that CANDIDATE is made of still waits. */
static gboolean
is_ready (Candidate *candidate, GHashTable *waiting)
{
  const char *const *names = muster_expression_get_variables (candidate->expression, NULL);

  for (; *names != NULL; names++)
    if (g_hash_table_contains (waiting, *names))
      return FALSE;
  return TRUE;
}

/* One round over those that wait: whether any of them could be placed. */
static gboolean
place_ready (MusterDerivedPlan *self, GArray *candidates, GHashTable *waiting)
{
  gboolean placed = FALSE;

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->expression == NULL || !is_ready (candidate, waiting))
        continue;
      g_hash_table_remove (waiting, muster_entity_get_string (candidate->record, "name"));
      add_item (self, candidate);
      placed = TRUE;
    }
  return placed;
}

MusterDerivedPlan *
muster_derived_plan_new (GPtrArray *records, GPtrArray *circular)
{
  g_autoptr (GArray) candidates = NULL;
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  MusterDerivedPlan *self;

  g_return_val_if_fail (records != NULL, NULL);

  self = g_atomic_rc_box_new0 (MusterDerivedPlan);
  self->items = g_array_new (FALSE, FALSE, sizeof (MusterDerivedItem));
  g_array_set_clear_func (self->items, item_clear);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->units = g_ptr_array_new_with_free_func (g_free);
  self->slots = g_hash_table_new (g_str_hash, g_str_equal);
  candidates = choose (records);
  for (guint i = 0; i < candidates->len; i++)
    g_hash_table_add (waiting, (gpointer)muster_entity_get_string (
                                 g_array_index (candidates, Candidate, i).record, "name"));
  while (place_ready (self, candidates, waiting))
    continue;
  for (guint i = 0; circular != NULL && i < candidates->len; i++)
    if (g_array_index (candidates, Candidate, i).expression != NULL)
      g_ptr_array_add (circular, g_strdup (muster_entity_get_string (
                                   g_array_index (candidates, Candidate, i).record, "name")));
  self->is_output = g_new0 (guint8, self->names->len + 1);
  for (guint i = 0; i < self->items->len; i++)
    self->is_output[g_array_index (self->items, MusterDerivedItem, i).output] = TRUE;
  return self;
}

MusterDerivedPlan *
muster_derived_plan_ref (MusterDerivedPlan *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
muster_derived_plan_unref (MusterDerivedPlan *self)
{
  g_atomic_rc_box_release_full (self, plan_clear);
}

const MusterDerivedItem *
muster_derived_plan_get_items (MusterDerivedPlan *self, unsigned *n_items)
{
  g_return_val_if_fail (self != NULL && n_items != NULL, NULL);

  *n_items = self->items->len;
  return (const MusterDerivedItem *)(gpointer)self->items->data;
}

unsigned
muster_derived_plan_get_n_slots (MusterDerivedPlan *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->names->len;
}

const char *
muster_derived_plan_get_slot_name (MusterDerivedPlan *self, unsigned slot)
{
  g_return_val_if_fail (self != NULL && slot < self->names->len, NULL);

  return self->names->pdata[slot];
}

gboolean
muster_derived_plan_find_slot (MusterDerivedPlan *self, const char *metric, unsigned *slot)
{
  gpointer found;

  g_return_val_if_fail (self != NULL && metric != NULL && slot != NULL, FALSE);

  if (!g_hash_table_lookup_extended (self->slots, metric, NULL, &found))
    return FALSE;
  *slot = GPOINTER_TO_UINT (found);
  return TRUE;
}

gboolean
muster_derived_plan_is_output (MusterDerivedPlan *self, unsigned slot)
{
  g_return_val_if_fail (self != NULL && slot < self->names->len, FALSE);

  return self->is_output[slot];
}
