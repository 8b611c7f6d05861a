/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-money.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake.h"
#include "model/muster-uuid.h"
#include "muster-document-block.h"
#include "muster-print-records.h"

static MusterEntity *
make (const MusterEntityInfo *info)
{
  MusterEntity    *entity = muster_entity_new (info);
  g_autofree char *id = muster_uuid_new (G_GINT64_CONSTANT (1767225600000000));

  muster_entity_set_string (entity, "id", id);
  muster_entity_set_integer (entity, "created_at", G_GINT64_CONSTANT (1767225600000000));
  return entity;
}

static MusterEntity *
add (GPtrArray *records, const MusterEntityInfo *info)
{
  MusterEntity *entity = make (info);

  g_ptr_array_add (records, entity);
  return entity;
}

static MusterEntity *
add_place (MusterPrintRecords *records, const char *path)
{
  g_autoptr (MusterEntity) place = make (&muster_location_info);

  muster_entity_set_string (place, "path", path);
  muster_print_records_add_other (records, place);
  return g_hash_table_lookup (records->others, muster_entity_get_id (place));
}

/* An order of three sensors, two of them set aside, and a discount. */
static MusterPrintRecords *
make_records (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  MusterPrintRecords *records = muster_print_records_new ("Plant 7", zone);
  MusterEntity       *order = add (records->orders, &muster_order_info);
  MusterEntity       *item = add (records->items, &muster_order_item_info);
  MusterEntity       *discount = add (records->items, &muster_order_item_info);
  g_autoptr (MusterEntity) product = make (&muster_product_info);
  static const char *const places[] = { "Hall 2 › Rack 1", "Hall 1 › Rack 9" };

  muster_entity_set_string (order, "order_number", "SO-2026-000001");
  muster_entity_set_string (order, "customer", "Example Ltd");
  muster_entity_set_integer (order, "subtotal", 300 * MUSTER_MONEY_SCALE);
  muster_entity_set_integer (order, "discount_amount", -30 * MUSTER_MONEY_SCALE);
  muster_entity_set_integer (order, "total_amount", 270 * MUSTER_MONEY_SCALE);
  muster_entity_set_string (product, "name", "Boiler sensor");
  muster_print_records_add_other (records, product);
  muster_entity_set_string (item, "product_id", muster_entity_get_id (product));
  muster_entity_set_integer (item, "quantity", 3);
  muster_entity_set_integer (item, "unit_price", 100 * MUSTER_MONEY_SCALE);
  muster_entity_set_integer (item, "subtotal", 300 * MUSTER_MONEY_SCALE);
  muster_entity_set_enum (discount, "kind", MUSTER_ORDER_LINE_KIND_DISCOUNT);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      MusterEntity    *device = add (records->devices, &muster_device_info);
      g_autofree char *serial = g_strdup_printf ("SN-%u", i);

      muster_entity_set_string (device, "serial", serial);
      muster_entity_set_string (device, "status", "reserved");
      muster_entity_set_string (device, "order_item_id", muster_entity_get_id (item));
      muster_entity_set_string (device, "location_id",
                                muster_entity_get_id (add_place (records, places[i])));
    }
  return records;
}

/* The texts that the document is made of: cells joined by "|", a line each. */
static char *
describe (MusterDocumentPrint *print)
{
  GPtrArray *blocks = muster_document_print_get_blocks (print);
  GString   *text = g_string_new (NULL);

  for (guint i = 0; i < blocks->len; i++)
    {
      MusterBlock *block = blocks->pdata[i];

      if (block->rows == NULL)
        g_string_append_printf (text, "%s=%s\n", block->label != NULL ? block->label : "",
                                block->text != NULL ? block->text : "");
      for (guint j = 0; block->rows != NULL && j < block->rows->len; j++)
        {
          g_autofree char *row = g_strjoinv ("|", block->rows->pdata[j]);

          g_string_append_printf (text, "%s\n", row);
        }
    }
  return g_string_free_and_steal (text);
}

static void
assert_says (MusterDocumentPrint *print, const char *expected)
{
  g_autofree char *text = describe (print);

  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, expected));
}

static void
test_pick_list (void)
{
  g_autoptr (MusterPrintRecords) records = make_records ();
  g_autoptr (MusterDocumentPrint) print = muster_print_pick_list (records);

  g_assert_cmpstr (muster_printable_get_title (MUSTER_PRINTABLE (print)), ==,
                   "Pick list SO-2026-000001");
  /* What lies nowhere yet first, then in the order of the places. */
  assert_says (print, "||Boiler sensor||1\n"
                      "|Hall 1 › Rack 9|Boiler sensor|SN-1|1\n"
                      "|Hall 2 › Rack 1|Boiler sensor|SN-0|1\n");
}

static void
test_pick_list_leaves_out_what_left (void)
{
  g_autoptr (MusterPrintRecords) records = make_records ();
  g_autoptr (MusterDocumentPrint) print = NULL;
  g_autofree char *text = NULL;

  muster_entity_set_integer (records->items->pdata[0], "shipped", 1);
  print = muster_print_pick_list (records);
  text = describe (print);
  g_assert_null (strstr (text, "||Boiler sensor||"));
  g_assert_nonnull (strstr (text, "SN-0"));
}

static void
add_move (MusterPrintRecords *records, const char *reason, gint64 quantity, MusterEntity *place)
{
  MusterEntity *move = add (records->moves, &muster_stock_move_info);

  muster_entity_set_string (move, "reason", reason);
  muster_entity_set_integer (move, "quantity", quantity);
  muster_entity_set_string (move, "from_location_id", muster_entity_get_id (place));
  muster_entity_set_string (move, "order_item_id", muster_entity_get_id (records->items->pdata[0]));
}

/* Goods without serial numbers: where they were set aside, less what was fetched. */
static void
test_pick_list_of_goods (void)
{
  g_autoptr (MusterPrintRecords) records = make_records ();
  g_autoptr (MusterDocumentPrint) print = NULL;
  MusterEntity *near = add_place (records, "Hall 1 › Rack 1");
  MusterEntity *far = add_place (records, "Hall 9");

  g_ptr_array_set_size (records->devices, 0);
  muster_entity_set_integer (records->items->pdata[0], "quantity", 20);
  muster_entity_set_integer (records->items->pdata[0], "shipped", 5);
  add_move (records, "reserve", 12, near);
  add_move (records, "reserve", 6, far);
  add_move (records, "pick", 5, near);
  print = muster_print_pick_list (records);
  assert_says (print, "||Boiler sensor||2\n"
                      "|Hall 1 › Rack 1|Boiler sensor||7\n"
                      "|Hall 9|Boiler sensor||6\n");
}

static void
test_invoice (void)
{
  g_autoptr (MusterPrintRecords) records = make_records ();
  g_autoptr (MusterDocumentPrint) print = muster_print_invoice (records);

  assert_says (print, "Customer=Example Ltd\n");
  assert_says (print, "|Boiler sensor|3|100.00|300.00\n");
  assert_says (print, "Subtotal=300.00 EUR\nDiscount=-30.00 EUR\nTotal=270.00 EUR\n");
}

static void
test_delivery_note (void)
{
  g_autoptr (MusterPrintRecords) records = make_records ();
  MusterEntity *delivery = add (records->deliveries, &muster_delivery_info);
  MusterEntity *item = add (records->delivery_items, &muster_delivery_item_info);
  g_autoptr (MusterDocumentPrint) print = NULL;

  muster_entity_set_string (delivery, "delivery_number", "DN-2026-000001");
  muster_entity_set_string (delivery, "recipient", "B. Example");
  muster_entity_set_string (delivery, "signature", "[[[0,0],[1,1]]]");
  muster_entity_set_string (item, "serial", "SN-7");
  muster_entity_set_string (item, "product_id",
                            muster_entity_get_string (records->items->pdata[0], "product_id"));
  print = muster_print_delivery_note (records);
  assert_says (print, "Order=SO-2026-000001\n");
  assert_says (print, "Boiler sensor|SN-7|1\n");
  assert_says (print, "Received in full and undamaged=B. Example\n");
  g_assert_cmpuint (muster_printable_layout (MUSTER_PRINTABLE (print)), ==, 1);
}

static void
test_count_sheet (void)
{
  for (int blind = 0; blind < 2; blind++)
    {
      g_autoptr (MusterPrintRecords) records = make_records ();
      MusterEntity *stocktake = add (records->stocktakes, &muster_stocktake_info);
      MusterEntity *line = add (records->lines, &muster_stocktake_line_info);
      g_autoptr (MusterDocumentPrint) print = NULL;

      muster_entity_set_string (stocktake, "name", "January");
      muster_entity_set_boolean (stocktake, "blind", blind);
      muster_entity_set_string (line, "code", "SN-7");
      muster_entity_set_integer (line, "expected", 4);
      print = muster_print_count_sheet (records);
      assert_says (print, blind ? "|SN-7||||\n" : "|SN-7|||4|\n");
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print-records/pick-list", test_pick_list);
  g_test_add_func ("/print-records/pick-list-leaves-out-what-left",
                   test_pick_list_leaves_out_what_left);
  g_test_add_func ("/print-records/pick-list-of-goods", test_pick_list_of_goods);
  g_test_add_func ("/print-records/invoice", test_invoice);
  g_test_add_func ("/print-records/delivery-note", test_delivery_note);
  g_test_add_func ("/print-records/count-sheet", test_count_sheet);
  return g_test_run ();
}
