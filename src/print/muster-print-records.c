/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-print-records"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-money.h"
#include "model/muster-order-item.h"
#include "model/muster-stock-move.h"
#include "muster-print-records.h"

MusterPrintRecords *
muster_print_records_new (const char *site_name, GTimeZone *zone)
{
  MusterPrintRecords *self = g_new0 (MusterPrintRecords, 1);

  self->site_name = g_strdup (site_name != NULL ? site_name : "");
  self->zone = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  self->orders = g_ptr_array_new_with_free_func (g_object_unref);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->deliveries = g_ptr_array_new_with_free_func (g_object_unref);
  self->delivery_items = g_ptr_array_new_with_free_func (g_object_unref);
  self->stocktakes = g_ptr_array_new_with_free_func (g_object_unref);
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->moves = g_ptr_array_new_with_free_func (g_object_unref);
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
muster_print_records_free (MusterPrintRecords *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->site_name);
  g_time_zone_unref (self->zone);
  g_ptr_array_unref (self->orders);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->deliveries);
  g_ptr_array_unref (self->delivery_items);
  g_ptr_array_unref (self->stocktakes);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->moves);
  g_hash_table_unref (self->others);
  g_free (self);
}

void
muster_print_records_add_other (MusterPrintRecords *self, MusterEntity *entity)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (MUSTER_IS_ENTITY (entity));

  g_hash_table_insert (self->others, g_strdup (muster_entity_get_id (entity)),
                       g_object_ref (entity));
}

/* FIELD of the record that ENTITY's REFERENCE points at, or NULL. */
static const char *
get_of (MusterPrintRecords *self, MusterEntity *entity, const char *reference, const char *field)
{
  const char   *id = muster_entity_get_string (entity, reference);
  MusterEntity *other = id != NULL ? g_hash_table_lookup (self->others, id) : NULL;

  return other != NULL && muster_entity_info_find (muster_entity_get_info (other), field) >= 0
           ? muster_entity_get_string (other, field)
           : NULL;
}

/* The date of a time as people write it. (transfer full) (nullable) */
static char *
format_date (MusterPrintRecords *self, MusterEntity *entity, const char *field)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (muster_entity_is_null (entity, field))
    return NULL;
  utc = g_date_time_new_from_unix_utc (muster_entity_get_integer (entity, field) / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_timezone (utc, self->zone) : NULL;
  /* Translators: a date on paper, for g_date_time_format(): whoever reads it may not know the order
   * of days and months here. */
  return local != NULL ? g_date_time_format (local, _ ("%-e %b %Y")) : NULL;
}

static char *
format_count (MusterEntity *entity, const char *field)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, muster_entity_get_integer (entity, field));
}

static void
add_date (MusterDocumentPrint *print,
          MusterPrintRecords  *self,
          const char          *label,
          MusterEntity        *entity,
          const char          *field)
{
  g_autofree char *date = format_date (self, entity, field);

  muster_document_print_add_pair (print, label, date);
}

/* What the line says: its own words, else the product's name. */
static const char *
describe_line (MusterPrintRecords *self, MusterEntity *line)
{
  const char *text = muster_entity_info_find (muster_entity_get_info (line), "description") >= 0
                       ? muster_entity_get_string (line, "description")
                       : NULL;

  if (text == NULL)
    text = get_of (self, line, "product_id", "name");
  if (text == NULL)
    text = get_of (self, line, "device_id", "name");
  return text != NULL ? text : "";
}

/* To whom, when, under which reference. */
static void
add_order_head (MusterDocumentPrint *print, MusterPrintRecords *self, MusterEntity *order)
{
  muster_document_print_add_pair (print, _ ("Customer"),
                                  muster_entity_get_string (order, "customer"));
  muster_document_print_add_pair (print, _ ("Ship to"),
                                  muster_entity_get_string (order, "shipping_address"));
  muster_document_print_add_pair (print, _ ("Your reference"),
                                  muster_entity_get_string (order, "reference"));
  add_date (print, self, _ ("Ordered"), order, "created_at");
  add_date (print, self, _ ("Due"), order, "due_at");
}

static gboolean
is_goods (MusterEntity *item)
{
  return muster_entity_get_enum (item, "kind") == MUSTER_ORDER_LINE_KIND_ITEM;
}

/* --- pick list --- */

/* One thing to fetch. */
typedef struct
{
  const char *place;
  const char *product;
  const char *serial;
  gint64      quantity;
} Pick;

static int
compare_picks (const void *a, const void *b)
{
  const Pick *first = a;
  const Pick *second = b;
  int         order = g_strcmp0 (first->place, second->place);

  return order != 0 ? order : g_strcmp0 (first->serial, second->serial);
}

/* How many of the goods of ITEM, which bear no serial numbers, the move MOVE has set aside where it
 * took them from; those fetched since count against it. */
static gint64
count_set_aside (MusterEntity *move, MusterEntity *item)
{
  int reason = muster_entity_get_enum (move, "reason");

  if (g_strcmp0 (muster_entity_get_string (move, "order_item_id"), muster_entity_get_id (item)) !=
        0 ||
      !muster_entity_is_null (move, "device_id"))
    return 0;
  if (reason == MUSTER_MOVE_REASON_RESERVE)
    return muster_entity_get_integer (move, "quantity");
  return reason == MUSTER_MOVE_REASON_PICK ? -muster_entity_get_integer (move, "quantity") : 0;
}

/* Goods of ITEM that are set aside, by place; how many they are. */
static gint64
add_goods (MusterPrintRecords *self, MusterEntity *item, GArray *picks)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer       place, count;
  gint64         n_all = 0;

  for (guint i = 0; i < self->moves->len; i++)
    {
      MusterEntity *move = self->moves->pdata[i];
      gint64        n_goods = count_set_aside (move, item);
      const char   *path = get_of (self, move, "from_location_id", "path");

      if (n_goods != 0 && path != NULL)
        g_hash_table_insert (places, (gpointer)path,
                             GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (places, path)) +
                                              (int)n_goods));
    }
  g_hash_table_iter_init (&iter, places);
  while (g_hash_table_iter_next (&iter, &place, &count))
    {
      Pick pick = { place, describe_line (self, item), NULL, GPOINTER_TO_INT (count) };

      if (pick.quantity <= 0)
        continue;
      g_array_append_val (picks, pick);
      n_all += pick.quantity;
    }
  return n_all;
}

/* The units and goods set aside for ITEM; what is not yet is one pick, without a place. */
static void
add_picks (MusterPrintRecords *self, MusterEntity *item, GArray *picks)
{
  gint64 open =
    muster_entity_get_integer (item, "quantity") - muster_entity_get_integer (item, "shipped");

  for (guint i = 0; i < self->devices->len; i++)
    {
      MusterEntity *device = self->devices->pdata[i];
      Pick pick = { get_of (self, device, "location_id", "path"), describe_line (self, item),
                    muster_entity_get_string (device, "serial"), 1 };

      if (g_strcmp0 (muster_entity_get_string (device, "order_item_id"),
                     muster_entity_get_id (item)) != 0 ||
          g_strcmp0 (muster_entity_get_string (device, "status"), "reserved") != 0)
        continue;
      if (pick.place == NULL)
        pick.place = muster_entity_get_string (device, "location");
      g_array_append_val (picks, pick);
      open--;
    }
  open -= add_goods (self, item, picks);
  if (open > 0)
    {
      Pick rest = { NULL, describe_line (self, item), NULL, open };

      g_array_append_val (picks, rest);
    }
}

MusterDocumentPrint *
muster_print_pick_list (MusterPrintRecords *self)
{
  MusterEntity        *order = NULL;
  MusterDocumentPrint *print = NULL;
  g_autoptr (GArray) picks = g_array_new (FALSE, FALSE, sizeof (Pick));

  g_return_val_if_fail (self != NULL && self->orders->len == 1, NULL);

  order = self->orders->pdata[0];
  print = muster_document_print_new (self->site_name, _ ("Pick list"),
                                     muster_entity_get_string (order, "order_number"));
  add_order_head (print, self, order);
  for (guint i = 0; i < self->items->len; i++)
    if (is_goods (self->items->pdata[i]))
      add_picks (self, self->items->pdata[i], picks);
  g_array_sort (picks, compare_picks);
  muster_document_print_add_table (print, (const MusterDocumentColumn[]){
                                            { "", 0.4, MUSTER_COLUMN_TICK },
                                            { _ ("Place"), 3, MUSTER_COLUMN_START },
                                            { _ ("Product"), 3, MUSTER_COLUMN_START },
                                            { _ ("Serial number"), 2, MUSTER_COLUMN_START },
                                            { _ ("Quantity"), 1, MUSTER_COLUMN_END },
                                            { NULL, 0, 0 } });
  for (guint i = 0; i < picks->len; i++)
    {
      const Pick      *pick = &g_array_index (picks, Pick, i);
      g_autofree char *quantity = g_strdup_printf ("%" G_GINT64_FORMAT, pick->quantity);
      const char      *cells[] = { NULL, pick->place, pick->product, pick->serial, quantity };

      muster_document_print_add_row (print, cells);
    }
  return print;
}

/* --- delivery note --- */

static void
add_delivery_rows (MusterDocumentPrint *print, MusterPrintRecords *self)
{
  for (guint i = 0; i < self->delivery_items->len; i++)
    {
      MusterEntity    *item = self->delivery_items->pdata[i];
      g_autofree char *quantity = format_count (item, "quantity");
      const char      *serial = muster_entity_get_string (item, "serial");
      const char      *cells[] = { describe_line (self, item), NULL, quantity };

      cells[1] = serial != NULL ? serial : get_of (self, item, "device_id", "serial");
      muster_document_print_add_row (print, cells);
    }
}

MusterDocumentPrint *
muster_print_delivery_note (MusterPrintRecords *self)
{
  MusterEntity        *delivery = NULL, *order = NULL;
  MusterDocumentPrint *print = NULL;
  const char          *strokes = NULL;
  g_autoptr (JsonNode) signature = NULL;

  g_return_val_if_fail (self != NULL && self->deliveries->len == 1, NULL);

  delivery = self->deliveries->pdata[0];
  order = self->orders->len > 0 ? self->orders->pdata[0] : NULL;
  print = muster_document_print_new (self->site_name, _ ("Delivery note"),
                                     muster_entity_get_string (delivery, "delivery_number"));
  if (order != NULL)
    {
      muster_document_print_add_pair (print, _ ("Order"),
                                      muster_entity_get_string (order, "order_number"));
      muster_document_print_add_pair (print, _ ("Your reference"),
                                      muster_entity_get_string (order, "reference"));
      muster_document_print_add_pair (print, _ ("Customer"),
                                      muster_entity_get_string (order, "customer"));
    }
  muster_document_print_add_pair (print, _ ("Ship to"),
                                  muster_entity_get_string (delivery, "shipping_address"));
  muster_document_print_add_pair (print, _ ("Carrier"),
                                  muster_entity_get_string (delivery, "carrier"));
  muster_document_print_add_pair (print, _ ("Tracking number"),
                                  muster_entity_get_string (delivery, "tracking_number"));
  add_date (print, self, _ ("Shipped"), delivery, "shipped_at");
  muster_document_print_add_table (print, (const MusterDocumentColumn[]){
                                            { _ ("Product"), 4, MUSTER_COLUMN_START },
                                            { _ ("Serial number"), 3, MUSTER_COLUMN_START },
                                            { _ ("Quantity"), 1, MUSTER_COLUMN_END },
                                            { NULL, 0, 0 } });
  add_delivery_rows (print, self);
  muster_document_print_add_text (print, muster_entity_get_string (delivery, "delivery_notes"));
  strokes = muster_entity_get_string (delivery, "signature");
  signature = strokes != NULL ? json_from_string (strokes, NULL) : NULL;
  muster_document_print_add_signature (print, _ ("Received in full and undamaged"),
                                       muster_entity_get_string (delivery, "recipient"), signature);
  return print;
}

/* --- invoice --- */

static void
add_price_row (MusterDocumentPrint *print, MusterPrintRecords *self, MusterEntity *item)
{
  g_autofree char *quantity = format_count (item, "quantity");
  g_autofree char *price = muster_money_format (muster_entity_get_integer (item, "unit_price"));
  g_autofree char *subtotal = muster_money_format (muster_entity_get_integer (item, "subtotal"));
  g_autofree char *position = format_count (item, "position");
  const char      *cells[] = { position, describe_line (self, item), quantity, price, subtotal };

  muster_document_print_add_row (print, cells);
}

static void
add_amount (MusterDocumentPrint *print,
            MusterEntity        *order,
            const char          *label,
            const char          *field,
            gboolean             strong)
{
  gint64           amount = muster_entity_get_integer (order, field);
  g_autofree char *text = muster_money_format (amount);
  g_autofree char *with_currency =
    g_strdup_printf ("%s %s", text, muster_entity_get_string (order, "currency"));

  if (amount != 0 || strong)
    muster_document_print_add_total (print, label, with_currency, strong);
}

MusterDocumentPrint *
muster_print_invoice (MusterPrintRecords *self)
{
  MusterEntity        *order = NULL;
  MusterDocumentPrint *print = NULL;

  g_return_val_if_fail (self != NULL && self->orders->len == 1, NULL);

  order = self->orders->pdata[0];
  print = muster_document_print_new (self->site_name, _ ("Invoice"),
                                     muster_entity_get_string (order, "order_number"));
  add_order_head (print, self, order);
  add_date (print, self, _ ("Delivered"), order, "delivered_at");
  muster_document_print_add_table (print, (const MusterDocumentColumn[]){
                                            { _ ("Line"), 0.7, MUSTER_COLUMN_END },
                                            { _ ("Description"), 5, MUSTER_COLUMN_START },
                                            { _ ("Quantity"), 1.2, MUSTER_COLUMN_END },
                                            { _ ("Price"), 1.6, MUSTER_COLUMN_END },
                                            { _ ("Amount"), 1.8, MUSTER_COLUMN_END },
                                            { NULL, 0, 0 } });
  for (guint i = 0; i < self->items->len; i++)
    if (is_goods (self->items->pdata[i]))
      add_price_row (print, self, self->items->pdata[i]);
  add_amount (print, order, _ ("Subtotal"), "subtotal", FALSE);
  add_amount (print, order, _ ("Discount"), "discount_amount", FALSE);
  add_amount (print, order, _ ("Shipping"), "shipping_amount", FALSE);
  add_amount (print, order, _ ("Tax"), "tax_amount", FALSE);
  add_amount (print, order, _ ("Total"), "total_amount", TRUE);
  return print;
}

/* --- count sheet --- */

MusterDocumentPrint *
muster_print_count_sheet (MusterPrintRecords *self)
{
  MusterEntity        *stocktake = NULL;
  MusterDocumentPrint *print = NULL;
  gboolean             blind;

  g_return_val_if_fail (self != NULL && self->stocktakes->len == 1, NULL);

  stocktake = self->stocktakes->pdata[0];
  blind = muster_entity_get_boolean (stocktake, "blind");
  print = muster_document_print_new (self->site_name, _ ("Count sheet"), NULL);
  muster_document_print_add_heading (print, muster_entity_get_string (stocktake, "name"));
  muster_document_print_add_pair (print, _ ("Place"),
                                  get_of (self, stocktake, "location_id", "path"));
  add_date (print, self, _ ("Begun"), stocktake, "created_at");
  muster_document_print_add_table (print, (const MusterDocumentColumn[]){
                                            { "", 0.4, MUSTER_COLUMN_TICK },
                                            { _ ("Code"), 2.4, MUSTER_COLUMN_START },
                                            { _ ("What"), 3, MUSTER_COLUMN_START },
                                            { _ ("Place"), 2.6, MUSTER_COLUMN_START },
                                            { _ ("Expected"), 1, MUSTER_COLUMN_END },
                                            { _ ("Counted"), 1, MUSTER_COLUMN_END },
                                            { NULL, 0, 0 } });
  for (guint i = 0; i < self->lines->len; i++)
    {
      MusterEntity    *line = self->lines->pdata[i];
      g_autofree char *expected = blind ? NULL : format_count (line, "expected");
      const char      *cells[] = { NULL,
                                   muster_entity_get_string (line, "code"),
                                   describe_line (self, line),
                                   get_of (self, line, "location_id", "path"),
                                   expected,
                                   NULL };

      muster_document_print_add_row (print, cells);
    }
  muster_document_print_add_signature (print, _ ("Counted by"), NULL, NULL);
  return print;
}
