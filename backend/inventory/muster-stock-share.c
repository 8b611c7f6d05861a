/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-share"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-stock-level.h"
#include "muster-stock-share.h"

/* What lies free of one batch, and when it should be used. */
typedef struct
{
  const char *batch_id; /* the level's */
  gint64      quantity;
  gint64      expires_at;  /* G_MAXINT64: never */
  gint64      received_at; /* G_MAXINT64: of no batch */
} Offer;

static int
compare_offers (gconstpointer a, gconstpointer b)
{
  const Offer *first = a, *second = b;

  if (first->expires_at != second->expires_at)
    return first->expires_at < second->expires_at ? -1 : 1;
  if (first->received_at != second->received_at)
    return first->received_at < second->received_at ? -1 : 1;
  return g_strcmp0 (first->batch_id, second->batch_id);
}

static gboolean
read_offer (Offer *self, MusterTransaction *transaction, MusterEntity *level, GError **error)
{
  g_autoptr (MusterEntity) batch = NULL;

  *self = (Offer){
    .batch_id = muster_entity_get_string (level, "batch_id"),
    .quantity =
      muster_entity_get_integer (level, "quantity") - muster_entity_get_integer (level, "reserved"),
    .expires_at = G_MAXINT64,
    .received_at = G_MAXINT64,
  };
  if (self->batch_id == NULL)
    return TRUE;
  batch = muster_transaction_get (transaction, &muster_batch_info, self->batch_id, error);
  if (batch == NULL)
    return FALSE;
  if (!muster_entity_is_null (batch, "expires_at"))
    self->expires_at = muster_entity_get_integer (batch, "expires_at");
  self->received_at = muster_entity_is_null (batch, "received_at")
                        ? muster_entity_get_integer (batch, "created_at")
                        : muster_entity_get_integer (batch, "received_at");
  return TRUE;
}

static GPtrArray *
select_levels (MusterTransaction *transaction,
               const char        *product_id,
               const char        *location_id,
               const char        *batch_id,
               GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_level_info);

  muster_query_where (query, "product_id", product_id);
  muster_query_where (query, "location_id", location_id);
  if (batch_id != NULL)
    muster_query_where (query, "batch_id", batch_id);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static void
clear_share (gpointer data)
{
  g_free (((MusterStockShare *)data)->batch_id);
}

GArray *
muster_stock_share (MusterTransaction *transaction,
                    const char        *product_id,
                    const char        *location_id,
                    const char        *batch_id,
                    gint64             quantity,
                    gint64            *free_quantity,
                    GError           **error)
{
  g_autoptr (GPtrArray) levels = NULL;
  g_autoptr (GArray) offers = g_array_new (FALSE, TRUE, sizeof (Offer));
  g_autoptr (GArray) shares = g_array_new (FALSE, TRUE, sizeof (MusterStockShare));

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (product_id != NULL, NULL);
  g_return_val_if_fail (free_quantity != NULL, NULL);

  levels = select_levels (transaction, product_id, location_id, batch_id, error);
  if (levels == NULL)
    return NULL;
  *free_quantity = 0;
  for (guint i = 0; i < levels->len; i++)
    {
      Offer offer;

      if (!read_offer (&offer, transaction, levels->pdata[i], error))
        return NULL;
      *free_quantity += offer.quantity;
      g_array_append_val (offers, offer);
    }
  g_array_sort (offers, compare_offers);
  g_array_set_clear_func (shares, clear_share);
  for (guint i = 0; i < offers->len && quantity > 0; i++)
    {
      const Offer     *offer = &g_array_index (offers, Offer, i);
      MusterStockShare share = { NULL, MIN (offer->quantity, quantity) };

      if (share.quantity <= 0)
        continue;
      quantity -= share.quantity;
      share.batch_id = g_strdup (offer->batch_id);
      g_array_append_val (shares, share);
    }
  return g_steal_pointer (&shares);
}
