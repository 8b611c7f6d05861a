/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-batch.h"
#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-location.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-stock-check.h"
#include "muster-stock-moves.h"
#include "muster-stock-rules.h"

#define IN_STOCK MUSTER_DEVICE_STATUS_IN_STOCK
#define RESERVED MUSTER_DEVICE_STATUS_RESERVED
#define SOLD MUSTER_DEVICE_STATUS_SOLD
#define DEPLOYED MUSTER_DEVICE_STATUS_DEPLOYED
#define MAINTENANCE MUSTER_DEVICE_STATUS_MAINTENANCE
#define DEFECTIVE MUSTER_DEVICE_STATUS_DEFECTIVE
#define RETIRED MUSTER_DEVICE_STATUS_RETIRED

/* --- a site --- */

typedef struct
{
  MusterTestDir  *dir;
  MusterDatabase *database;
  MusterActor    *actor;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture         *self = g_new0 (Fixture, 1);
  g_autofree char *path = NULL;
  g_autoptr (MusterClock) clock = muster_clock_new ();

  self->dir = muster_test_dir_new ();
  path = muster_test_dir_build (self->dir, "muster.db");
  self->database = muster_database_new (path, clock, NULL);
  muster_database_register_entities (self->database, muster_entities);
  muster_stock_rules_add (self->database);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->database)));
  self->actor = muster_actor_new_system ("test");
  return self;
}

static void
fixture_free (Fixture *self)
{
  muster_test_database_free (self->database);
  muster_actor_unref (self->actor);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* One operation: FUNC with DATA; the sequence of its first entry, 0 without any. */
typedef struct
{
  gboolean (*func) (MusterTransaction *transaction, gpointer data, GError **error);
  gpointer data;
} Step;

static gboolean
step_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Step *step = data;

  if (!step->func (transaction, step->data, error))
    return FALSE;
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, muster_transaction_get_first_sequence (transaction));
  return TRUE;
}

static gint64
attempt (Fixture *self,
         gboolean (*func) (MusterTransaction *, gpointer, GError **),
         gpointer data,
         GError **error)
{
  Step step = { func, data };

  return dex_await_int64 (muster_database_write (self->database, self->actor, NULL, step_job, &step,
                                                 NULL),
                          error);
}

static gint64
run (Fixture *self, gboolean (*func) (MusterTransaction *, gpointer, GError **), gpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 sequence = attempt (self, func, data, &error);

  g_assert_no_error (error);
  return sequence;
}

static gboolean
insert (MusterTransaction *transaction, gpointer entity, GError **error)
{
  return muster_transaction_insert (transaction, entity, error);
}

static gboolean
update (MusterTransaction *transaction, gpointer entity, GError **error)
{
  return muster_transaction_update (transaction, entity, 0, error);
}

static gboolean
undo (MusterTransaction *transaction, gpointer sequence, GError **error)
{
  return muster_transaction_undo (transaction, *(gint64 *)sequence, error);
}

static gboolean
check (MusterTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (MusterStockReport) report = muster_stock_check (transaction, error);

  g_assert_nonnull (report);
  for (guint i = 0; i < report->differences->len; i++)
    g_test_message ("%s", (char *)report->differences->pdata[i]);
  g_assert_cmpuint (report->differences->len, ==, 0);
  return TRUE;
}

/* Reads ENTITY anew. */
static gboolean
reload (MusterTransaction *transaction, gpointer data, GError **error)
{
  MusterEntity **entity = data;
  MusterEntity  *stored = muster_transaction_get (transaction, muster_entity_get_info (*entity),
                                                  muster_entity_get_id (*entity), error);

  g_assert_nonnull (stored);
  g_object_unref (*entity);
  *entity = stored;
  return TRUE;
}

static MusterEntity *
make (Fixture *self, const MusterEntityInfo *info, const char *field, ...)
{
  MusterEntity *entity = muster_entity_new (info);
  va_list       args;

  va_start (args, field);
  for (; field != NULL; field = va_arg (args, const char *))
    muster_entity_set_string (entity, field, va_arg (args, const char *));
  va_end (args);
  run (self, insert, entity);
  return entity;
}

/* The reasons of a unit's moves in order, parted by spaces. */
typedef struct
{
  MusterEntity *device;
  GString      *text;
} Moves;

static gboolean
list_moves (MusterTransaction *transaction, gpointer data, GError **error)
{
  Moves *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_move_info);
  g_autoptr (GPtrArray) moves = NULL;

  muster_query_where (query, "device_id", muster_entity_get_id (self->device));
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  moves = muster_transaction_select (transaction, query, error);
  for (guint i = 0; i < moves->len; i++)
    g_string_append_printf (self->text, "%s%s%s", i > 0 ? " " : "",
                            muster_entity_get_string (moves->pdata[i], "reason"),
                            muster_entity_get_integer (moves->pdata[i], "quantity") < 0 ? "-" : "");
  return TRUE;
}

static char *
describe_moves (Fixture *self, MusterEntity *device)
{
  Moves moves = { device, g_string_new (NULL) };

  run (self, list_moves, &moves);
  return g_string_free_and_steal (moves.text);
}

/* --- dumps: everything but what counts the changes --- */

static gboolean
dump_record (MusterEntity *entity, gpointer text, GError **error)
{
  g_autoptr (MusterEntity) copy = muster_entity_copy (entity);

  muster_entity_set_integer (copy, "revision", 0);
  muster_entity_set_integer (copy, "updated_at", 0);
  if (muster_entity_get_info (copy) == &muster_stock_level_info)
    {
      muster_entity_set_null (copy, "id");
      muster_entity_set_integer (copy, "created_at", 0);
    }
  muster_entity_encode (copy, text);
  g_string_append_c (text, '\n');
  return TRUE;
}

static gboolean
dump_all (MusterTransaction *transaction, gpointer text, GError **error)
{
  static const struct
  {
    const MusterEntityInfo *info;
    const char             *sort;
  } tables[] = { { &muster_product_info, "id" },
                 { &muster_location_info, "id" },
                 { &muster_batch_info, "id" },
                 { &muster_device_info, "id" },
                 { &muster_stock_move_info, "id" },
                 { &muster_stock_level_info, "product_id,location_id,batch_id" } };

  for (unsigned i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (tables[i].info);

      muster_query_set_sort (query, tables[i].sort);
      if (!muster_transaction_for_each (transaction, query, dump_record, text, error))
        return FALSE;
    }
  return TRUE;
}

static char *
dump (Fixture *self)
{
  GString *text = g_string_new (NULL);

  run (self, dump_all, text);
  return g_string_free_and_steal (text);
}

/* --- every step of a unit's life --- */

/* The moves that follow the one with which the unit came, if it came into the stock. */
static const struct
{
  int         from;
  int         to;
  const char *moves;
} steps[] = {
  { IN_STOCK, RESERVED, "receive reserve" },
  { IN_STOCK, SOLD, "receive reserve pick ship" },
  { IN_STOCK, DEPLOYED, "receive move" },
  { IN_STOCK, MAINTENANCE, "receive move" },
  { IN_STOCK, DEFECTIVE, "receive move" },
  { IN_STOCK, RETIRED, "receive scrap" },
  { RESERVED, IN_STOCK, "receive reserve reserve-" },
  { RESERVED, SOLD, "receive reserve pick ship" },
  { RESERVED, DEPLOYED, "receive reserve pick" },
  { SOLD, DEPLOYED, "" },
  { SOLD, IN_STOCK, "return" },
  { SOLD, DEFECTIVE, "" },
  { DEPLOYED, MAINTENANCE, "" },
  { DEPLOYED, DEFECTIVE, "" },
  { DEPLOYED, IN_STOCK, "return" },
  { DEPLOYED, RETIRED, "scrap" },
  { MAINTENANCE, IN_STOCK, "return" },
  { MAINTENANCE, DEPLOYED, "" },
  { MAINTENANCE, DEFECTIVE, "" },
  { MAINTENANCE, RETIRED, "scrap" },
  { DEFECTIVE, MAINTENANCE, "" },
  { DEFECTIVE, RETIRED, "scrap" },
};

static void
assert_quantities (Fixture *self, MusterEntity **product, int status)
{
  run (self, reload, product);
  g_assert_cmpint (muster_entity_get_integer (*product, "on_hand"), ==,
                   status == IN_STOCK || status == RESERVED);
  g_assert_cmpint (muster_entity_get_integer (*product, "reserved"), ==, status == RESERVED);
  run (self, check, NULL);
}

static void
check_step (Fixture *self, unsigned index)
{
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) place = make (self, &muster_location_info, "name", "Rack", NULL);
  const MusterEnum *states = &muster_device_status_enum;
  g_autoptr (MusterEntity) device =
              make (self, &muster_device_info, "name", "Lamp 1", "product_id",
                    muster_entity_get_id (product), "location_id", muster_entity_get_id (place),
                    "status", muster_enum_get_nick (states, steps[index].from), NULL);
  g_autofree char *before = dump (self);
  g_autofree char *moves = NULL;
  g_autofree char *after = NULL;
  gint64           sequence;

  g_test_message ("%s to %s", muster_enum_get_nick (states, steps[index].from),
                  muster_enum_get_nick (states, steps[index].to));
  assert_quantities (self, &product, steps[index].from);
  muster_entity_set_enum (device, "status", steps[index].to);
  sequence = run (self, update, device);
  assert_quantities (self, &product, steps[index].to);
  moves = describe_moves (self, device);
  g_assert_cmpstr (moves, ==, steps[index].moves);
  /* What is sold or scrapped lies nowhere. */
  run (self, reload, &device);
  g_assert_true (muster_entity_is_null (device, "location_id") ==
                 (steps[index].to == SOLD || steps[index].to == RETIRED));
  run (self, undo, &sequence);
  assert_quantities (self, &product, steps[index].from);
  after = dump (self);
  g_assert_cmpstr (after, ==, before);
}

static void
test_every_step (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  unsigned n_allowed = 0;

  for (const MusterTransition *step = muster_device_status_machine.transitions; step->from >= 0;
       step++)
    n_allowed++;
  g_assert_cmpuint (n_allowed, ==, G_N_ELEMENTS (steps));
  for (unsigned i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_assert_true (
        muster_state_machine_allows (&muster_device_status_machine, steps[i].from, steps[i].to));
      check_step (self, i);
    }
}

/* --- places, products and batches --- */

static void
test_places (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) other = make (self, &muster_product_info, "name", "Other", NULL);
  g_autoptr (MusterEntity) rack = make (self, &muster_location_info, "name", "Rack", NULL);
  g_autoptr (MusterEntity) shelf = make (self, &muster_location_info, "name", "Shelf", NULL);
  g_autoptr (MusterEntity) batch = make (self, &muster_batch_info, "product_id",
                                        muster_entity_get_id (product), "number", "B", NULL);
  g_autoptr (MusterEntity) device = make (self, &muster_device_info, "name", "Lamp 1", NULL);
  static const struct
  {
    const char *field;
    int         value; /* of the array below, -1: none */
    const char *moves;
  } changes[] = {
    { "product_id", 0, "adjust" },        { "location_id", 2, "put_away" },
    { "location_id", 3, "move" },         { "batch_id", 4, "adjust adjust" },
    { "location_id", -1, "move" },        { "batch_id", -1, "adjust adjust" },
    { "product_id", 1, "adjust adjust" }, { "product_id", -1, "adjust" },
  };
  MusterEntity *const targets[] = { product, other, rack, shelf, batch };
  g_autoptr (GString) expected = g_string_new (NULL);

  /* Without a product there is nothing to move. */
  muster_entity_set_string (device, "location_id", muster_entity_get_id (rack));
  run (self, update, device);
  muster_entity_set_null (device, "location_id");
  run (self, update, device);
  for (unsigned i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *moves = NULL;
      const char      *id =
        changes[i].value >= 0 ? muster_entity_get_id (targets[changes[i].value]) : NULL;

      muster_entity_set_string (device, changes[i].field, id);
      run (self, update, device);
      run (self, check, NULL);
      moves = describe_moves (self, device);
      g_string_append_printf (expected, "%s%s", i > 0 ? " " : "", changes[i].moves);
      g_assert_cmpstr (moves, ==, expected->str);
    }
}

/* A reserved unit takes its reservation along. */
static void
test_reserved_unit_moves (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) rack = make (self, &muster_location_info, "name", "Rack", NULL);
  g_autoptr (MusterEntity) order = make (self, &muster_order_info, "kind", "sales", "status",
                                        "confirmed", "customer", "Bea", NULL);
  g_autoptr (MusterEntity) line =
              make (self, &muster_order_item_info, "order_id", muster_entity_get_id (order),
                    "product_id", muster_entity_get_id (product), NULL);
  g_autoptr (MusterEntity) device = make (self, &muster_device_info, "name", "Lamp 1", "product_id",
                                         muster_entity_get_id (product), "status", "reserved",
                                         "order_item_id", muster_entity_get_id (line), NULL);
  g_autofree char *moves = NULL;

  muster_entity_set_string (device, "location_id", muster_entity_get_id (rack));
  run (self, update, device);
  run (self, check, NULL);
  run (self, reload, &product);
  g_assert_cmpint (muster_entity_get_integer (product, "reserved"), ==, 1);
  moves = describe_moves (self, device);
  g_assert_cmpstr (moves, ==, "receive reserve reserve- put_away reserve");
  /* Freed, it is nobody's. */
  muster_entity_set_enum (device, "status", IN_STOCK);
  run (self, update, device);
  g_assert_true (muster_entity_is_null (device, "order_item_id"));
  run (self, check, NULL);
}

static gboolean
find_move (MusterTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_move_info);

  *(MusterEntity **)data = muster_transaction_find (transaction, query, error);
  return TRUE;
}

static gboolean
ship (MusterTransaction *transaction, gpointer device, GError **error)
{
  MusterStockContext context = { .reason = -1, .note = "by van" };

  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  muster_entity_set_enum (device, "status", SOLD);
  return muster_transaction_update (transaction, device, 0, error);
}

/* Moves say for which order, and what the job told. */
static void
test_moves_name_the_order (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) order = make (self, &muster_order_info, "kind", "sales", "status",
                                        "confirmed", "customer", "Bea", NULL);
  g_autoptr (MusterEntity) line =
              make (self, &muster_order_item_info, "order_id", muster_entity_get_id (order),
                    "product_id", muster_entity_get_id (product), NULL);
  g_autoptr (MusterEntity) device = make (self, &muster_device_info, "name", "Lamp 1", "product_id",
                                         muster_entity_get_id (product), NULL);
  g_autoptr (MusterEntity) move = NULL;

  muster_entity_set_enum (device, "status", RESERVED);
  muster_entity_set_string (device, "order_item_id", muster_entity_get_id (line));
  run (self, update, device);
  run (self, ship, device);
  run (self, find_move, &move);
  g_assert_cmpstr (muster_entity_get_string (move, "reason"), ==, "ship");
  g_assert_cmpstr (muster_entity_get_string (move, "order_id"), ==, muster_entity_get_id (order));
  g_assert_cmpstr (muster_entity_get_string (move, "order_item_id"), ==,
                   muster_entity_get_id (line));
  g_assert_cmpstr (muster_entity_get_string (move, "note"), ==, "by van");
  g_assert_cmpstr (muster_entity_get_string (move, "actor"), ==, "system:test");
}

/* --- what is refused --- */

static void
assert_refused (Fixture *self,
                gboolean (*func) (MusterTransaction *, gpointer, GError **),
                gpointer    data,
                int         code,
                const char *text)
{
  g_autoptr (GError) error = NULL;

  attempt (self, func, data, &error);
  g_assert_error (error, MUSTER_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, text));
}

static gboolean
delete_record (MusterTransaction *transaction, gpointer entity, GError **error)
{
  return muster_transaction_delete (transaction, muster_entity_get_info (entity),
                                    muster_entity_get_id (entity), 0, error);
}

static gboolean
take_too_many (MusterTransaction *transaction, gpointer product, GError **error)
{
  const MusterStockMoveDraft draft = { .reason = MUSTER_MOVE_REASON_SCRAP,
                                       .product_id = muster_entity_get_id (product),
                                       .quantity = 1,
                                       .outside_to = TRUE };
  g_autoptr (MusterEntity) move = muster_stock_move_write (transaction, &draft, error);

  return move != NULL;
}

static void
test_refusals (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) bulk =
              make (self, &muster_product_info, "name", "Cable", "tracking", "quantity", NULL);
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) hall = make (self, &muster_location_info, "name", "Hall", NULL);
  g_autoptr (MusterEntity) rack = make (self, &muster_location_info, "name", "Rack", "parent_id",
                                       muster_entity_get_id (hall), NULL);
  g_autoptr (MusterEntity) device = make (self, &muster_device_info, "name", "Lamp 1", "product_id",
                                         muster_entity_get_id (product), "location_id",
                                         muster_entity_get_id (rack), NULL);
  g_autoptr (MusterEntity) wrong = muster_entity_copy (device);
  g_autoptr (MusterEntity) circle = muster_entity_copy (hall);
  g_autoptr (MusterEntity) list = muster_entity_copy (product);

  muster_entity_set_string (wrong, "product_id", muster_entity_get_id (bulk));
  assert_refused (self, update, wrong, MUSTER_ERROR_INVALID, "kept by quantity");
  muster_entity_set_string (circle, "parent_id", muster_entity_get_id (rack));
  assert_refused (self, update, circle, MUSTER_ERROR_INVALID, "/parent_id");
  muster_entity_set_string (circle, "parent_id", muster_entity_get_id (hall));
  assert_refused (self, update, circle, MUSTER_ERROR_INVALID, "/parent_id");
  muster_entity_set_string (list, "specifications", "[1]");
  assert_refused (self, update, list, MUSTER_ERROR_INVALID, "/specifications");
  assert_refused (self, delete_record, product, MUSTER_ERROR_CONFLICT, "1 device");
  assert_refused (self, delete_record, rack, MUSTER_ERROR_CONFLICT, "1 device, 1 stock move");
  assert_refused (self, delete_record, hall, MUSTER_ERROR_CONFLICT, "1 location");
  assert_refused (self, take_too_many, bulk, MUSTER_ERROR_CONFLICT, "not as many in stock");
  assert_refused (self, take_too_many, product, MUSTER_ERROR_CONFLICT, "not as many in stock");
  run (self, check, NULL);
}

static void
test_paths (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) hall = make (self, &muster_location_info, "name", "Hall", NULL);
  g_autoptr (MusterEntity) rack = make (self, &muster_location_info, "name", "Rack", "parent_id",
                                       muster_entity_get_id (hall), NULL);
  g_autoptr (MusterEntity) bin = make (self, &muster_location_info, "name", "Bin", "parent_id",
                                      muster_entity_get_id (rack), NULL);
  g_autofree char *before = dump (self);
  g_autofree char *after = NULL;
  gint64           sequence;

  g_assert_cmpstr (muster_entity_get_string (bin, "path"), ==, "Hall › Rack › Bin");
  muster_entity_set_string (hall, "name", "Great hall");
  sequence = run (self, update, hall);
  run (self, reload, &bin);
  g_assert_cmpstr (muster_entity_get_string (bin, "path"), ==, "Great hall › Rack › Bin");
  run (self, undo, &sequence);
  after = dump (self);
  g_assert_cmpstr (after, ==, before);
  run (self, reload, &rack);
  muster_entity_set_null (rack, "parent_id");
  run (self, update, rack);
  run (self, reload, &bin);
  g_assert_cmpstr (muster_entity_get_string (bin, "path"), ==, "Rack › Bin");
}

/* --- random lives --- */

#define N_PRODUCTS 3 /* the last one is kept by quantity */
#define N_PLACES 4
#define N_STEPS 250
#define N_ROUNDS 2

typedef struct
{
  MusterEntity *products[N_PRODUCTS];
  MusterEntity *places[N_PLACES];
  MusterEntity *batches[N_PRODUCTS];
} World;

static const char *
pick_id (MusterEntity *const *entities, int n, int none)
{
  int index = g_test_rand_int_range (-none, n);

  return index >= 0 ? muster_entity_get_id (entities[index]) : NULL;
}

static MusterEntity *
pick_device (MusterTransaction *transaction)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = NULL;

  muster_query_set_limit (query, 40);
  devices = muster_transaction_select (transaction, query, NULL);
  return devices->len > 0 ? g_object_ref (devices->pdata[g_test_rand_int_range (0, devices->len)])
                          : NULL;
}

/* Sets some fields of a unit at random, whether or not that may be. */
static void
shake (World *world, MusterEntity *device)
{
  int product = g_test_rand_int_range (-1, N_PRODUCTS);

  if (g_test_rand_int_range (0, 3) == 0)
    {
      muster_entity_set_string (device, "product_id",
                                product >= 0 ? muster_entity_get_id (world->products[product])
                                             : NULL);
      muster_entity_set_string (device, "batch_id",
                                product >= 0 && g_test_rand_bit ()
                                  ? muster_entity_get_id (world->batches[product])
                                  : NULL);
    }
  if (g_test_rand_bit ())
    muster_entity_set_string (device, "location_id", pick_id (world->places, N_PLACES, 1));
  if (g_test_rand_bit ())
    muster_entity_set_enum (device, "status", g_test_rand_int_range (0, RETIRED + 1));
}

static gboolean
add_unit (World *world, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", "Unit");
  shake (world, device);
  return muster_transaction_insert (transaction, device, error);
}

static gboolean
move_goods (World *world, MusterTransaction *transaction, GError **error)
{
  static const MusterMoveReason reasons[] = {
    MUSTER_MOVE_REASON_RECEIVE, MUSTER_MOVE_REASON_MOVE,  MUSTER_MOVE_REASON_RESERVE,
    MUSTER_MOVE_REASON_PICK,    MUSTER_MOVE_REASON_SCRAP, MUSTER_MOVE_REASON_ADJUST
  };
  MusterMoveReason reason = reasons[g_test_rand_int_range (0, G_N_ELEMENTS (reasons))];
  gboolean         leaves = reason == MUSTER_MOVE_REASON_SCRAP || reason == MUSTER_MOVE_REASON_PICK;
  MusterStockMoveDraft draft = {
    .reason = reason,
    .product_id = muster_entity_get_id (world->products[N_PRODUCTS - 1]),
    .batch_id = pick_id (&world->batches[N_PRODUCTS - 1], 1, 1),
    .quantity = g_test_rand_int_range (1, 6),
    .from_location_id = pick_id (world->places, N_PLACES, 1),
    .to_location_id = leaves ? NULL : pick_id (world->places, N_PLACES, 1),
    .outside_from = reason == MUSTER_MOVE_REASON_RECEIVE || reason == MUSTER_MOVE_REASON_ADJUST,
    .outside_to = leaves,
  };
  g_autoptr (MusterEntity) move = NULL;

  if (reason == MUSTER_MOVE_REASON_RESERVE && g_test_rand_bit ())
    draft.quantity = -draft.quantity;
  move = muster_stock_move_write (transaction, &draft, error);
  return move != NULL;
}

static gboolean
move_place (World *world, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) place =
              muster_transaction_get (transaction, &muster_location_info,
                                      pick_id (world->places, N_PLACES, 0), error);

  muster_entity_set_string (place, "parent_id", pick_id (world->places, N_PLACES, 1));
  return muster_transaction_update (transaction, place, 0, error);
}

/* Anything that somebody may try. */
static gboolean
live (MusterTransaction *transaction, gpointer data, GError **error)
{
  World *world = data;
  g_autoptr (MusterEntity) device = NULL;
  int what = g_test_rand_int_range (0, 10);

  if (what == 0)
    return add_unit (world, transaction, error);
  if (what == 1)
    return move_place (world, transaction, error);
  if (what < 5)
    return move_goods (world, transaction, error);
  device = pick_device (transaction);
  if (device == NULL)
    return add_unit (world, transaction, error);
  if (what == 5)
    return muster_transaction_delete (transaction, &muster_device_info,
                                      muster_entity_get_id (device), 0, error);
  shake (world, device);
  return muster_transaction_update (transaction, device, 0, error);
}

static void
world_init (World *self, Fixture *fixture)
{
  for (int i = 0; i < N_PRODUCTS; i++)
    {
      self->products[i] = make (fixture, &muster_product_info, "name", "Product", "tracking",
                                i == N_PRODUCTS - 1 ? "quantity" : "serial", NULL);
      self->batches[i] = make (fixture, &muster_batch_info, "product_id",
                               muster_entity_get_id (self->products[i]), "number", "B", NULL);
    }
  for (int i = 0; i < N_PLACES; i++)
    self->places[i] = make (fixture, &muster_location_info, "name", "Place", NULL);
}

static void
world_clear (World *self)
{
  for (int i = 0; i < N_PRODUCTS; i++)
    {
      g_clear_object (&self->products[i]);
      g_clear_object (&self->batches[i]);
    }
  for (int i = 0; i < N_PLACES; i++)
    g_clear_object (&self->places[i]);
}

/* Whatever is tried, quantities are the sum of the moves; and everything undone, the last first,
 * nothing is left of it. */
static void
test_random_lives (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  World world;

  world_init (&world, self);
  for (int round = 0; round < N_ROUNDS; round++)
    {
      g_autoptr (GArray) sequences = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autofree char *before = dump (self);
      g_autofree char *after = NULL;

      for (int step = 0; step < N_STEPS; step++)
        {
          g_autoptr (GError) error = NULL;
          gint64 sequence = attempt (self, live, &world, &error);

          if (error != NULL)
            g_assert_true (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
                           g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID));
          else if (sequence != 0)
            g_array_append_val (sequences, sequence);
          if (step % 20 == 0)
            run (self, check, NULL);
        }
      g_assert_cmpuint (sequences->len, >, N_STEPS / 4);
      for (guint i = sequences->len; i > 0; i--)
        run (self, undo, &g_array_index (sequences, gint64, i - 1));
      run (self, check, NULL);
      after = dump (self);
      g_assert_cmpstr (after, ==, before);
    }
  world_clear (&world);
}

/* --- the checker itself --- */

static gboolean
falsify (MusterTransaction *transaction, gpointer product, GError **error)
{
  muster_entity_set_integer (product, "on_hand", 7);
  return muster_transaction_touch (transaction, product, error);
}

static gboolean
expect_difference (MusterTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (MusterStockReport) report = muster_stock_check (transaction, error);

  g_assert_nonnull (report);
  g_assert_cmpuint (report->differences->len, ==, 1);
  g_assert_nonnull (strstr (report->differences->pdata[0], "7 (0 reserved), not 1 (0 reserved)"));
  return TRUE;
}

static void
test_check_finds (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) product = make (self, &muster_product_info, "name", "Lamp", NULL);
  g_autoptr (MusterEntity) device = make (self, &muster_device_info, "name", "Lamp 1", "product_id",
                                         muster_entity_get_id (product), NULL);

  run (self, check, NULL);
  run (self, falsify, product);
  run (self, expect_difference, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/stock-rules/every-step", test_every_step);
  muster_test_add_fiber ("/stock-rules/places", test_places);
  muster_test_add_fiber ("/stock-rules/reserved-unit-moves", test_reserved_unit_moves);
  muster_test_add_fiber ("/stock-rules/moves-name-the-order", test_moves_name_the_order);
  muster_test_add_fiber ("/stock-rules/refusals", test_refusals);
  muster_test_add_fiber ("/stock-rules/paths", test_paths);
  muster_test_add_fiber ("/stock-rules/random-lives", test_random_lives);
  muster_test_add_fiber ("/stock-rules/check-finds", test_check_finds);
  return g_test_run ();
}
