/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-count-scans"

#include "config.h"

#include "model/muster-adoption-code.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "muster-code.h"
#include "muster-count-private.h"
#include "muster-location-rules.h"

#define CODE_MAX_LENGTH 200
#define ACTOR_MAX_LENGTH 200
#define MAX_COUNTED 1000000000

/* Scans on their way into a stocktake. */
typedef struct
{
  char      *stocktake_id;
  GPtrArray *scans; /* (element-type MusterEntity) */

  MusterTransaction *transaction; /* (unowned) */
  MusterEntity      *stocktake;   /* (owned) (nullable) */
  GHashTable        *places;      /* (owned) (nullable) (element-type utf8): that are counted */
  GString           *json;        /* (owned): the items */
} Count;

static void
count_free (gpointer data)
{
  Count *self = data;

  g_free (self->stocktake_id);
  g_ptr_array_unref (self->scans);
  g_clear_object (&self->stocktake);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_string_free (self->json, TRUE);
  g_free (self);
}

static gboolean
count_load_places (Count *self, GError **error)
{
  g_auto (GStrv) ids =
           muster_location_list_within (self->transaction,
                                        muster_entity_get_string (self->stocktake, "location_id"),
                                        error);

  if (ids == NULL)
    return FALSE;
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (char **id = ids; *id != NULL; id++)
    g_hash_table_add (self->places, g_strdup (*id));
  return TRUE;
}

static gboolean
count_check_place (Count *self, guint index, MusterEntity *scan, GError **error)
{
  const char      *location_id = muster_entity_get_string (scan, "location_id");
  g_autofree char *pointer = NULL;

  if (location_id == NULL || g_hash_table_contains (self->places, location_id))
    return TRUE;
  pointer = self->scans->len > 1 ? g_strdup_printf ("/scans/%u/location_id", index)
                                 : g_strdup ("/location_id");
  return muster_inventory_refuse (pointer, error,
                                  "must be the place that is counted or one within it");
}

/* --- lines --- */

/* The first of the stocktake's lines whose FIELD is VALUE, at LOCATION_ID where that is not NULL.
 */
static MusterEntity *
count_find_line (Count      *self,
                 const char *field,
                 const char *value,
                 const char *location_id,
                 GError    **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stocktake_line_info);

  muster_query_where (query, "stocktake_id", self->stocktake_id);
  muster_query_where (query, field, value);
  if (location_id != NULL)
    muster_query_where (query, "location_id", location_id);
  muster_query_set_sort (query, "id");
  return muster_transaction_find (self->transaction, query, error);
}

static MusterEntity *
count_make_line (Count *self, const char *code, const char *location_id)
{
  MusterEntity    *line = muster_entity_new (&muster_stocktake_line_info);
  g_autofree char *cut =
    g_utf8_substring (code, 0, MIN (g_utf8_strlen (code, -1), CODE_MAX_LENGTH));

  muster_entity_set_string (line, "stocktake_id", self->stocktake_id);
  muster_entity_set_string (line, "code", cut);
  muster_entity_set_string (line, "location_id",
                            location_id != NULL
                              ? location_id
                              : muster_entity_get_string (self->stocktake, "location_id"));
  return line;
}

static gboolean
count_store_line (Count *self, MusterEntity *line, GError **error)
{
  return muster_entity_get_id (line) == NULL
           ? muster_transaction_insert (self->transaction, line, error)
           : muster_transaction_update (self->transaction, line, 0, error);
}

/* --- one unit --- */

/* What finding DEVICE at the line's place says. */
static int
judge_device (Count *self, MusterEntity *device, MusterEntity *line)
{
  const char *at = muster_entity_get_string (device, "location_id");
  int         status = muster_entity_get_enum (device, "status");

  if (muster_entity_get_integer (line, "counted") == 0)
    return muster_entity_get_integer (line, "expected") > 0 ? MUSTER_COUNT_RESULT_MISSING
                                                            : MUSTER_COUNT_RESULT_EXPECTED;
  if (status == MUSTER_DEVICE_STATUS_SOLD || status == MUSTER_DEVICE_STATUS_RETIRED)
    return MUSTER_COUNT_RESULT_EXTRA;
  return g_strcmp0 (at, muster_entity_get_string (line, "location_id")) == 0
           ? MUSTER_COUNT_RESULT_EXPECTED
           : MUSTER_COUNT_RESULT_MOVED;
}

static MusterEntity *
count_unit (Count *self, MusterEntity *scan, MusterEntity *device, GError **error)
{
  const char *location_id = muster_entity_get_string (scan, "location_id");
  const char *at = muster_entity_get_string (device, "location_id");
  g_autoptr (MusterEntity) line = NULL;
  g_autoptr (GError) cause = NULL;

  line = count_find_line (self, "device_id", muster_entity_get_id (device), NULL, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  if (line == NULL)
    {
      /* Without a word of where exactly, it is where its record says, if that is counted here. */
      if (location_id == NULL && at != NULL && g_hash_table_contains (self->places, at))
        location_id = at;
      line = count_make_line (self, muster_count_get_device_code (device), location_id);
      muster_entity_set_string (line, "device_id", muster_entity_get_id (device));
      muster_entity_set_string (line, "product_id",
                                muster_entity_get_string (device, "product_id"));
    }
  else if (location_id != NULL)
    muster_entity_set_string (line, "location_id", location_id);
  muster_entity_set_integer (line, "counted", muster_entity_get_integer (scan, "quantity") > 0);
  muster_entity_set_enum (line, "result", judge_device (self, device, line));
  return count_store_line (self, line, error) ? g_steal_pointer (&line) : NULL;
}

/* --- goods, and what nobody knows --- */

static int
judge_goods (MusterEntity *line)
{
  gint64 counted = muster_entity_get_integer (line, "counted");
  gint64 expected = muster_entity_get_integer (line, "expected");

  return counted < expected   ? MUSTER_COUNT_RESULT_MISSING
         : counted > expected ? MUSTER_COUNT_RESULT_EXTRA
                              : MUSTER_COUNT_RESULT_EXPECTED;
}

static gboolean
add_quantity (MusterEntity *line, MusterEntity *scan, GError **error)
{
  gint64 counted = 0;

  /* Both are bounded by their fields. */
  counted =
    muster_entity_get_integer (line, "counted") + muster_entity_get_integer (scan, "quantity");
  if (counted < 0)
    return muster_inventory_refuse ("/quantity", error,
                                    "must not take back more than were counted");
  if (counted > MAX_COUNTED)
    return muster_inventory_refuse ("/quantity", error, "must not come to more than %d",
                                    MAX_COUNTED);
  muster_entity_set_integer (line, "counted", counted);
  return TRUE;
}

/* PRODUCT is NULL for a code that nobody knows. */
static MusterEntity *
count_goods (Count *self, MusterEntity *scan, MusterEntity *product, GError **error)
{
  const char *location_id = muster_entity_get_string (scan, "location_id");
  const char *code = product != NULL ? muster_count_get_product_code (product)
                                     : muster_entity_get_string (scan, "code");
  g_autoptr (MusterEntity) line = NULL;
  g_autoptr (GError) cause = NULL;

  line = product != NULL ? count_find_line (self, "product_id", muster_entity_get_id (product),
                                            location_id, &cause)
                         : count_find_line (self, "code", code, location_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  if (line == NULL)
    line = count_make_line (self, code, location_id);
  if (product != NULL)
    muster_entity_set_string (line, "product_id", muster_entity_get_id (product));
  if (!add_quantity (line, scan, error))
    return NULL;
  muster_entity_set_enum (line, "result",
                          product != NULL ? judge_goods (line) : MUSTER_COUNT_RESULT_UNKNOWN);
  return count_store_line (self, line, error) ? g_steal_pointer (&line) : NULL;
}

/* --- one scan --- */

/* What a scan was, for its row of the answer. */
typedef struct
{
  const char   *kind;
  MusterEntity *entity; /* (nullable) */
  MusterEntity *line;   /* (nullable) */
  const char   *detail; /* (nullable) */
} Finding;

static void
append_integer (GString *json, const char *name, gint64 value)
{
  g_string_append_printf (json, ",\"%s\":%" G_GINT64_FORMAT, name, value);
}

static void
count_append (Count *self, MusterEntity *scan, const Finding *finding)
{
  static const char *const texts[] = { "result", "device_id", "product_id", "location_id" };
  GString                 *json = self->json;
  MusterEntity            *line = finding->line;
  const char              *title = NULL;

  if (finding->entity != NULL)
    title = muster_entity_get_string (finding->entity,
                                      muster_entity_get_info (finding->entity)->title_field);
  g_string_append (json, json->len > 0 ? ",{" : "{");
  muster_inventory_append_member (json, "id", muster_entity_get_id (scan));
  muster_inventory_append_member (json, "code", muster_entity_get_string (scan, "code"));
  muster_inventory_append_member (json, "kind", finding->kind);
  muster_inventory_append_member (json, "title", title);
  muster_inventory_append_member (json, "detail", finding->detail);
  muster_inventory_append_member (json, "line_id",
                                  line != NULL ? muster_entity_get_id (line) : NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = line != NULL ? muster_entity_get_string (line, texts[i]) : NULL;

      if (text == NULL && g_str_equal (texts[i], "location_id") && finding->entity != NULL &&
          muster_entity_get_info (finding->entity) == &muster_location_info)
        text = muster_entity_get_id (finding->entity);
      muster_inventory_append_member (json, texts[i], text);
    }
  append_integer (json, "counted", line != NULL ? muster_entity_get_integer (line, "counted") : 0);
  append_integer (json, "expected",
                  line != NULL ? muster_entity_get_integer (line, "expected") : 0);
  g_string_append_c (json, '}');
}

static gboolean
count_store_scan (Count *self, MusterEntity *scan, MusterEntity *line, GError **error)
{
  const char *actor = muster_actor_to_string (muster_transaction_get_actor (self->transaction));
  g_autofree char *cut =
    g_utf8_substring (actor, 0, MIN (g_utf8_strlen (actor, -1), ACTOR_MAX_LENGTH));

  muster_entity_set_string (scan, "stocktake_id", self->stocktake_id);
  muster_entity_set_string (scan, "line_id", muster_entity_get_id (line));
  muster_entity_set_string (scan, "actor", cut);
  return muster_transaction_insert (self->transaction, scan, error);
}

/* What ENTITY (nullable), which the code stands for, makes of the count. */
static gboolean
count_judge (Count *self, MusterEntity *scan, MusterEntity *entity, GError **error)
{
  const MusterEntityInfo *info = entity != NULL ? muster_entity_get_info (entity) : NULL;
  g_autoptr (MusterEntity) line = NULL;
  Finding finding = { .kind = info != NULL ? info->name : "unknown", .entity = entity };

  if (info == &muster_device_info)
    line = count_unit (self, scan, entity, error);
  else if (info == &muster_product_info &&
           muster_entity_get_enum (entity, "tracking") == MUSTER_TRACKING_SERIAL)
    finding.detail = "its units have records of their own: scan their serial numbers";
  else if (info == &muster_product_info || info == NULL)
    line = count_goods (self, scan, entity, error);
  else if (info != &muster_location_info)
    finding.detail = "is nothing that is counted";
  else if (!g_hash_table_contains (self->places, muster_entity_get_id (entity)))
    finding.detail = "is not within the place that is counted";
  if (*error != NULL || (line != NULL && !count_store_scan (self, scan, line, error)))
    return FALSE;
  finding.line = line;
  count_append (self, scan, &finding);
  return TRUE;
}

/* Whether a scan of that id was taken already; then its row tells how its line is now. */
static gboolean
count_repeat (Count *self, MusterEntity *scan, gboolean *repeated, GError **error)
{
  const char *id = muster_entity_get_id (scan);
  g_autoptr (MusterEntity) known = NULL;
  g_autoptr (MusterEntity) line = NULL;

  *repeated = FALSE;
  if (id == NULL)
    return TRUE;
  known = muster_inventory_find (self->transaction, &muster_stocktake_scan_info, "id", id, error);
  if (known == NULL)
    return *error == NULL;
  *repeated = TRUE;
  line = muster_transaction_get (self->transaction, &muster_stocktake_line_info,
                                 muster_entity_get_string (known, "line_id"), error);
  if (line == NULL)
    return FALSE;
  count_append (self, known, &(Finding){ .kind = "repeated", .line = line });
  return TRUE;
}

static gboolean
count_take (Count *self, guint index, GError **error)
{
  MusterEntity    *scan = self->scans->pdata[index];
  g_autofree char *serial = NULL;
  g_autoptr (MusterEntity) entity = NULL;
  gboolean repeated = FALSE;

  if (!count_check_place (self, index, scan, error) || !count_repeat (self, scan, &repeated, error))
    return FALSE;
  if (repeated)
    return TRUE;
  entity =
    muster_code_find (self->transaction, muster_entity_get_string (scan, "code"), &serial, error);
  if (*error != NULL)
    return FALSE;
  /* The label's secret is not for the records. */
  if (serial != NULL)
    muster_entity_set_string (scan, "code", serial);
  return count_judge (self, scan, entity, error);
}

/* What History calls it. A label's secret does not belong there. */
static char *
count_describe (Count *self)
{
  const char *name = muster_entity_get_string (self->stocktake, "name");
  const char *code = muster_entity_get_string (self->scans->pdata[0], "code");

  if (self->scans->len > 1)
    return g_strdup_printf ("Count %s: %u scans", name, self->scans->len);
  return g_strdup_printf ("Count %s: %s", name,
                          muster_adoption_code_is_one (code) ? "a label" : code);
}

static gboolean
count_run (Count *self, GError **error)
{
  g_autofree char *summary = NULL;

  self->stocktake = muster_count_get_open (self->transaction, self->stocktake_id, error);
  if (self->stocktake == NULL || !count_load_places (self, error))
    return FALSE;
  summary = count_describe (self);
  muster_transaction_set_summary (self->transaction, summary);
  for (guint i = 0; i < self->scans->len; i++)
    if (!count_take (self, i, error))
      return FALSE;
  return TRUE;
}

static gboolean
scan_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Count  *self = data;
  GError *cause = NULL;
  g_autoptr (GString) json = g_string_new ("{\"items\":[");

  self->transaction = transaction;
  if (!count_run (self, &cause))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  g_string_append_printf (json, "%s],\"counts\":", self->json->str);
  if (!muster_count_append_results (transaction, self->stocktake_id, json, error))
    return FALSE;
  g_string_append_c (json, '}');
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

static gpointer
copy_scan (gconstpointer scan, gpointer data)
{
  return muster_entity_copy ((MusterEntity *)scan);
}

DexFuture *
muster_inventory_service_scan (MusterInventoryService *self,
                               MusterActor            *actor,
                               const char             *id,
                               GPtrArray              *scans)
{
  Count *count = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);
  g_return_val_if_fail (scans != NULL && scans->len > 0, NULL);

  count = g_new0 (Count, 1);
  count->stocktake_id = g_strdup (id);
  count->scans = g_ptr_array_copy (scans, copy_scan, NULL);
  g_ptr_array_set_free_func (count->scans, g_object_unref);
  count->json = g_string_new (NULL);
  return muster_inventory_service_write (self, actor, "Count", scan_job, count, count_free);
}
