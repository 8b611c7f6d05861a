/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-engine-bind"

#include "config.h"

#include "muster-alert-engine-private.h"

/* --- rules --- */

MusterAlertRuleEntry *
muster_alert_rule_entry_new (MusterAlertPlan *plan)
{
  MusterAlertRuleEntry *self = g_new0 (MusterAlertRuleEntry, 1);

  self->plan = muster_alert_plan_ref (plan);
  if (plan->scope_id != NULL)
    self->scope_id = g_ref_string_new_intern (plan->scope_id);
  self->bounds = g_ptr_array_new ();
  return self;
}

void
muster_alert_rule_entry_free (gpointer entry)
{
  MusterAlertRuleEntry *self = entry;

  muster_alert_plan_unref (self->plan);
  g_clear_pointer (&self->scope_id, g_ref_string_release);
  g_ptr_array_unref (self->bounds);
  g_free (self);
}

/* --- the index --- */

static gboolean
is_whole (const MusterAlertPlan *plan)
{
  return plan->kind == MUSTER_ALERT_RULE_OFFLINE || plan->kind == MUSTER_ALERT_RULE_EXPRESSION;
}

static MusterAlertScopeIndex *
scope_index_new (void)
{
  MusterAlertScopeIndex *self = g_new (MusterAlertScopeIndex, 1);

  self->exact =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  self->patterns = g_ptr_array_new ();
  self->whole = g_ptr_array_new ();
  return self;
}

void
muster_alert_scope_index_free (gpointer index)
{
  MusterAlertScopeIndex *self = index;

  g_hash_table_unref (self->exact);
  g_ptr_array_unref (self->patterns);
  g_ptr_array_unref (self->whole);
  g_free (self);
}

/* The whole site has no id. */
static gconstpointer
get_scope_key (MusterAlertEngine *self, const MusterAlertRuleEntry *rule)
{
  return rule->plan->scope == MUSTER_ALERT_SCOPE_SITE ? (gconstpointer)self : rule->scope_id;
}

/* Where RULE stands in INDEX; made where need be. */
static GPtrArray *
get_list (MusterAlertScopeIndex *index, const MusterAlertRuleEntry *rule)
{
  GPtrArray *list = NULL;

  if (is_whole (rule->plan))
    return index->whole;
  if (rule->plan->pattern != NULL)
    return index->patterns;
  list = g_hash_table_lookup (index->exact, rule->plan->metric);
  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (index->exact, g_strdup (rule->plan->metric), list);
    }
  return list;
}

void
muster_alert_engine_index_rule (MusterAlertEngine *self, MusterAlertRuleEntry *rule)
{
  gconstpointer          key = get_scope_key (self, rule);
  MusterAlertScopeIndex *index = g_hash_table_lookup (self->scopes, key);

  if (index == NULL)
    {
      index = scope_index_new ();
      g_hash_table_insert (self->scopes, (gpointer)key, index);
    }
  g_ptr_array_add (get_list (index, rule), rule);
}

void
muster_alert_engine_unindex_rule (MusterAlertEngine *self, MusterAlertRuleEntry *rule)
{
  gconstpointer          key = get_scope_key (self, rule);
  MusterAlertScopeIndex *index = g_hash_table_lookup (self->scopes, key);
  GPtrArray             *list = get_list (index, rule);

  g_ptr_array_remove_fast (list, rule);
  if (list->len == 0 && !is_whole (rule->plan) && rule->plan->pattern == NULL)
    g_hash_table_remove (index->exact, rule->plan->metric);
  if (g_hash_table_size (index->exact) == 0 && index->patterns->len == 0 && index->whole->len == 0)
    g_hash_table_remove (self->scopes, key);
}

static gboolean
lies_within (MusterAlertEngine *self, const char *place, const char *outer)
{
  for (; place != NULL; place = g_hash_table_lookup (self->places, place))
    if (place == outer)
      return TRUE;
  return FALSE;
}

gboolean
muster_alert_engine_rule_covers (MusterAlertEngine          *self,
                                 const MusterAlertRuleEntry *rule,
                                 const MusterAlertDevice    *device)
{
  switch (rule->plan->scope)
    {
    case MUSTER_ALERT_SCOPE_DEVICE:
      return device->id == rule->scope_id;
    case MUSTER_ALERT_SCOPE_PRODUCT:
      return device->product_id == rule->scope_id;
    case MUSTER_ALERT_SCOPE_LOCATION:
      return lies_within (self, device->location_id, rule->scope_id);
    case MUSTER_ALERT_SCOPE_GROUP:
      return device->groups != NULL && g_ptr_array_find (device->groups, rule->scope_id, NULL);
    case MUSTER_ALERT_SCOPE_SITE:
    default:
      return TRUE;
    }
}

/* --- binding --- */

void
muster_alert_bound_free (gpointer bound)
{
  MusterAlertBound *self = bound;

  muster_alert_condition_clear (&self->condition);
  g_free (self->inputs);
  g_free (self);
}

static void
slot_add (MusterAlertSlot *slot, MusterAlertBound *bound)
{
  if (slot->bounds == NULL)
    slot->bounds = g_ptr_array_sized_new (1);
  g_ptr_array_add (slot->bounds, bound);
}

static gboolean
is_bound (GPtrArray *bounds, const MusterAlertRuleEntry *rule)
{
  for (guint i = 0; bounds != NULL && i < bounds->len; i++)
    if (((MusterAlertBound *)bounds->pdata[i])->rule == rule)
      return TRUE;
  return FALSE;
}

static MusterAlertBound *
bind (MusterAlertEngine    *self,
      MusterAlertRuleEntry *rule,
      MusterAlertDevice    *device,
      MusterAlertSlot      *slot)
{
  MusterAlertBound *bound = g_new0 (MusterAlertBound, 1);
  gint64            since = 0;
  unsigned          level = 0;

  bound->rule = rule;
  bound->device = device;
  bound->slot = slot;
  muster_alert_condition_init (&bound->condition, rule->plan);
  if (self->hooks.find_open != NULL)
    level = self->hooks.find_open (rule->plan, device->id, slot != NULL ? slot->metric : NULL,
                                   &since, self->hooks.user_data);
  if (level > 0)
    muster_alert_condition_attach (&bound->condition, MIN (level, rule->plan->n_levels), since);
  g_ptr_array_add (rule->bounds, bound);
  g_ptr_array_add (device->bounds, bound);
  if (slot != NULL)
    slot_add (slot, bound);
  return bound;
}

void
muster_alert_engine_unbind (MusterAlertEngine *self, MusterAlertBound *bound)
{
  unsigned n_inputs = 0;

  muster_alert_timers_remove (self->timers, &bound->timer);
  g_ptr_array_remove_fast (bound->rule->bounds, bound);
  if (bound->waits)
    g_ptr_array_remove_fast (self->waiting, bound);
  if (bound->slot != NULL)
    g_ptr_array_remove (bound->slot->bounds, bound);
  if (bound->inputs != NULL)
    muster_expression_get_variables (bound->rule->plan->expression, &n_inputs);
  for (unsigned i = 0; i < n_inputs; i++)
    g_ptr_array_remove (bound->inputs[i]->bounds, bound);
  g_ptr_array_remove_fast (bound->device->bounds, bound); /* frees it */
}

/* An expression looks at a device that has any of its metrics. */
static gboolean
has_input (MusterAlertDevice *device, const MusterAlertPlan *plan)
{
  unsigned           n_names = 0;
  const char *const *names = muster_expression_get_variables (plan->expression, &n_names);

  for (unsigned i = 0; i < n_names; i++)
    for (guint j = 0; j < device->slots->len; j++)
      if (g_str_equal (((MusterAlertSlot *)device->slots->pdata[j])->metric, names[i]))
        return TRUE;
  return FALSE;
}

static void
bind_expression (MusterAlertEngine    *self,
                 MusterAlertRuleEntry *rule,
                 MusterAlertDevice    *device,
                 gint64                now)
{
  unsigned           n_names = 0;
  const char *const *names = NULL;
  MusterAlertBound  *bound = NULL;

  if (!has_input (device, rule->plan))
    return;
  names = muster_expression_get_variables (rule->plan->expression, &n_names);
  bound = bind (self, rule, device, NULL);
  bound->inputs = g_new0 (MusterAlertSlot *, n_names);
  for (unsigned i = 0; i < n_names; i++)
    {
      bound->inputs[i] = muster_alert_engine_get_slot (self, device, names[i], now);
      slot_add (bound->inputs[i], bound);
    }
  muster_alert_engine_evaluate (self, bound, now);
}

static void
bind_whole (MusterAlertEngine    *self,
            MusterAlertRuleEntry *rule,
            MusterAlertDevice    *device,
            gint64                now)
{
  if (is_bound (device->bounds, rule))
    return;
  if (rule->plan->kind == MUSTER_ALERT_RULE_EXPRESSION)
    bind_expression (self, rule, device, now);
  else
    muster_alert_engine_evaluate (self, bind (self, rule, device, NULL), now);
}

static void
bind_to_slot (MusterAlertEngine    *self,
              MusterAlertRuleEntry *rule,
              MusterAlertDevice    *device,
              MusterAlertSlot      *slot,
              gint64                now)
{
  if (!is_bound (slot->bounds, rule))
    muster_alert_engine_evaluate (self, bind (self, rule, device, slot), now);
}

static void
bind_slot_in (MusterAlertEngine *self,
              gconstpointer      scope,
              MusterAlertDevice *device,
              MusterAlertSlot   *slot,
              gint64             now)
{
  MusterAlertScopeIndex *index = scope != NULL ? g_hash_table_lookup (self->scopes, scope) : NULL;
  GPtrArray *exact = index != NULL ? g_hash_table_lookup (index->exact, slot->metric) : NULL;

  for (guint i = 0; exact != NULL && i < exact->len; i++)
    bind_to_slot (self, exact->pdata[i], device, slot, now);
  for (guint i = 0; index != NULL && i < index->patterns->len; i++)
    {
      MusterAlertRuleEntry *rule = index->patterns->pdata[i];

      if (muster_alert_plan_takes (rule->plan, slot->metric))
        bind_to_slot (self, rule, device, slot, now);
    }
  for (guint i = 0; index != NULL && i < index->whole->len; i++)
    {
      MusterAlertRuleEntry *rule = index->whole->pdata[i];

      if (rule->plan->kind == MUSTER_ALERT_RULE_EXPRESSION)
        bind_whole (self, rule, device, now);
    }
}

void
muster_alert_engine_bind_slot (MusterAlertEngine *self,
                               MusterAlertDevice *device,
                               MusterAlertSlot   *slot,
                               gint64             now)
{
  bind_slot_in (self, self, device, slot, now);
  bind_slot_in (self, device->id, device, slot, now);
  bind_slot_in (self, device->product_id, device, slot, now);
  for (const char *place = device->location_id; place != NULL;
       place = g_hash_table_lookup (self->places, place))
    bind_slot_in (self, place, device, slot, now);
  for (guint i = 0; device->groups != NULL && i < device->groups->len; i++)
    bind_slot_in (self, device->groups->pdata[i], device, slot, now);
}

static void
bind_device_in (MusterAlertEngine *self, gconstpointer scope, MusterAlertDevice *device, gint64 now)
{
  MusterAlertScopeIndex *index = scope != NULL ? g_hash_table_lookup (self->scopes, scope) : NULL;

  for (guint i = 0; index != NULL && i < index->whole->len; i++)
    bind_whole (self, index->whole->pdata[i], device, now);
}

void
muster_alert_engine_bind_device (MusterAlertEngine *self, MusterAlertDevice *device, gint64 now)
{
  bind_device_in (self, self, device, now);
  bind_device_in (self, device->id, device, now);
  bind_device_in (self, device->product_id, device, now);
  for (const char *place = device->location_id; place != NULL;
       place = g_hash_table_lookup (self->places, place))
    bind_device_in (self, place, device, now);
  for (guint i = 0; device->groups != NULL && i < device->groups->len; i++)
    bind_device_in (self, device->groups->pdata[i], device, now);
}

void
muster_alert_engine_bind_rule (MusterAlertEngine    *self,
                               MusterAlertRuleEntry *rule,
                               MusterAlertDevice    *device,
                               gint64                now)
{
  if (is_whole (rule->plan))
    {
      bind_whole (self, rule, device, now);
      return;
    }
  for (guint i = 0; i < device->slots->len; i++)
    {
      MusterAlertSlot *slot = device->slots->pdata[i];

      if (muster_alert_plan_takes (rule->plan, slot->metric))
        bind_to_slot (self, rule, device, slot, now);
    }
}
