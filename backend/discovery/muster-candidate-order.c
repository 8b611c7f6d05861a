/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-order"

#include "config.h"

#include "model/muster-error.h"
#include "muster-candidate-order.h"

#define MAX_KEYS 4

typedef struct
{
  struct
  {
    const MusterField *field;
    unsigned           index;
    gboolean           descending;
  } keys[MAX_KEYS];
  unsigned n_keys;
} Order;

static gboolean
order_add (Order *self, const char *name, GError **error)
{
  gboolean           descending = *name == '-';
  int                index = muster_entity_info_find (&muster_candidate_info, name + descending);
  const MusterField *field = index >= 0 ? &muster_candidate_info.fields[index] : NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (self->n_keys == MAX_KEYS)
    muster_field_errors_add (errors, "sort", "must have at most %d fields", MAX_KEYS);
  else if (field == NULL || field->type == MUSTER_FIELD_JSON)
    muster_field_errors_add (errors, "sort", "%s is not a field of %s to sort by",
                             name + descending, muster_candidate_info.schema);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  self->keys[self->n_keys].field = field;
  self->keys[self->n_keys].index = index;
  self->keys[self->n_keys++].descending = descending;
  return TRUE;
}

static int
compare_values (const MusterField *field, const MusterValue *a, const MusterValue *b)
{
  if (a->is_null || b->is_null)
    return (int)b->is_null - (int)a->is_null;
  if (muster_field_is_text (field))
    return g_ascii_strcasecmp (a->text, b->text);
  if (field->type == MUSTER_FIELD_DOUBLE)
    return (a->number > b->number) - (a->number < b->number);
  return (a->integer > b->integer) - (a->integer < b->integer);
}

static int
compare_candidates (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order  *order = user_data;
  MusterEntity *one = *(MusterEntity *const *)a;
  MusterEntity *other = *(MusterEntity *const *)b;
  int           difference = 0;

  for (unsigned i = 0; i < order->n_keys && difference == 0; i++)
    {
      difference =
        compare_values (order->keys[i].field, muster_entity_peek (one, order->keys[i].index),
                        muster_entity_peek (other, order->keys[i].index));
      if (order->keys[i].descending)
        difference = -difference;
    }
  return difference;
}

gboolean
muster_candidates_sort (GPtrArray *candidates, const char *sort, GError **error)
{
  g_auto (GStrv) names = NULL;
  Order order = { 0 };

  g_return_val_if_fail (candidates != NULL && sort != NULL, FALSE);

  names = g_strsplit (sort, ",", MAX_KEYS + 2);
  for (unsigned i = 0; names[i] != NULL; i++)
    if (!order_add (&order, names[i], error))
      return FALSE;
  g_ptr_array_sort_with_data (candidates, compare_candidates, &order);
  return TRUE;
}
