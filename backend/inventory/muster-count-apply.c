/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-count-apply"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "model/muster-time.h"
#include "muster-count-private.h"
#include "muster-stock-moves.h"
#include "muster-stock-share.h"

/* A stocktake that becomes the stock. Each line is compared with how things are now: what has
 * changed since it was counted is left alone and told of. */
typedef struct
{
  char            *stocktake_id;
  MusterCountFlags flags;

  MusterTransaction *transaction; /* (unowned) */
  MusterEntity      *stocktake;   /* (owned) (nullable) */
  MusterStockContext context;     /* of the moves */
  GString           *conflicts;   /* (owned) */
  unsigned           n_applied;
  gboolean           tried; /* all of it, to be taken back */
} Apply;

static void
apply_free (gpointer data)
{
  Apply *self = data;

  g_free (self->stocktake_id);
  g_clear_object (&self->stocktake);
  g_string_free (self->conflicts, TRUE);
  g_free (self);
}

static gboolean apply_add_conflict (Apply *self, MusterEntity *line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Always TRUE: the others go on. */
static gboolean
apply_add_conflict (Apply *self, MusterEntity *line, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  g_string_append (self->conflicts, self->conflicts->len > 0 ? ",{" : "{");
  muster_inventory_append_member (self->conflicts, "line_id", muster_entity_get_id (line));
  muster_inventory_append_member (self->conflicts, "code", muster_entity_get_string (line, "code"));
  muster_inventory_append_member (self->conflicts, "detail", detail);
  g_string_append_c (self->conflicts, '}');
  return TRUE;
}

/* --- when it was counted --- */

/* The time of the line's last scan by the side that scanned, but not later than it came here; of
 * the stocktake's begin where it was never scanned. */
static gboolean
apply_find_time (Apply *self, MusterEntity *line, gint64 *time, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stocktake_scan_info);
  g_autoptr (GPtrArray) scans = NULL;

  muster_query_where (query, "line_id", muster_entity_get_id (line));
  muster_query_set_limit (query, 0);
  scans = muster_transaction_select (self->transaction, query, error);
  if (scans == NULL)
    return FALSE;
  *time = scans->len > 0 ? 0 : muster_entity_get_integer (line, "created_at");
  for (guint i = 0; i < scans->len; i++)
    {
      gint64 came = muster_entity_get_integer (scans->pdata[i], "created_at");
      gint64 scanned = muster_entity_is_null (scans->pdata[i], "scanned_at")
                         ? came
                         : muster_entity_get_integer (scans->pdata[i], "scanned_at");

      *time = MAX (*time, MIN (came, scanned));
    }
  return TRUE;
}

/* Of the stock moves since TIME. */
static MusterQuery *
make_later_moves (gint64 time)
{
  MusterQuery *query = muster_query_new (&muster_stock_move_info);
  char         text[MUSTER_TIME_TEXT_LENGTH + 1];

  /* Times are whole milliseconds. */
  muster_query_where (query, "created_at.min", muster_time_format (time + 1000, text));
  return query;
}

/* "Hall 1 › Rack 2": (transfer full). */
static char *
apply_describe_place (Apply *self, const char *location_id)
{
  g_autoptr (MusterEntity) location = NULL;

  if (location_id != NULL)
    location = muster_transaction_get (self->transaction, &muster_location_info, location_id, NULL);
  return g_strdup (location != NULL ? muster_entity_get_string (location, "path") : "no place");
}

/* --- units --- */

static gboolean
apply_store (Apply *self, MusterEntity *device, int reason, GError **error)
{
  self->n_applied++;
  self->context.reason = reason;
  return muster_transaction_update (self->transaction, device, 0, error);
}

static gboolean
store_unit (MusterTransaction *transaction, gpointer data, GError **error)
{
  return muster_transaction_update (transaction, data, 0, error);
}

/* A unit that was not found. */
static gboolean
apply_missing_unit (Apply *self, MusterEntity *line, MusterEntity *device, GError **error)
{
  const char *at = muster_entity_get_string (device, "location_id");
  int         status = muster_entity_get_enum (device, "status");

  if (status == MUSTER_DEVICE_STATUS_RESERVED)
    return apply_add_conflict (self, line,
                               "was not found but is reserved: free it from its order first");
  if (status != MUSTER_DEVICE_STATUS_IN_STOCK)
    return apply_add_conflict (self, line, "was not found: it is %s meanwhile",
                               muster_entity_get_string (device, "status"));
  if (g_strcmp0 (at, muster_entity_get_string (line, "location_id")) != 0)
    {
      g_autofree char *place = apply_describe_place (self, at);

      return apply_add_conflict (self, line, "was not found: it is at %s meanwhile", place);
    }
  if (self->flags & MUSTER_COUNT_KEEP_MISSING)
    return TRUE;
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_RETIRED);
  return apply_store (self, device, MUSTER_MOVE_REASON_ADJUST, error);
}

/* Whether somebody has moved the unit since it was seen. */
static gboolean
apply_find_later_move (Apply        *self,
                       MusterEntity *line,
                       MusterEntity *device,
                       gboolean     *moved,
                       GError      **error)
{
  g_autoptr (MusterQuery) query = NULL;
  gint64 time = 0, count = 0;

  if (!apply_find_time (self, line, &time, error))
    return FALSE;
  query = make_later_moves (time);
  muster_query_where (query, "device_id", muster_entity_get_id (device));
  count = muster_transaction_count (self->transaction, query, error);
  *moved = count > 0;
  return count >= 0;
}

/* Back in the stock, unless whoever sold it has still something to do about that. */
static gboolean
apply_found_sold_unit (Apply *self, MusterEntity *line, MusterEntity *device, GError **error)
{
  g_autoptr (GError) cause = NULL;

  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
  self->context.reason = MUSTER_MOVE_REASON_ADJUST;
  if (muster_transaction_try (self->transaction, store_unit, device, &cause))
    {
      self->n_applied++;
      return TRUE;
    }
  if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    return apply_add_conflict (self, line, "was found: %s", cause->message);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* A unit that was found. */
static gboolean
apply_found_unit (Apply *self, MusterEntity *line, MusterEntity *device, GError **error)
{
  const char *place = muster_entity_get_string (line, "location_id");
  int         status = muster_entity_get_enum (device, "status");
  gboolean    moved = FALSE;

  if (status == MUSTER_DEVICE_STATUS_RETIRED)
    return apply_add_conflict (self, line,
                               "was found but is retired: undo that, or give it a new record");
  if (g_strcmp0 (muster_entity_get_string (device, "location_id"), place) == 0 &&
      status != MUSTER_DEVICE_STATUS_SOLD)
    return TRUE;
  if (!apply_find_later_move (self, line, device, &moved, error))
    return FALSE;
  if (moved)
    {
      g_autofree char *now =
        apply_describe_place (self, muster_entity_get_string (device, "location_id"));

      return apply_add_conflict (self, line, "has been moved since it was counted: %s, %s", now,
                                 muster_entity_get_string (device, "status"));
    }
  muster_entity_set_string (device, "location_id", place);
  if (status != MUSTER_DEVICE_STATUS_SOLD)
    return apply_store (self, device, -1, error);
  return apply_found_sold_unit (self, line, device, error);
}

static gboolean
apply_unit (Apply *self, MusterEntity *line, GError **error)
{
  g_autoptr (MusterEntity) device =
              muster_transaction_get (self->transaction, &muster_device_info,
                                      muster_entity_get_string (line, "device_id"), error);

  if (device == NULL)
    return FALSE;
  if (muster_entity_get_integer (line, "counted") > 0)
    return apply_found_unit (self, line, device, error);
  return muster_entity_get_integer (line, "expected") == 0 ||
         apply_missing_unit (self, line, device, error);
}

/* --- goods --- */

/* What moves at the place come to. */
typedef struct
{
  const char *location_id;
  gint64      change;
} Flow;

static gboolean
add_move (MusterEntity *move, gpointer data, GError **error)
{
  Flow  *self = data;
  gint64 quantity = muster_entity_get_integer (move, "quantity");

  if (muster_entity_get_enum (move, "reason") == MUSTER_MOVE_REASON_RESERVE)
    return TRUE;
  if (!muster_entity_get_boolean (move, "outside_from") &&
      g_strcmp0 (muster_entity_get_string (move, "from_location_id"), self->location_id) == 0)
    self->change -= quantity;
  if (!muster_entity_get_boolean (move, "outside_to") &&
      g_strcmp0 (muster_entity_get_string (move, "to_location_id"), self->location_id) == 0)
    self->change += quantity;
  return TRUE;
}

/* How many lay there when the line was counted, and how many do now. */
static gboolean
apply_read_level (Apply *self, MusterEntity *line, gint64 *then, gint64 *now, GError **error)
{
  const char *product_id = muster_entity_get_string (line, "product_id");
  const char *location_id = muster_entity_get_string (line, "location_id");
  Flow        flow = { .location_id = location_id };
  g_autoptr (MusterQuery) level_query = muster_query_new (&muster_stock_level_info);
  g_autoptr (MusterQuery) move_query = NULL;
  g_autoptr (GPtrArray) levels = NULL;
  gint64 time = 0;

  muster_query_where (level_query, "product_id", product_id);
  muster_query_where (level_query, "location_id", location_id);
  muster_query_set_limit (level_query, 0);
  levels = muster_transaction_select (self->transaction, level_query, error);
  if (levels == NULL || !apply_find_time (self, line, &time, error))
    return FALSE;
  *now = 0;
  for (guint i = 0; i < levels->len; i++)
    *now += muster_entity_get_integer (levels->pdata[i], "quantity");
  move_query = make_later_moves (time);
  muster_query_where (move_query, "product_id", product_id);
  if (!muster_transaction_for_each (self->transaction, move_query, add_move, &flow, error))
    return FALSE;
  *then = *now - flow.change;
  return TRUE;
}

static gboolean
apply_adjust (Apply                  *self,
              MusterStockMoveDraft    draft,
              const MusterStockShare *share,
              GError                **error)
{
  g_autoptr (MusterEntity) move = NULL;

  draft.batch_id = share->batch_id;
  draft.quantity = share->quantity;
  move = muster_stock_move_write (self->transaction, &draft, error);
  self->n_applied += move != NULL;
  return move != NULL;
}

/* What is more goes to the batch that lies there, if there is only one. */
static gboolean
apply_surplus (Apply *self, MusterEntity *line, gint64 quantity, GError **error)
{
  const char *product_id = muster_entity_get_string (line, "product_id");
  const char *location_id = muster_entity_get_string (line, "location_id");
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_level_info);
  g_autoptr (GPtrArray) levels = NULL;
  MusterStockShare     share = { NULL, quantity };
  MusterStockMoveDraft draft = { .reason = MUSTER_MOVE_REASON_ADJUST,
                                 .product_id = product_id,
                                 .to_location_id = location_id,
                                 .outside_from = TRUE };

  muster_query_where (query, "product_id", product_id);
  muster_query_where (query, "location_id", location_id);
  levels = muster_transaction_select (self->transaction, query, error);
  if (levels == NULL)
    return FALSE;
  if (levels->len == 1)
    share.batch_id = (char *)muster_entity_get_string (levels->pdata[0], "batch_id");
  return apply_adjust (self, draft, &share, error);
}

static gboolean
apply_shortage (Apply *self, MusterEntity *line, gint64 quantity, GError **error)
{
  const char *product_id = muster_entity_get_string (line, "product_id");
  const char *location_id = muster_entity_get_string (line, "location_id");
  gint64      free_quantity = 0;
  g_autoptr (GArray) shares = muster_stock_share (self->transaction, product_id, location_id, NULL,
                                                 quantity, &free_quantity, error);
  const MusterStockMoveDraft draft = { .reason = MUSTER_MOVE_REASON_ADJUST,
                                       .product_id = product_id,
                                       .from_location_id = location_id,
                                       .outside_to = TRUE };

  if (shares == NULL)
    return FALSE;
  if (free_quantity < quantity)
    return apply_add_conflict (self, line,
                               "%" G_GINT64_FORMAT " are missing but only %" G_GINT64_FORMAT
                               " are not reserved: free some from their orders first",
                               quantity, free_quantity);
  for (guint i = 0; i < shares->len; i++)
    if (!apply_adjust (self, draft, &g_array_index (shares, MusterStockShare, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_goods (Apply *self, MusterEntity *line, GError **error)
{
  gint64 counted = muster_entity_get_integer (line, "counted");
  gint64 then = 0, now = 0;

  if (!apply_read_level (self, line, &then, &now, error))
    return FALSE;
  if (counted == 0 && (self->flags & MUSTER_COUNT_KEEP_MISSING))
    return TRUE;
  if (counted == 0 && muster_entity_get_integer (line, "expected") > 0 && then != now)
    return apply_add_conflict (self, line,
                               "was not counted, and has changed from %" G_GINT64_FORMAT
                               " to %" G_GINT64_FORMAT " meanwhile: count it",
                               then, now);
  if (counted == then)
    return TRUE;
  return counted > then ? apply_surplus (self, line, counted - then, error)
                        : apply_shortage (self, line, then - counted, error);
}

/* --- all of it --- */

static gboolean
apply_lines (Apply *self, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stocktake_line_info);
  g_autoptr (GPtrArray) lines = NULL;

  muster_query_where (query, "stocktake_id", self->stocktake_id);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  lines = muster_transaction_select (self->transaction, query, error);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MusterEntity *line = lines->pdata[i];
      gboolean      done = TRUE;

      if (!muster_entity_is_null (line, "device_id"))
        done = apply_unit (self, line, error);
      else if (!muster_entity_is_null (line, "product_id"))
        done = apply_goods (self, line, error);
      if (!done)
        return FALSE;
    }
  return lines != NULL;
}

static gboolean
apply_run (MusterTransaction *transaction, gpointer data, GError **error)
{
  Apply   *self = data;
  gboolean done;

  self->context =
    (MusterStockContext){ .reason = -1,
                          .stocktake_id = self->stocktake_id,
                          .note = muster_entity_get_string (self->stocktake, "name") };
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &self->context);
  done = apply_lines (self, error);
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  if (!done)
    return FALSE;
  muster_entity_set_enum (self->stocktake, "status", MUSTER_STOCKTAKE_STATUS_APPLIED);
  muster_entity_set_integer (self->stocktake, "applied_at",
                             muster_transaction_get_now (transaction));
  if (!muster_transaction_update (transaction, self->stocktake, 0, error))
    return FALSE;
  self->tried = (self->flags & MUSTER_COUNT_PREVIEW) != 0;
  if (!self->tried)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "a preview");
  return FALSE;
}

/* The stocktake as it is in the end. */
static gboolean
apply_encode (Apply *self, GString *json, GError **error)
{
  g_autoptr (MusterEntity) stocktake =
              muster_transaction_get (self->transaction, &muster_stocktake_info, self->stocktake_id,
                                      error);
  gboolean preview = (self->flags & MUSTER_COUNT_PREVIEW) != 0;

  if (stocktake == NULL)
    return FALSE;
  g_string_append (json, "{\"stocktake\":");
  muster_entity_encode (stocktake, json);
  g_string_append_printf (json, ",\"preview\":%s,\"applied\":%u", preview ? "true" : "false",
                          self->n_applied);
  muster_inventory_append_member (json, "operation",
                                  preview ? NULL
                                          : muster_transaction_get_operation (self->transaction));
  g_string_append_printf (json, ",\"conflicts\":[%s]}", self->conflicts->str);
  return TRUE;
}

static gboolean
apply_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Apply *self = data;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) cause = NULL;
  g_autofree char *summary = NULL;

  self->transaction = transaction;
  self->stocktake = muster_count_get_open (transaction, self->stocktake_id, error);
  if (self->stocktake == NULL)
    return FALSE;
  summary = g_strdup_printf ("Apply %s", muster_entity_get_string (self->stocktake, "name"));
  muster_transaction_set_summary (transaction, summary);
  if (!muster_transaction_try (transaction, apply_run, self, &cause) && !self->tried)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (!apply_encode (self, json, error))
    return FALSE;
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

DexFuture *
muster_inventory_service_apply_count (MusterInventoryService *self,
                                      MusterActor            *actor,
                                      const char             *id,
                                      MusterCountFlags        flags)
{
  Apply *apply = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);

  apply = g_new0 (Apply, 1);
  apply->stocktake_id = g_strdup (id);
  apply->flags = flags;
  apply->conflicts = g_string_new (NULL);
  return muster_inventory_service_write (self, actor, "Apply a count", apply_job, apply,
                                         apply_free);
}
