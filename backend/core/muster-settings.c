/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings"

#include "config.h"

#include "muster-setting-record.h"
#include "muster-settings.h"

#define CONFIG_GROUP "settings"

/* A setting and what it is now. */
typedef struct
{
  const MusterSetting *setting;
  MusterValue          value;
  gboolean             overridden;
} Item;

struct _MusterSettings
{
  GObject parent_instance;

  MusterDatabase *database; /* (owned) */
  GHashTable     *items;    /* (element-type utf8 Item) */
  GPtrArray      *order;    /* (element-type Item) (unowned): as registered */
  DexFuture      *reload;   /* (owned) (nullable): the newest one */
  unsigned        generation;
  guint           loaded : 1;
};

G_DEFINE_FINAL_TYPE (MusterSettings, muster_settings, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
item_free (gpointer data)
{
  Item *self = data;

  muster_value_clear (&self->setting->field, &self->value);
  g_free (self);
}

static gboolean
item_is_secret (const Item *self)
{
  return (self->setting->field.flags & MUSTER_FIELD_SECRET) != 0;
}

/* TEXT NULL: the default. */
static gboolean
item_decode (const Item *self, const char *text, MusterValue *value, GError **error)
{
  const MusterField *field = &self->setting->field;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *pointer = g_strconcat ("/", self->setting->key, NULL);

  *value = (MusterValue){ .is_null = TRUE };
  if (text == NULL && (muster_field_is_text (field) || field->type == MUSTER_FIELD_DOUBLE))
    text = self->setting->default_text;
  else if (text == NULL)
    *value = (MusterValue){ .integer = field->default_value };
  if (text != NULL)
    muster_field_decode_text (field, text, pointer, value, errors);
  return muster_field_errors_check (errors, error);
}

static void
muster_settings_set_value (MusterSettings *self, Item *item, MusterValue *value)
{
  const MusterField *field = &item->setting->field;

  if (muster_value_equal (field, &item->value, value))
    {
      muster_value_clear (field, value);
      return;
    }
  muster_value_clear (field, &item->value);
  item->value = *value;
  if (self->loaded)
    g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (item->setting->key),
                   item->setting->key);
}

/* STORED (element-type utf8 utf8): the values that the database has. */
static void
muster_settings_apply (MusterSettings *self, GHashTable *stored)
{
  for (guint i = 0; i < self->order->len; i++)
    {
      Item *item = self->order->pdata[i];
      g_autoptr (GError) error = NULL;
      MusterValue value;

      if (item->overridden)
        continue;
      if (!item_decode (item, g_hash_table_lookup (stored, item->setting->key), &value, &error))
        {
          g_warning ("the stored setting is not used: %s", error->message);
          item_decode (item, NULL, &value, NULL);
        }
      muster_settings_set_value (self, item, &value);
    }
}

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_setting_info);
  g_autoptr (GPtrArray) records = NULL;
  GHashTable *stored = NULL;

  muster_query_set_limit (query, 0);
  records = muster_transaction_select (transaction, query, error);
  if (records == NULL)
    return FALSE;
  stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < records->len; i++)
    {
      MusterEntity *record = records->pdata[i];
      const char   *text = muster_entity_get_string (record, "secret");

      g_hash_table_insert (stored, g_strdup (muster_entity_get_string (record, "key")),
                           g_strdup (text ? text : muster_entity_get_string (record, "value")));
    }
  g_value_init (result, G_TYPE_HASH_TABLE);
  g_value_take_boxed (result, stored);
  return TRUE;
}

typedef struct
{
  MusterSettings *settings; /* (owned) */
  unsigned        generation;
} Reload;

static void
reload_free (gpointer data)
{
  g_object_unref (((Reload *)data)->settings);
  g_free (data);
}

static DexFuture *
muster_settings_loaded_cb (DexFuture *future, gpointer user_data)
{
  Reload *reload = user_data;

  /* A later one reads what is newer. */
  if (reload->generation == reload->settings->generation)
    muster_settings_apply (reload->settings,
                           g_value_get_boxed (dex_future_get_value (future, NULL)));
  return dex_future_new_true ();
}

static DexFuture *
muster_settings_reload_failed_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  g_warning ("cannot read the settings: %s", error->message);
  return dex_ref (future);
}

static void
muster_settings_start_reload (MusterSettings *self)
{
  Reload    *reload = g_new (Reload, 1);
  DexFuture *future = muster_database_read (self->database, load_job, NULL, NULL);

  *reload = (Reload){ g_object_ref (self), ++self->generation };
  future = dex_future_then (future, muster_settings_loaded_cb, reload, reload_free);
  dex_clear (&self->reload);
  self->reload = dex_future_catch (future, muster_settings_reload_failed_cb, NULL, NULL);
}

static void
muster_settings_record_changed_cb (MusterDatabase         *database,
                                   const MusterEntityInfo *info,
                                   const char             *id,
                                   gpointer                user_data)
{
  MusterSettings *self = user_data;

  if (info == &muster_setting_info && self->loaded)
    muster_settings_start_reload (self);
}

static void
muster_settings_finalize (GObject *object)
{
  MusterSettings *self = MUSTER_SETTINGS (object);

  dex_clear (&self->reload);
  g_clear_object (&self->database);
  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->items);
  G_OBJECT_CLASS (muster_settings_parent_class)->finalize (object);
}

static void
muster_settings_class_init (MusterSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_settings_finalize;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", MUSTER_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
muster_settings_init (MusterSettings *self)
{
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  self->order = g_ptr_array_new ();
}

MusterSettings *
muster_settings_new (MusterDatabase *database)
{
  MusterSettings *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  self = g_object_new (MUSTER_TYPE_SETTINGS, NULL);
  self->database = g_object_ref (database);
  g_signal_connect_object (database, "changed", G_CALLBACK (muster_settings_record_changed_cb),
                           self, G_CONNECT_DEFAULT);
  return self;
}

void
muster_settings_register (MusterSettings *self, const MusterSetting *table)
{
  g_return_if_fail (MUSTER_IS_SETTINGS (self));
  g_return_if_fail (table != NULL);

  for (; table->key != NULL; table++)
    {
      Item *item = g_new0 (Item, 1);
      g_autoptr (GError) error = NULL;

      item->setting = table;
      if (!item_decode (item, NULL, &item->value, &error))
        g_critical ("the default of a setting is wrong: %s", error->message);
      if (g_hash_table_insert (self->items, (gpointer)table->key, item))
        g_ptr_array_add (self->order, item);
      else
        g_critical ("the setting %s is registered twice", table->key);
    }
}

/* What KEY of the file says; NULL with its Item too for a key that is no setting. */
static gboolean
muster_settings_read_override (MusterSettings *self,
                               GKeyFile       *config,
                               const char     *key,
                               Item          **item,
                               MusterValue    *value,
                               GError        **error)
{
  g_autofree char *text = g_key_file_get_string (config, CONFIG_GROUP, key, error);

  *item = g_hash_table_lookup (self->items, key);
  if (text == NULL)
    return FALSE;
  if (*item == NULL || item_decode (*item, text, value, error))
    return TRUE;
  g_prefix_error (error, "configuration file, group [" CONFIG_GROUP "]: ");
  return FALSE;
}

static gboolean
muster_settings_check_overrides (MusterSettings *self,
                                 GKeyFile       *config,
                                 char          **keys,
                                 GError        **error)
{
  for (unsigned i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      Item       *item = NULL;
      MusterValue value;

      if (!muster_settings_read_override (self, config, keys[i], &item, &value, error))
        return FALSE;
      if (item == NULL)
        g_warning ("the configuration file sets %s, which is no setting", keys[i]);
      else
        muster_value_clear (&item->setting->field, &value);
    }
  return TRUE;
}

/* All or nothing: a file with a mistake changes nothing. */
static gboolean
muster_settings_override_all (MusterSettings *self, GKeyFile *config, GError **error)
{
  g_auto (GStrv) keys =
           config != NULL ? g_key_file_get_keys (config, CONFIG_GROUP, NULL, NULL) : NULL;

  if (!muster_settings_check_overrides (self, config, keys, error))
    return FALSE;
  for (guint i = 0; i < self->order->len; i++)
    ((Item *)self->order->pdata[i])->overridden = FALSE;
  for (unsigned i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      Item       *item = NULL;
      MusterValue value;

      if (!muster_settings_read_override (self, config, keys[i], &item, &value, error) ||
          item == NULL)
        continue;
      item->overridden = TRUE;
      muster_settings_set_value (self, item, &value);
    }
  return TRUE;
}

static DexFuture *
muster_settings_first_loaded_cb (DexFuture *future, gpointer user_data)
{
  MUSTER_SETTINGS (user_data)->loaded = TRUE;
  return dex_future_new_true ();
}

DexFuture *
muster_settings_load (MusterSettings *self, GKeyFile *config)
{
  g_autoptr (GError) error = NULL;

  dex_return_error_if_fail (MUSTER_IS_SETTINGS (self));
  dex_return_error_if_fail (!self->loaded);

  if (!muster_settings_override_all (self, config, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_settings_start_reload (self);
  return dex_future_then (dex_ref (self->reload), muster_settings_first_loaded_cb,
                          g_object_ref (self), g_object_unref);
}

DexFuture *
muster_settings_reload (MusterSettings *self, GKeyFile *config)
{
  g_autoptr (GError) error = NULL;

  dex_return_error_if_fail (MUSTER_IS_SETTINGS (self));
  dex_return_error_if_fail (self->loaded);

  if (!muster_settings_override_all (self, config, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_settings_start_reload (self);
  return dex_ref (self->reload);
}

/* The value of KEY; an unknown one is a programmer's error. */
static const Item *
muster_settings_find (MusterSettings *self, const char *key)
{
  const Item *item = g_hash_table_lookup (self->items, key);

  if (item == NULL)
    g_critical ("there is no setting %s", key);
  return item;
}

const char *
muster_settings_get_string (MusterSettings *self, const char *key)
{
  const Item *item = NULL;

  g_return_val_if_fail (MUSTER_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  item = muster_settings_find (self, key);
  if (item == NULL || item->value.is_null)
    return NULL;
  if (item->setting->field.type == MUSTER_FIELD_ENUM)
    return muster_enum_get_nick (item->setting->field.enumeration, item->value.integer);
  g_return_val_if_fail (muster_field_is_text (&item->setting->field), NULL);
  return item->value.text;
}

gint64
muster_settings_get_integer (MusterSettings *self, const char *key)
{
  const Item *item = NULL;

  g_return_val_if_fail (MUSTER_IS_SETTINGS (self), 0);
  g_return_val_if_fail (key != NULL, 0);

  item = muster_settings_find (self, key);
  g_return_val_if_fail (item != NULL && !muster_field_is_text (&item->setting->field) &&
                          item->setting->field.type != MUSTER_FIELD_DOUBLE,
                        0);
  return item->value.is_null ? 0 : item->value.integer;
}

gboolean
muster_settings_get_boolean (MusterSettings *self, const char *key)
{
  return muster_settings_get_integer (self, key) != 0;
}

gboolean
muster_settings_needs_restart (MusterSettings *self, const char *key)
{
  const Item *item = NULL;

  g_return_val_if_fail (MUSTER_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  item = muster_settings_find (self, key);
  return item != NULL && item->setting->needs_restart;
}

/* --- changing --- */

typedef struct
{
  MusterSettings *settings; /* (owned) */
  MusterActor    *actor;    /* (owned) */
  const char     *key;      /* of the table */
  char           *text;     /* (owned) (nullable) */
  gboolean        secret;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_object_unref (self->settings);
  muster_actor_unref (self->actor);
  g_free (self->text);
  g_free (self);
}

static gboolean
store_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_setting_info);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (MusterEntity) record = NULL;

  muster_query_where (query, "key", change->key);
  found = muster_transaction_select (transaction, query, error);
  if (found == NULL)
    return FALSE;
  if (change->text == NULL)
    return found->len == 0 ||
           muster_transaction_delete (transaction, &muster_setting_info,
                                      muster_entity_get_id (found->pdata[0]), 0, error);
  record =
    found->len > 0 ? g_object_ref (found->pdata[0]) : muster_entity_new (&muster_setting_info);
  muster_entity_set_string (record, "key", change->key);
  muster_entity_set_string (record, "value", change->secret ? NULL : change->text);
  muster_entity_set_string (record, "secret", change->secret ? change->text : NULL);
  return found->len > 0 ? muster_transaction_update (transaction, record, 0, error)
                        : muster_transaction_insert (transaction, record, error);
}

static DexFuture *
muster_settings_set_fiber (gpointer data)
{
  Change          *change = data;
  g_autofree char *operation = g_strconcat ("Set ", change->key, NULL);
  g_autoptr (GError) error = NULL;

  /* The change makes the settings be read again before the write resolves. */
  if (!dex_await (muster_database_write (change->settings->database, change->actor, operation,
                                         store_job, change, NULL),
                  &error) ||
      !dex_await (dex_ref (change->settings->reload), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_true ();
}

DexFuture *
muster_settings_set_text (MusterSettings *self,
                          MusterActor    *actor,
                          const char     *key,
                          const char     *text)
{
  g_autoptr (GError) error = NULL;
  Item       *item = NULL;
  Change     *change = NULL;
  MusterValue value;

  dex_return_error_if_fail (MUSTER_IS_SETTINGS (self));
  dex_return_error_if_fail (actor != NULL && key != NULL);
  dex_return_error_if_fail (self->loaded);

  item = g_hash_table_lookup (self->items, key);
  if (item == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no setting %s",
                                  key);
  if (item->overridden)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "%s is set in the configuration file: change it there", key);
  if (!item_decode (item, text, &value, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_value_clear (&item->setting->field, &value);
  change = g_new (Change, 1);
  *change = (Change){ g_object_ref (self), muster_actor_ref (actor), item->setting->key,
                      g_strdup (text), item_is_secret (item) };
  return dex_scheduler_spawn (NULL, 0, muster_settings_set_fiber, change, change_free);
}

/* --- JSON --- */

static const char *
type_name (MusterFieldType type)
{
  switch (type)
    {
    case MUSTER_FIELD_INTEGER:
      return "integer";
    case MUSTER_FIELD_DOUBLE:
      return "double";
    case MUSTER_FIELD_BOOLEAN:
      return "boolean";
    case MUSTER_FIELD_ENUM:
      return "enum";
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_TIME:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      return "string";
    }
}

static void
append_text (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
append_nicks (GString *json, const MusterEnum *enumeration)
{
  g_string_append (json, ",\"values\":[");
  for (unsigned i = 0; i < muster_enum_get_count (enumeration); i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "",
                            muster_enum_get_nick (enumeration, i));
  g_string_append_c (json, ']');
}

static void
append_item (GString *json, const Item *item)
{
  static const MusterValue null_value = { .is_null = TRUE };
  const MusterField       *field = &item->setting->field;
  MusterValue              fallback;

  g_string_append (json, "{\"key\":");
  muster_json_append_string (json, item->setting->key, -1);
  g_string_append (json, ",\"value\":");
  muster_field_encode_value (field, item_is_secret (item) ? &null_value : &item->value, json);
  g_string_append (json, ",\"default\":");
  item_decode (item, NULL, &fallback, NULL);
  muster_field_encode_value (field, &fallback, json);
  muster_value_clear (field, &fallback);
  append_text (json, "type", type_name (field->type));
  if (field->type == MUSTER_FIELD_ENUM)
    append_nicks (json, field->enumeration);
  append_text (json, "unit", field->unit);
  append_text (json, "label", field->label);
  append_text (json, "doc", field->doc);
  g_string_append_printf (json, ",\"overridden\":%s,\"needs_restart\":%s,\"secret\":%s}",
                          item->overridden ? "true" : "false",
                          item->setting->needs_restart ? "true" : "false",
                          item_is_secret (item) ? "true" : "false");
}

void
muster_settings_encode (MusterSettings *self, GString *json)
{
  g_return_if_fail (MUSTER_IS_SETTINGS (self));
  g_return_if_fail (json != NULL);

  g_string_append (json, "{\"items\":[");
  for (guint i = 0; i < self->order->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_item (json, self->order->pdata[i]);
    }
  g_string_append (json, "]}");
}
