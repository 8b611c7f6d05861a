/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-replacement"

#include "config.h"

#include <string.h>

#include "model/muster-device-group-member.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "model/muster-order-item.h"
#include "model/muster-product.h"
#include "muster-inventory-service-private.h"
#include "muster-stock-moves.h"
#include "muster-unit.h"

#define NAME_MAX_LENGTH 120
#define NOTE_MAX_LENGTH 400
#define OLD_SUFFIX " (replaced)"

typedef struct
{
  MusterInventoryService *service; /* (owned) */
  MusterActor            *actor;   /* (owned) */
  char                   *device_id;
  char                   *serial; /* (nullable) */
  char                   *with;   /* (nullable) */
  char                   *reason; /* (nullable) */

  /* what the job found and made */
  MusterEntity *old;    /* (owned) (nullable) */
  MusterEntity *new;    /* (owned) (nullable) */
  char    *operation;   /* (nullable) */
  char    *note;        /* (nullable): of the moves */
  gboolean was_adopted; /* the old one */
} Replacement;

static void
replacement_clear (gpointer data)
{
  Replacement *self = data;

  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_free (self->device_id);
  g_free (self->serial);
  g_free (self->with);
  g_free (self->reason);
  g_clear_object (&self->old);
  g_clear_object (&self->new);
  g_free (self->operation);
  g_free (self->note);
}

static void
replacement_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, replacement_clear);
}

static gboolean
conflict (GError **error, MusterEntity *device, const char *detail)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s %s",
               muster_entity_get_string (device, "name"), detail);
  return FALSE;
}

/* --- who goes, and who comes --- */

static gboolean
replacement_find_old (Replacement *self, MusterTransaction *transaction, GError **error)
{
  self->old = muster_transaction_get (transaction, &muster_device_info, self->device_id, error);
  if (self->old == NULL)
    return FALSE;
  if (muster_entity_get_enum (self->old, "status") == MUSTER_DEVICE_STATUS_RETIRED)
    return conflict (error, self->old, "is retired: there is nothing to take over");
  if (!muster_entity_is_null (self->old, "loan_id"))
    return conflict (error, self->old, "is lent: take it back first");
  self->was_adopted = muster_entity_get_enum (self->old, "adoption") == MUSTER_ADOPTION_ADOPTED;
  return TRUE;
}

/* A record for a serial number that nobody knows yet, of the same product. */
static gboolean
replacement_make_new (Replacement *self, MusterTransaction *transaction, GError **error)
{
  static const char *const copied[] = { "manufacturer", "model" };
  const char              *product_id = muster_entity_get_string (self->old, "product_id");
  gint64                   now = muster_transaction_get_now (transaction);
  g_autoptr (MusterEntity) product = NULL;

  if (product_id != NULL)
    {
      product = muster_transaction_get (transaction, &muster_product_info, product_id, error);
      if (product == NULL)
        return FALSE;
      self->new = muster_unit_new (product, self->serial, now);
      return muster_transaction_insert (transaction, self->new, error);
    }
  self->new = muster_entity_new (&muster_device_info);
  muster_entity_set_string (self->new, "name", muster_entity_get_string (self->old, "name"));
  muster_entity_set_string (self->new, "serial", self->serial);
  muster_entity_set_enum (self->new, "kind", muster_entity_get_enum (self->old, "kind"));
  muster_entity_set_integer (self->new, "received_at", now);
  for (unsigned i = 0; i < G_N_ELEMENTS (copied); i++)
    muster_entity_set_string (self->new, copied[i],
                              muster_entity_get_string (self->old, copied[i]));
  return muster_transaction_insert (transaction, self->new, error);
}

static gboolean
replacement_check_new (Replacement *self, GError **error)
{
  if (g_str_equal (muster_entity_get_id (self->new), self->device_id))
    return muster_inventory_refuse (self->serial != NULL ? "/serial" : "/device_id", error,
                                    "must be another unit than the one that is replaced");
  if (muster_entity_get_enum (self->new, "status") != MUSTER_DEVICE_STATUS_IN_STOCK)
    {
      g_autofree char *detail = g_strdup_printf ("is %s: choose a unit that is in stock",
                                                 muster_entity_get_string (self->new, "status"));

      return conflict (error, self->new, detail);
    }
  return TRUE;
}

static gboolean
replacement_find_new (Replacement *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (self->serial == NULL && self->with == NULL)
    return muster_inventory_refuse ("/serial", error, "is required, or device_id instead of it");
  if (self->serial != NULL && self->with != NULL)
    return muster_inventory_refuse ("/serial", error, "cannot be told beside device_id");
  if (self->with != NULL)
    self->new = muster_transaction_get (transaction, &muster_device_info, self->with, &cause);
  else
    self->new =
      muster_inventory_find (transaction, &muster_device_info, "serial", self->serial, &cause);
  if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    return muster_inventory_refuse ("/device_id", error, "there is no device %s", self->with);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return self->new != NULL ? replacement_check_new (self, error)
                           : replacement_make_new (self, transaction, error);
}

/* --- handing over --- */

static gboolean
replacement_move_groups (Replacement *self, MusterTransaction *transaction, GError **error)
{
  const char *new_id = muster_entity_get_id (self->new);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);
  g_autoptr (GPtrArray) members = NULL;

  muster_query_where (query, "device_id", self->device_id);
  muster_query_set_limit (query, 0);
  members = muster_transaction_select (transaction, query, error);
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      MusterEntity *member = members->pdata[i];
      const char   *group_id = muster_entity_get_string (member, "group_id");
      g_autoptr (MusterQuery) same = muster_query_new (&muster_device_group_member_info);
      g_autoptr (MusterEntity) next = muster_entity_new (&muster_device_group_member_info);
      gint64 n_same = 0;

      muster_query_where (same, "group_id", group_id);
      muster_query_where (same, "device_id", new_id);
      n_same = muster_transaction_count (transaction, same, error);
      if (n_same < 0 || !muster_transaction_delete (transaction, &muster_device_group_member_info,
                                                    muster_entity_get_id (member), 0, error))
        return FALSE;
      muster_entity_set_string (next, "group_id", group_id);
      muster_entity_set_string (next, "device_id", new_id);
      if (n_same == 0 && !muster_transaction_insert (transaction, next, error))
        return FALSE;
    }
  return members != NULL;
}

/* What people said of the old one's values holds for the new one's of the same names. */
static gboolean
replacement_copy_metrics (Replacement *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) metrics = NULL;

  muster_query_where (query, "device_id", self->device_id);
  muster_query_set_limit (query, 0);
  metrics = muster_transaction_select (transaction, query, error);
  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    {
      g_autoptr (MusterQuery) same = muster_query_new (&muster_metric_info);
      g_autoptr (MusterEntity) copy = muster_entity_copy (metrics->pdata[i]);
      gint64 n_same = 0;

      muster_query_where (same, "device_id", muster_entity_get_id (self->new));
      muster_query_where (same, "name", muster_entity_get_string (copy, "name"));
      n_same = muster_transaction_count (transaction, same, error);
      muster_entity_set_null (copy, "id");
      muster_entity_set_string (copy, "device_id", muster_entity_get_id (self->new));
      if (n_same < 0 || (n_same == 0 && !muster_transaction_insert (transaction, copy, error)))
        return FALSE;
    }
  return metrics != NULL;
}

/* Each a step that the state machine allows. */
static gboolean
step_to (MusterTransaction *transaction, MusterEntity *device, int status, GError **error)
{
  muster_entity_set_enum (device, "status", status);
  return muster_transaction_update (transaction, device, 0, error);
}

/* The old one to maintenance, by way of what lies between. */
static gboolean
replacement_retreat (Replacement *self, MusterTransaction *transaction, int status, GError **error)
{
  MusterEntity    *old = self->old;
  g_autofree char *stem =
    g_utf8_substring (muster_entity_get_string (old, "name"), 0,
                      MIN (g_utf8_strlen (muster_entity_get_string (old, "name"), -1),
                           NAME_MAX_LENGTH - (glong)strlen (OLD_SUFFIX)));
  g_autofree char *name = g_strconcat (stem, OLD_SUFFIX, NULL);

  muster_entity_set_string (old, "name", name);
  muster_entity_set_null (old, "order_item_id");
  muster_entity_set_null (old, "customer_id");
  muster_entity_set_null (old, "location_id");
  muster_entity_set_null (old, "location");
  if ((status == MUSTER_DEVICE_STATUS_SOLD &&
       !step_to (transaction, old, MUSTER_DEVICE_STATUS_DEFECTIVE, error)) ||
      (status == MUSTER_DEVICE_STATUS_RESERVED &&
       !step_to (transaction, old, MUSTER_DEVICE_STATUS_IN_STOCK, error)))
    return FALSE;
  return step_to (transaction, old, MUSTER_DEVICE_STATUS_MAINTENANCE, error);
}

/* The new one in its place. */
static gboolean
replacement_advance (Replacement       *self,
                     MusterTransaction *transaction,
                     MusterEntity      *model,
                     GError           **error)
{
  static const char *const taken[] = { "name", "location", "location_id", "order_item_id",
                                       "customer_id" };
  int                      status = muster_entity_get_enum (model, "status");
  MusterEntity *new = self->new;

  for (unsigned i = 0; i < G_N_ELEMENTS (taken); i++)
    muster_entity_set_string (new, taken[i], muster_entity_get_string (model, taken[i]));
  muster_entity_set_string (new, "replaces_id", self->device_id);
  /* What is being repaired already has left its place empty. */
  if (status == MUSTER_DEVICE_STATUS_MAINTENANCE || status == MUSTER_DEVICE_STATUS_DEFECTIVE)
    status = MUSTER_DEVICE_STATUS_DEPLOYED;
  return step_to (transaction, new, status, error);
}

/* The line that named the old one itself names the new one. */
static gboolean
replacement_move_line (Replacement       *self,
                       MusterTransaction *transaction,
                       MusterEntity      *model,
                       GError           **error)
{
  const char *line_id = muster_entity_get_string (model, "order_item_id");
  g_autoptr (MusterEntity) line = NULL;

  if (line_id != NULL)
    line = muster_transaction_get (transaction, &muster_order_item_info, line_id, NULL);
  if (line == NULL ||
      g_strcmp0 (muster_entity_get_string (line, "device_id"), self->device_id) != 0)
    return TRUE;
  muster_entity_set_string (line, "device_id", muster_entity_get_id (self->new));
  return muster_transaction_update (transaction, line, 0, error);
}

static void
replacement_describe (Replacement *self, MusterTransaction *transaction)
{
  const char      *unit = muster_entity_get_string (self->new, "serial");
  g_autofree char *summary = NULL;
  g_autofree char *note = NULL;

  summary = g_strdup_printf ("Replace %s by %s", muster_entity_get_string (self->old, "name"),
                             unit != NULL ? unit : muster_entity_get_string (self->new, "name"));
  muster_transaction_set_summary (transaction, summary);
  note =
    self->reason != NULL ? g_strdup_printf ("%s: %s", summary, self->reason) : g_strdup (summary);
  self->note = g_utf8_substring (note, 0, MIN (g_utf8_strlen (note, -1), NOTE_MAX_LENGTH));
}

static gboolean
replace_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Replacement       *self = data;
  MusterStockContext context = { .reason = -1 };
  g_autoptr (MusterEntity) model = NULL;

  /* A new record, if there has to be one, is named after it is found what there is. */
  muster_transaction_set_summary (transaction, "Replace a device");
  if (!replacement_find_old (self, transaction, error) ||
      !replacement_find_new (self, transaction, error))
    return FALSE;
  replacement_describe (self, transaction);
  context.note = self->note;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  model = muster_entity_copy (self->old);
  if (!replacement_retreat (self, transaction, muster_entity_get_enum (model, "status"), error) ||
      !replacement_advance (self, transaction, model, error) ||
      !replacement_move_line (self, transaction, model, error) ||
      !replacement_move_groups (self, transaction, error) ||
      !replacement_copy_metrics (self, transaction, error))
    return FALSE;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  self->operation = g_strdup (muster_transaction_get_operation (transaction));
  return TRUE;
}

/* --- the call --- */

static GBytes *
replacement_encode (Replacement *self, const char *final)
{
  GString *json = g_string_new ("{\"device\":");

  muster_entity_encode (self->new, json);
  g_string_append (json, ",\"replaced\":");
  muster_entity_encode (self->old, json);
  muster_inventory_append_member (json, "operation", self->operation);
  muster_inventory_append_member (json, "final", final);
  g_string_append_c (json, '}');
  return g_string_free_to_bytes (json);
}

static DexFuture *
replace_fiber (gpointer data)
{
  Replacement *self = data;
  const char  *final = NULL;
  g_autoptr (MusterEntity) released = NULL;
  GError *error = NULL;

  if (!dex_await (muster_inventory_service_write (self->service, self->actor, "Replace a device",
                                                  replace_job, g_atomic_rc_box_acquire (self),
                                                  replacement_unref),
                  &error))
    return dex_future_new_for_error (error);
  if (self->was_adopted)
    {
      final = "the replaced device was released: undoing does not give it its account back, adopt "
              "it again";
      if (!dex_await (muster_inventory_service_release (self->service, self->actor,
                                                        self->device_id),
                      &error))
        {
          g_warning ("%s was replaced but could not be released: %s",
                     muster_entity_get_string (self->old, "name"), error->message);
          g_clear_error (&error);
          final = "the replaced device could not be released: release it by hand";
        }
      released = dex_await_object (muster_repository_get (muster_inventory_service_get_repository (
                                                            self->service),
                                                          &muster_device_info, self->device_id),
                                   NULL);
      if (released != NULL)
        g_set_object (&self->old, released);
    }
  return dex_future_new_take_boxed (G_TYPE_BYTES, replacement_encode (self, final));
}

DexFuture *
muster_inventory_service_replace (MusterInventoryService *self,
                                  MusterActor            *actor,
                                  const char             *device_id,
                                  const char             *serial,
                                  const char             *with,
                                  const char             *reason)
{
  Replacement *job = NULL;
  DexFuture   *future = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);

  job = g_atomic_rc_box_new0 (Replacement);
  job->service = g_object_ref (self);
  job->actor = muster_actor_ref (actor);
  job->device_id = g_strdup (device_id);
  job->serial = g_strdup (serial);
  job->with = g_strdup (with);
  job->reason = g_strdup (reason);
  future = dex_scheduler_spawn (NULL, 0, replace_fiber, job, replacement_unref);
  /* What is begun is ended, whether or not the caller waits for it. */
  dex_future_disown (dex_ref (future));
  return future;
}
